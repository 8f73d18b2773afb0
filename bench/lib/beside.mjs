// beside.mjs - other ways to protect the same API with keys, on the same machine: what nginx can do by itself, a script
// in nginx, and proxies that ask us. Each is a gateway: {pids, port, socket?, stop()}.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { freePort } from '../../tools/run/stack.mjs';
import { connects, Nginx } from './gateway.mjs';

const MODULES = '/usr/lib/nginx/modules';
const script = path.dirname(new URL(import.meta.url).pathname);
const proxied = 'proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection "";';
const upstream = (api) => `upstream api { server unix:${api.socket}; keepalive 32; }`;

async function startNginx(name, home, { http, keyward, modules }) {
    const gateway = new Nginx(name, home, { keyward, modules });
    gateway.port = await freePort();
    await gateway.start(http(gateway));
    return gateway;
}

const server = (gateway, inside) => `server { listen 127.0.0.1:${gateway.port}; ${inside} }`;

/** No protection at all: what all others are compared with. */
export const bare = ({ home, api }) => startNginx('bare', home, {
    http: (it) => `${upstream(api)} ${server(it, `location / { ${proxied} }`)}`,
});

export const keyward = ({ home, api, run }) => startNginx('keyward', home, {
    keyward: true,
    http: (it) => `${upstream(api)} keyward_state ${run};
        ${server(it, `keyward_environment sandbox; location / { keyward on; ${proxied} }`)}`,
});

/** The keys in the configuration itself, as many do it by hand; a rate per key, and nothing on any record. */
export const map = ({ home, api, keys }) => startNginx('map', home, {
    http: (it) => {
        const list = path.join(it.folder, 'keys.map');
        const line = (key, i) => `${key} consumer-${i};\n`;
        fs.writeFileSync(list, fs.readFileSync(keys, 'utf8').trim().split('\n').map(line).join(''));
        return `${upstream(api)} map_hash_bucket_size 256; map_hash_max_size 65536;
            map $http_x_api_key $consumer { default ""; include ${list}; }
            limit_req_zone $consumer zone=keys:10m rate=1000000r/s;
            ${server(it, `location / { if ($consumer = "") { return 401; } limit_req zone=keys burst=1000000 nodelay;
                proxy_set_header X-Consumer $consumer; proxy_set_header x-api-key ""; ${proxied} }`)}`;
    },
});

/** A script in the style of Kong's plugins: kong_style.lua. */
export const lua = ({ home, api, keys }) => startNginx('lua', home, {
    modules: ['ndk_http_module.so', 'ngx_http_lua_module.so'].map((each) => path.join(MODULES, each)),
    http: (it) => `${upstream(api)} lua_package_path "${script}/?.lua;/usr/share/lua/5.1/?.lua;;";
        lua_shared_dict known 64m; lua_shared_dict counters 64m;
        init_by_lua_block { gate = require "kong_style"; gate.load("${keys}") }
        ${server(it, `location / { access_by_lua_block { gate.check() } header_filter_by_lua_block { gate.headers() } ${proxied} }`)}`,
});

/** Our forward-auth location, on a unix socket, for the two that ask it. */
const asked = (name, { home, run }) => startNginx(name, home, {
    keyward: true,
    http: (it) => `keyward_state ${run}; server { listen unix:${it.folder}/ask; listen 127.0.0.1:${it.port};
        keyward_environment sandbox; location = /authorize { keyward_authorize; keyward_trust ::1 127.0.0.1; } }`,
});

/** Both together cost what a request costs. */
const together = (gateway, other) => ({
    name: gateway.name, port: gateway.port, pids: [...gateway.pids, ...other.pids],
    async stop() { await gateway.stop(); await other.stop(); },
});

export async function authRequest(scene) {
    const ours = await asked('asked-by-nginx', scene);
    const gateway = await startNginx('auth-request', scene.home, {
        http: (it) => `${upstream(scene.api)} upstream ask { server unix:${ours.folder}/ask; keepalive 32; }
            ${server(it, `location / { auth_request /_ask; auth_request_set $who $upstream_http_x_keyward_account;
                proxy_set_header X-Keyward-Account $who; ${proxied} }
                location = /_ask { internal; proxy_pass http://ask/authorize; proxy_http_version 1.1;
                    proxy_pass_request_body off; proxy_set_header Content-Length ""; proxy_set_header Connection "";
                    proxy_set_header X-Forwarded-Method $request_method; proxy_set_header X-Forwarded-Uri $request_uri;
                    proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Host $host;
                    proxy_set_header X-Forwarded-Proto https; }`)}`,
    });
    return together(gateway, ours);
}

class Caddy {
    constructor(name, home, inside) {
        Object.assign(this, { name, inside, folder: path.join(home, name) });
        fs.rmSync(this.folder, { recursive: true, force: true });
        fs.mkdirSync(this.folder);
    }

    async start() {
        const file = path.join(this.folder, 'Caddyfile');
        this.port = await freePort();
        fs.writeFileSync(file, `{
    admin off
    auto_https off
    storage file_system ${this.folder}
}
http://127.0.0.1:${this.port}, http://api.example:${this.port} {
    bind 127.0.0.1
    ${this.inside}
}
`);
        const env = { ...process.env, HOME: this.folder, GOMAXPROCS: '1' };
        const log = fs.openSync(path.join(this.folder, 'log'), 'a');
        this.child = spawn('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], { env, stdio: ['ignore', log, log] });
        fs.closeSync(log);
        this.pids = [String(this.child.pid)];
        await connects(this);
        return this;
    }

    async stop() {
        this.child.kill('SIGTERM');
        await once(this.child, 'exit');
    }
}

/** Caddy alone, and asking us: its own pair. */
export const caddy = ({ home, api }) => new Caddy('caddy', home, `reverse_proxy unix/${api.socket}`).start();

export async function caddyAsking(scene) {
    const ours = await asked('asked-by-caddy', scene);
    const gateway = await new Caddy('caddy-asking', scene.home, `forward_auth 127.0.0.1:${ours.port} {
        uri /authorize
        header_up X-Forwarded-Proto https
        copy_headers X-Keyward-Key-Id X-Keyward-Account X-Keyward-Environment X-Keyward-Permissions X-Request-Id
    }
    reverse_proxy unix/${scene.api.socket}`).start();
    return together(gateway, ours);
}
