// key-format - the page describes the format well enough: a reader written from it alone accepts its examples.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';

const page = fs.readFileSync(new URL('../../../docs/key-format.md', import.meta.url), 'utf8');
const pattern = /\bmk_(test|live|admin)_[0-9A-Za-z]{14}_[0-9A-Za-z]{49}\b/g;
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function crc32c(text) {
    let crc = 0xffffffff;
    for (const byte of Buffer.from(text)) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
    }
    return (crc ^ 0xffffffff) >>> 0;
}

function base62(value) {
    let text = '';
    for (let i = 0; i < 6; i++, value = Math.floor(value / 62)) text = digits[value % 62] + text;
    return text;
}

test('key_format_page_has_the_check_value_of_crc32c', () => {
    assert.equal(crc32c('123456789').toString(16), 'e3069283');
});

test('key_format_page_shows_keys_whose_checksum_holds', () => {
    const keys = page.match(pattern);
    assert.equal(keys.length, 3);
    for (const key of keys) {
        assert.equal(key.length, key.startsWith('mk_admin_') ? 73 : 72);
        assert.equal(key.slice(-6), base62(crc32c(key.slice(0, -6))));
    }
});

test('key_format_page_names_its_own_pattern', () => {
    assert.ok(page.includes(pattern.source));
});
