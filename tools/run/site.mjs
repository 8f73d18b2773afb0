// site.mjs - the nginx sites of packaging/nginx as a run, or a test, needs them: other names, ports and paths, the same
// text otherwise.
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');
const shipped = path.join(root, 'packaging/nginx');
const www = path.join(root, 'packaging/www');

/** The text of a file, with all of [[from, to]…] replaced; each must be there. */
export function site(name, replacements) {
    const text = fs.readFileSync(path.join(shipped, name), 'utf8');
    return replacements.reduce((before, [from, to]) => {
        if (!before.includes(from)) throw new Error(`${name} has no "${from}"`);
        return before.replaceAll(from, to);
    }, text);
}

/* Whatever the umask is. */
function copyReadable(from, to, names) {
    fs.mkdirSync(to, { recursive: true });
    fs.chmodSync(to, 0o755);
    for (const name of names) {
        fs.copyFileSync(path.join(from, name), path.join(to, name));
        fs.chmodSync(path.join(to, name), 0o644);
    }
}

/** Puts what the sites include, and the page, beside the nginx.conf of that folder: nginx's user may not be able to read
 *  where we lie. */
export function copyParts(folder) {
    copyReadable(shipped, path.join(folder, 'snippets'), ['keyward-tls.conf', 'keyward-headers.conf', 'keyward-errors.conf']);
    copyReadable(www, path.join(folder, 'www'), fs.readdirSync(www));
}

/** The servers of a site, as texts, and what stands before the first. */
function parts(text) {
    const [head, ...servers] = text.split(/^server \{$/m);
    return { head, servers: servers.map((server) => `server {${server}`) };
}

/** What stands in http for all sites. */
export const common = (state) => site('keyward.conf', [['/run/keyward', state]]);

/** The dashboard's site alone, without its port 80: `at` is {listen (the whole directive's value), names, certificate, key,
 *  socket, log, page (its folder)}. */
export function dashboard({ listen, names, certificate, key, socket, log, page }) {
    const text = site('keyward-management.conf', [
        ['/etc/keyward/tls/keyward.example.com.crt', certificate],
        ['/etc/keyward/tls/keyward.example.com.key', key],
        ['keyward.example.com', names],
        ['/run/keyward/http.sock', socket],
        ['/var/log/nginx/keyward.log', log],
        ['@WWW@', page],
        ['    listen [::]:443 ssl http2;\n', ''],
        ['listen 443 ssl http2', `listen ${listen}`],
    ]);
    const { head, servers } = parts(text);
    return head + servers[0];
}

/** The server that turns other names away: {listen, log}. */
export function stranger({ listen, log, names = '_' }) {
    const text = site('keyward-default.conf', [
        ['    listen [::]:443 ssl http2 default_server;\n', ''],
        ['listen 443 ssl http2 default_server', `listen ${listen}`],
        ['server_name _', `server_name ${names}`],
        ['/var/log/nginx/keyward.log', log],
    ]);
    return parts(text).servers[0];
}
