// lint - the checks of our own find what they are for, and are quiet about what is right.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';

const tools = fileURLToPath(new URL('../../../tools/', import.meta.url));

function said(t, tool, files) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'keyward-lint-'));
    t.after(() => fs.rmSync(folder, {recursive: true}));
    for (const [name, text] of Object.entries(files)) {
        fs.mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
        fs.writeFileSync(path.join(folder, name), text);
    }
    const {stdout, stderr} = spawnSync(path.join(tools, tool), [folder], {encoding: 'utf8'});
    assert.equal(stderr, '');
    return stdout;
}

const layers = 'base:\ncore: base\nengine: base core\nnginx:\n';
const right = {
    'a layer below': ['src/engine/a.c', '#include "core/key.h"'],
    'its own layer': ['src/core/a.c', '#include "core/key.h"'],
    'a public header': ['src/base/a.c', '#include <keyward/err.h>'],
    'a public header, in nginx': ['src/nginx/a.c', '#include <keyward/keyward.h>'],
    'a header of the system': ['src/core/a.c', '#include <sys/stat.h>'],
    'a header of its own folder': ['src/nginx/a.c', '#include "module.h"'],
};
const wrong = {
    'a layer above': ['src/base/a.c', '#include "core/key.h"'],
    'a layer above, in a header': ['src/base/a.h', '#include "core/key.h"'],
    'a layer above in angle brackets': ['src/base/a.c', '#include <core/key.h>'],
    'a layer above with odd blanks': ['src/base/a.c', ' # include\t"core/key.h"'],
    'a layer that nobody knows': ['src/core/a.c', '#include "misc/x.h"'],
    'a layer below, in nginx': ['src/nginx/a.c', '#include "base/str.h"'],
    'a folder that is no layer': ['src/misc/a.c', 'int x;'],
};

test('check_layers_accepts', async (t) => {
    for (const [why, [file, line]] of Object.entries(right))
        await t.test(why, (t) => assert.equal(said(t, 'check-layers', {'src/LAYERS': layers, [file]: `${line}\n`}), ''));
});

test('check_layers_refuses', async (t) => {
    for (const [why, [file, line]] of Object.entries(wrong))
        await t.test(why, (t) => assert.match(said(t, 'check-layers', {'src/LAYERS': layers, [file]: `${line}\n`}), /^src\//));
});

const harmless = {
    'a longer name': 'my_strcpy(a, b); strcpy_s(a);',
    'a string': 'say("strcpy(a, b)");',
    'a comment': '/* strcpy(a, b) */',
    'a comment of several lines': '/* of old:\n * strcpy(a, b)\n * and so on */',
    'a comment to the end of the line': '// strcpy(a, b)',
    'the function with a limit': 'snprintf(buf, sizeof buf, "%d", x);',
    'a constant script': 'sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);',
    'parameters': 'prepare(db, "SELECT x FROM y WHERE z = ?1");',
    'memcmp of what is no secret': 'if (memcmp(a.p, b.p, n) == 0)',
};
const harmful = {
    'strcpy': 'strcpy(a, b);',
    'strcpy with a blank': 'strcpy (a, b);',
    'strcpy behind a comment': '/* ok */ strcpy(a, b);',
    'strcpy behind the end of a comment': '/* one\n two */ strcpy(a, b);',
    'strcpy behind a string with a quote': 'say("\\""), strcpy(a, b);',
    'the second of two': 'f(atoi(s));',
    'system': 'system("rm x");',
    'sqlite3_mprintf': 'char *sql = sqlite3_mprintf("%Q", name);',
    'a text put together': 'sqlite3_exec(db, buf.p, NULL, NULL, NULL);',
    'SQL put together': 'snprintf(sql, n, "SELECT x FROM y WHERE z = \'%s\'", name);',
    'memcmp of a secret': 'return memcmp(a->secret, b->secret, 32) == 0;',
    'memcmp of a digest': 'return memcmp(want.digest, got, 32) == 0;',
};

test('check_banned_accepts', async (t) => {
    for (const [why, code] of Object.entries(harmless))
        await t.test(why, (t) => assert.equal(said(t, 'check-banned', {'src/base/a.c': `${code}\n`}), ''));
});

test('check_banned_refuses_and_says_what_instead', async (t) => {
    for (const [why, code] of Object.entries(harmful))
        await t.test(why, (t) => assert.match(said(t, 'check-banned', {'src/base/a.c': `${code}\n`}), /^src\/base\/a\.c:\d+: .*: use /));
});

/* A build with a shared and a static library of these functions, and headers that promise kw_open and kw_close. */
function symbolsOf(t, code, hidden = '') {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'keyward-symbols-'));
    const at = (name) => path.join(folder, name);
    const run = (...command) => assert.equal(spawnSync(command[0], command.slice(1)).status, 0, command.join(' '));
    t.after(() => fs.rmSync(folder, {recursive: true}));
    fs.mkdirSync(at('include/keyward'), {recursive: true});
    fs.writeFileSync(at('include/keyward/a.h'), 'KW_API enum kw_err kw_open(const char *dir,\n    int x);\nKW_API void kw_close(void);\n');
    fs.writeFileSync(at('a.c'), `${code}\n__attribute__((visibility("hidden"))) ${hidden || 'int unused;'}\n`);
    run('gcc', '-fPIC', '-c', at('a.c'), '-o', at('a.o'));
    run('gcc', '-shared', at('a.o'), '-o', at('libkeyward.so.0'));
    run('ar', '-cr', at('engine.a'), at('a.o'));
    run(path.join(tools, 'merge-archive'), at('engine.a'), at('libkeyward.a'));
    const {stdout} = spawnSync(path.join(tools, 'check-symbols'), [folder, at('include')], {encoding: 'utf8'});
    return stdout.replaceAll(`${folder}/`, '').trim().split('\n').sort();
}

