// gateway.mjs - nginx with Keyward and without, alike in all else, and the processor time that a request costs each.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { worker } from '../../tools/run/folder.mjs';
import { build } from './state.mjs';

const lua = path.join(path.dirname(new URL(import.meta.url).pathname), 'keys.lua');
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What the API behind the gateway answers: a small JSON object. */
const ANSWER = '{"statusCode":200,"message":"ok","data":{"balance":100000}}';

function configuration(it, http) {
    const modules = it.keyward ? [path.join(build, 'ngx_http_keyward_module.so'), ...it.modules] : it.modules;
    return `${modules.map((each) => `load_module ${each};`).join('\n')}
daemon off;
${worker.name === undefined ? '' : `user ${worker.name};`}
worker_processes ${it.workers};
pid ${it.folder}/pid;
error_log ${it.folder}/error.log warn;
events { worker_connections 1024; }
http {
    access_log off;
    keepalive_requests 1000000000;
    ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((each) => `${each}_temp_path ${it.folder}/${each};`).join('\n    ')}
    ${http}
}
`;
}

/** Waits until somebody listens. */
export async function connects(gateway) {
    const once = () => new Promise((resolve) => {
        const socket = gateway.port === undefined ? net.connect(gateway.socket) : net.connect(gateway.port, '127.0.0.1');
        socket.on('connect', () => resolve(true) || socket.end()).on('error', () => resolve(false));
    });
    for (let i = 0; !(await once()); i++) {
        if (i > 400) throw new Error(`${gateway.name} does not listen; see ${gateway.folder}`);
        await pause(25);
    }
}

/** Nanoseconds that these processes have run, all their threads. */
function cpuNs(pids) {
    const threads = pids.flatMap((pid) => fs.readdirSync(`/proc/${pid}/task`).map((tid) => `/proc/${pid}/task/${tid}/schedstat`));
    return threads.reduce((sum, file) => sum + Number(fs.readFileSync(file, 'utf8').split(' ')[0]), 0);
}

/** One nginx in a folder of its own. */
export class Nginx {
    constructor(name, home, { workers = 1, keyward, modules = [] } = {}) {
        Object.assign(this, { name, workers, keyward, modules, folder: path.join(home, name) });
        fs.rmSync(this.folder, { recursive: true, force: true }); // of another part of the run
        fs.mkdirSync(this.folder, { mode: 0o711 });
        this.socket = path.join(this.folder, 'sock');
    }

    async start(http) {
        const file = path.join(this.folder, 'nginx.conf');
        fs.writeFileSync(file, configuration(this, http));
        this.child = spawn('nginx', ['-e', `${this.folder}/error.log`, '-c', file], { stdio: 'inherit' });
        await connects(this);
        const { stdout } = await promisify(execFile)('pgrep', ['-P', String(this.child.pid)]);
        this.pids = stdout.split('\n').filter(Boolean);
    }

    async stop() {
        if (this.child === undefined) return;
        this.child.kill('SIGQUIT');
        await once(this.child, 'exit');
    }
}

/** The API: an nginx that answers at once, over a unix socket. */
export async function startApi(home) {
    const api = new Nginx('api', home);
    await api.start(`server { listen unix:${api.socket}; location / { default_type application/json; return 200 '${ANSWER}'; } }`);
    return api;
}

/** A gateway in front of it: proxying at /api/, and a small file at /api/v1/wallet/me of the static server. */
export async function startGateway(name, home, { api, port, kind, run, workers = 1 }) {
    const gateway = new Nginx(name, home, { workers, keyward: run !== undefined });
    gateway.port = port;
    const files = path.join(gateway.folder, 'files');
    fs.mkdirSync(path.join(files, 'api/v1/wallet'), { recursive: true, mode: 0o755 });
    fs.writeFileSync(path.join(files, 'api/v1/wallet/me'), ANSWER);
    const answer = kind === 'static'
        ? `root ${files}; open_file_cache max=10;`
        : 'proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection "";';
    await gateway.start(`upstream api { server unix:${api.socket}; keepalive 32; }
    ${run === undefined ? '' : `keyward_state ${run};`}
    server {
        listen 127.0.0.1:${port};
        ${run === undefined ? '' : 'keyward_environment sandbox;'}
        location / { ${run === undefined ? '' : 'keyward on;'} ${answer} }
    }`);
    return gateway;
}

/** Sends requests with random keys for some seconds, `hostile` of a hundred with one of the keys in the file `wrong`;
 * {requests, refused, cpuNs: per request, rate, p50Us, p99Us}. */
export async function load(gateway, keys, { seconds, connections = 16, threads = 1, hostile = 0, wrong = keys }) {
    const before = cpuNs(gateway.pids);
    const args = ['-t', String(threads), '-c', String(connections), '-d', `${seconds}s`, '-s', lua,
        `http://127.0.0.1:${gateway.port}/api/v1/wallet/me`, '--', keys, wrong, String(hostile)];
    const { stdout } = await promisify(execFile)('wrk', args, { maxBuffer: 1 << 24 });
    const [requests, failed, refused, us, p50Us, p99Us] = /figures (.*)/.exec(stdout)[1].split(' ').map(Number);
    if (failed > 0 || (hostile === 0 && refused > 0))
        throw new Error(`of ${requests} requests to ${gateway.name}, ${failed} failed and ${refused} were refused`);
    return { requests, refused, cpuNs: (cpuNs(gateway.pids) - before) / requests, rate: requests / (us / 1e6), p50Us, p99Us };
}
