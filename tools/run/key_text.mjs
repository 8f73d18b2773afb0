// key_text.mjs - keys that look right and are not: other secrets, other ids, with a checksum that holds. The form of a key
// is described in docs/key-format.md.
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECK = 6;

/** Of a text or of bytes. */
export function crc32c(data) {
    let crc = 0xffffffff;
    for (const byte of Buffer.from(data)) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
    }
    return (crc ^ 0xffffffff) >>> 0;
}

function checked(text) {
    let value = crc32c(text), digits = '';
    for (let i = 0; i < CHECK; i++, value = Math.floor(value / 62)) digits = ALPHABET[value % 62] + digits;
    return text + digits;
}

const another = (letter) => (letter === 'a' ? 'b' : 'a');

/** The same id with another secret. */
export function otherSecret(key) {
    const body = key.slice(0, -CHECK);
    return checked(body.slice(0, -1) + another(body.at(-1)));
}

/** The same secret with another id. */
export function unknownId(key) {
    const [brand, environment, id, rest] = key.split('_');
    return checked([brand, environment, another(id[0]) + id.slice(1), rest.slice(0, -CHECK)].join('_'));
}
