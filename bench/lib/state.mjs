// state.mjs - a state folder with keys by the million, and keyward serve on it, started and killed at will.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { prepare, worker } from '../../tools/run/folder.mjs';

const root = path.resolve(path.dirname(new URL(import.meta.url).pathname), '../..');
export const build = process.env.KEYWARD_BUILD ?? path.join(root, 'build');
export const policyFile = path.join(root, 'examples/monei-policy.yaml');
const program = path.join(build, 'keyward');
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs one of bench/'s own programs; its figures go to standard output, as they come. */
export async function measure(name, ...args) {
    const child = spawn(path.join(build, 'bench', name), args, { stdio: ['ignore', 'inherit', 'inherit'] });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`${name} ended with status ${code}`);
}

export class State {
    constructor(nKeys) {
        this.nKeys = nKeys;
        this.home = fs.mkdtempSync(path.join(os.tmpdir(), 'keyward-bench-'));
        fs.chmodSync(this.home, 0o711);
        Object.assign(this, prepare(path.join(this.home, 'run')));
        this.file = path.join(this.folder, 'keyward.yaml');
        this.socket = path.join(this.shared, 'admin.sock');
        this.keys = path.join(this.home, 'keys.txt');
        this.keyring = path.join(this.shared, 'keyring');
    }

    run(...args) {
        return promisify(execFile)(program, args, { env: { ...process.env, KEYWARD_SOCKET: this.socket } });
    }

    async fill() {
        fs.writeFileSync(this.file, `etc_dir: .\nstate_dir: state\nrun_dir: ${this.shared}\nbrand: mk\n` +
            (worker.name === undefined ? '' : `verify_group: ${worker.name}\n`), { mode: 0o644 });
        await this.run('init', '--config', this.file);
        await measure('bench-fill', this.file, String(this.nKeys), this.keys);
    }

    post(target, body) {
        return new Promise((resolve) => {
            const headers = { 'content-type': 'application/json', host: 'localhost' };
            const request = http.request({ socketPath: this.socket, method: 'POST', path: target, headers }, (answer) => {
                answer.resume();
                answer.on('end', () => resolve(answer.statusCode));
            });
            request.on('error', () => resolve(0));
            request.end(JSON.stringify(body));
        });
    }

    /** Starts serve; the milliseconds until it has accepted and acknowledged a change. */
    async start() {
        const began = performance.now();
        const log = fs.openSync(path.join(this.home, 'serve.log'), 'a');
        this.child = spawn(program, ['serve', '--config', this.file], { stdio: ['ignore', log, log] });
        fs.closeSync(log);
        const key = { account: 'main', name: 'one more', environment: 'sandbox', permissions: ['read_only'] };
        for (let status = 0; status !== 201; status = await this.post('/v1/keys', key)) {
            if (this.child.exitCode !== null) throw new Error(`serve ended: ${fs.readFileSync(path.join(this.home, 'serve.log'), 'utf8')}`);
            if (status !== 0) throw new Error(`a change was answered with ${status}`);
            await pause(2);
        }
        return performance.now() - began;
    }

    async kill(signal = 'SIGKILL') {
        if (this.child === undefined || this.child.exitCode !== null || this.child.signalCode !== null) return;
        this.child.kill(signal);
        await once(this.child, 'exit');
    }

    async remove() {
        await this.kill();
        fs.rmSync(this.home, { recursive: true, force: true });
        fs.rmSync(this.shared, { recursive: true, force: true });
    }
}