test('check_symbols_is_quiet_where_promises_are_kept_and_the_rest_is_hidden', (t) => {
    assert.deepEqual(symbolsOf(t, 'void kw_open(void) {} void kw_close(void) {}', 'void str_cut(void) {}'), ['']);
});

test('check_symbols_names_what_is_shown_and_not_promised', (t) => {
    assert.deepEqual(symbolsOf(t, 'void kw_open(void) {} void kw_close(void) {} int str_cut, kw_more = 1;'),
        ['libkeyward.a shows kw_more', 'libkeyward.a shows str_cut', 'libkeyward.so.0 shows kw_more', 'libkeyward.so.0 shows str_cut']);
});

test('check_symbols_names_what_is_promised_and_not_there', (t) => {
    assert.deepEqual(symbolsOf(t, 'void kw_open(void) {}', 'void kw_close(void) {}'),
        ['libkeyward.a lacks kw_close', 'libkeyward.so.0 lacks kw_close']);
});

test('check_asvs_accepts_ours_and_names_what_is_not_shown', (t) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'keyward-asvs-')), root = path.join(tools, '..');
    t.after(() => fs.rmSync(folder, {recursive: true}));
    const say = (at) => spawnSync(process.execPath, [path.join(tools, 'check-asvs'), at], {encoding: 'utf8'}).stdout;
    const ours = fs.readFileSync(path.join(root, 'docs/asvs.md'), 'utf8');
    const saidOf = (page) => {
        fs.writeFileSync(path.join(folder, 'docs/asvs.md'), page);
        return say(folder);
    };
    fs.mkdirSync(path.join(folder, 'docs'));
    fs.symlinkSync(path.join(root, 'test'), path.join(folder, 'test'));
    assert.equal(say(root), '');
    assert.equal(saidOf(ours), '');
    assert.equal(saidOf(ours.replaceAll('`a_source_has_fifty`', '`a_source_has_sixty`')), 'docs/asvs.md: 6.3.1: there is no test a_source_has_sixty in test/unit/jobs/attempts.c\n');
    assert.match(saidOf(ours.replace(/^\| 7\.3\.2 .*\n/m, '')), /^docs\/asvs\.md lacks 7\.3\.2\n$/);
    assert.match(saidOf(ours.replace(/^\| 7\.3\.2 .*\n/m, '$&$&')), /has a row twice/);
    assert.match(saidOf(ours.replace(/^(\| 7\.3\.2 .*\| ).*\|$/m, '$1 |')), /7\.3\.2: says what is met, and not what shows it/);
    assert.match(saidOf(ours.replace(/^(\| 6\.2\.12 .*\*\*no\*\*).*\|$/m, '$1 | |')), /6\.2\.12: is not met, and does not say why/);
});

test('check_contract_accepts_ours_and_refuses_a_broken_copy', (t) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'keyward-contract-'));
    t.after(() => fs.rmSync(folder, {recursive: true}));
    const ours = path.join(tools, '../api/openapi.yaml'), copy = path.join(folder, 'openapi.yaml'), text = fs.readFileSync(ours, 'utf8');
    const say = (file) => spawnSync(path.join(tools, 'check-contract'), [file], {encoding: 'utf8'});
    assert.deepEqual([say(ours).status, say(ours).stdout], [0, '']);
    fs.writeFileSync(copy, text.replace('schemas/KeyPage"', 'schemas/KeyPag"').replace('      tags: [Policy]\n', ''));
    const {status, stdout} = say(copy);
    assert.equal(status, 1);
    assert.match(stdout, /invalid-ref/);
    assert.match(stdout, /operation-tags/);
});
