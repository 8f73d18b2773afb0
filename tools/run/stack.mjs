// stack.mjs - everything that a run needs, started in order, kept alive, stopped in order: keyward serve, the sandbox
// API, nginx with the module.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { prepare, worker } from './folder.mjs';
import { configuration } from './nginx_conf.mjs';
import { copyParts } from './site.mjs';

const RESTART_MS = 200, READY_MS = 20_000;
const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');
const build = process.env.KEYWARD_BUILD ?? path.join(root, 'build');
const program = path.join(build, 'keyward');
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A free port of the loopback address. */
export async function freePort() {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    server.close();
    await once(server, 'close');
    return port;
}

async function refuseTaken(port, variable) {
    const server = net.createServer().listen(port, '127.0.0.1');
    try {
        await once(server, 'listening');
    } catch {
        throw new Error(`port ${port} is in use: stop what listens there, or name another with ${variable}=…`);
    }
    server.close();
    await once(server, 'close');
}

/** One program that is started again, shortly after it has died, until it is stopped. It leads a process group of its own,
 *  so that Ctrl-C reaches it through us, in order. */
class Kept {
    constructor(name, command, args, log, gid) {
        Object.assign(this, { name, command, args, log, gid, stopping: false });
        this.start();
    }
    start() {
        const output = fs.openSync(this.log, 'a');
        this.child = spawn(this.command, this.args, { detached: true, gid: this.gid, stdio: ['ignore', output, output] });
        fs.closeSync(output);
        this.child.on('error', (error) => console.error(`${this.name}: ${error.message}`));
        this.child.on('exit', (code, signal) => this.ended(code ?? signal));
    }
    async ended(how) {
        if (this.stopping) return;
        console.error(`${this.name} ended (${how}); starting it again; see ${this.log}`);
        await pause(RESTART_MS);
        if (!this.stopping) this.start();
    }
    async stop(signal = 'SIGTERM') {
        this.stopping = true;
        if (this.child.exitCode !== null || this.child.signalCode !== null) return;
        this.child.kill(signal);
        await once(this.child, 'exit');
    }
}

async function until(what, log, isReady) {
    const end = Date.now() + READY_MS;
    while (!(await isReady())) {
        if (Date.now() > end) throw new Error(`${what} is not ready after ${READY_MS / 1000} s; see ${log}`);
        await pause(25);
    }
}

const connects = (target) => new Promise((resolve) => {
    const socket = net.connect(target);
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false)).on('close', () => socket.destroy());
    socket.on('connect', () => socket.end());
});

export class Stack {
    /** Options: folder, sandboxPort, productionPort, dashboardPort. */
    constructor({ folder, sandboxPort, productionPort, dashboardPort }) {
        Object.assign(this, prepare(folder), { sandboxPort, productionPort, dashboardPort, kept: [] });
        const tls = path.join(this.folder, 'tls');
        this.authority = path.join(tls, 'ca.crt');
        this.certificate = path.join(tls, 'server.crt');
        this.key = path.join(tls, 'server.key');
        this.socket = path.join(this.shared, 'admin.sock');
        this.module = path.join(build, 'ngx_http_keyward_module.so');
    }

    /** Runs the command line against this run; its output. Throws what it says when it fails. */
    async keyward(...args) {
        const env = { ...process.env, KEYWARD_SOCKET: this.socket };
        try {
            return (await promisify(execFile)(program, args, { env, maxBuffer: 1 << 28 })).stdout;
        } catch (error) {
            throw new Error(error.stderr || error.message, { cause: error });
        }
    }

    keep(name, command, args, gid) {
        const log = path.join(this.folder, `${name}.log`);
        this.kept.push(new Kept(name, command, args, log, gid));
        return log;
    }

    async startServe() {
        const file = path.join(this.folder, 'keyward.yaml');
        /* Anew at every start: ports may be others than the time before. */
        fs.writeFileSync(file, `etc_dir: .\nstate_dir: state\nrun_dir: ${this.shared}\nbrand: mk\npublic_url: ${this.dashboardUrl}\n` +
            `sandbox_url: ${this.url(this.sandboxPort)}\nproduction_url: ${this.url(this.productionPort)}\n` +
            (worker.name === undefined ? '' : `verify_group: ${worker.name}\n`), { mode: 0o644 });
        if (!fs.existsSync(path.join(this.folder, 'keys', 'master.key'))) await this.keyward('init', '--config', file);
        const log = this.keep('serve', program, ['serve', '--config', file]);
        await until('keyward serve', log, () => this.keyward('health').then(() => true, () => false));
    }

    async startApi() {
        const socket = path.join(this.folder, 'api.sock');
        /* In the group of nginx's workers, as its socket then is: nobody else may say who he is to it. */
        const log = this.keep('api', path.join(build, 'sandbox-api'), ['--socket', socket, '--mode', '0660'], worker.gid);
        await until('the sandbox API', log, () => connects({ path: socket }));
    }

    /** For localhost; one that is there and good stays, so that it has to be trusted once. */
    async makeCertificate() {
        const args = [path.dirname(this.certificate)];
        await promisify(execFile)(path.join(root, 'tools', 'dev-certificate'), args).catch((error) => {
            throw new Error(error.stderr || error.message, { cause: error });
        });
    }

    async startNginx() {
        const own = path.join(this.folder, 'nginx'), file = path.join(own, 'nginx.conf');
        fs.mkdirSync(own, { recursive: true, mode: 0o711 });
        copyParts(own);
        fs.writeFileSync(file, configuration(this));
        const args = ['-e', path.join(own, 'error.log'), '-c', file];
        await promisify(execFile)('nginx', ['-t', '-q', ...args]).catch((error) => {
            throw new Error(`nginx refuses its configuration: ${error.stderr}`);
        });
        const log = this.keep('nginx', 'nginx', args);
        for (const port of [this.sandboxPort, this.productionPort, this.dashboardPort])
            await until('nginx', log, () => connects({ port, host: '127.0.0.1' }));
    }

    async start(tell = () => {}) {
        await refuseTaken(this.sandboxPort, 'SANDBOX_PORT');
        await refuseTaken(this.productionPort, 'PRODUCTION_PORT');
        await refuseTaken(this.dashboardPort, 'DASHBOARD_PORT');
        tell('starting keyward serve');
        await this.startServe();
        tell('putting the route policy of the Monei API in force');
        await this.keyward('policy', 'apply', path.join(root, 'examples', 'monei-policy.yaml'));
        tell('starting the sandbox API');
        await this.startApi();
        tell('making a certificate for localhost');
        await this.makeCertificate();
        tell('starting nginx');
        await this.startNginx();
    }

    /** In the opposite order: no request finds its way to something that has gone. */
    async stop() {
        for (const each of this.kept.reverse()) await each.stop(each.name === 'nginx' ? 'SIGQUIT' : 'SIGTERM');
        this.kept = [];
    }

    url(port) {
        return `http://127.0.0.1:${port}`;
    }

    get dashboardUrl() {
        return `https://localhost:${this.dashboardPort}`;
    }
}
