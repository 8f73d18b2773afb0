// installation.mjs - a keyward of its own, for the tests of its command line and its management API.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import { build } from "./nginx.mjs";

export const program = process.env.KEYWARD_PROGRAM ?? path.join(build, "keyward");

/** Runs the program to its end, which has to come within a minute; input, where there is some, is what it reads from standard input. */
export async function run(args, { env = {}, input = "", cwd, through = [] } = {}) {
  const [command, ...all] = [...through, program, ...args];
  const child = spawn(command, all, { cwd, env: { PATH: process.env.PATH, ...env }, stdio: "pipe", timeout: 60_000 });
  let stdout = "", stderr = "";
  child.stdout.on("data", (data) => (stdout += data));
  child.stderr.on("data", (data) => (stderr += data));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [code] = await once(child, "close");
  return { code, stdout, stderr, get json() { return JSON.parse(stdout); } };
}

/** Whatever looks like a whole key. */
export const KEY = /[a-z][a-z0-9]{1,7}_(test|live)_[0-9A-Za-z]{14}_[0-9A-Za-z]{49}/g;

export async function makeFolder() {
  const base = await fs.access("/dev/shm", fs.constants.W_OK).then(() => "/dev/shm", () => "/tmp");
  return fs.mkdtemp(path.join(base, "keyward-cli-"));
}

/** A call of the management API over a socket of its own. */
export function request(socketPath, method, target, headers, body) {
  return new Promise((resolve, reject) => {
    const r = http.request({ socketPath, method, path: target, headers }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const isJson = text !== "" && /^application\/(.*\+)?json/.test(response.headers["content-type"] ?? "");
        resolve({ status: response.statusCode, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined });
      });
    });
    r.on("error", reject);
    r.end(body);
  });
}

/** An installation in a folder of its own. Its log must never hold a key: stop() looks. */
export class Installation {
  /** `env`: what init gets besides. */
  static async make({ serve = true, brand, publicUrl, env } = {}) {
    const it = new Installation();
    it.folder = await makeFolder();
    it.dir = path.join(it.folder, "k");
    it.file = path.join(it.dir, "keyward.yaml");
    it.socket = path.join(it.dir, "run/admin.sock");
    it.log = "";
    const options = Object.entries({ "--brand": brand, "--public-url": publicUrl }).filter(([, value]) => value !== undefined).flat();
    const made = await run(["init", "--dir", it.dir, "--json", ...options], { env });
    assert.equal(made.code, 0, made.stderr);
    it.setup = { link: made.json.setupLink, url: made.json.setupUrl, endsAt: made.json.setupEndsAt };
    if (serve) await it.serve();
    return it;
  }

  /** What the program is started through, and what serve gets besides our environment. */
  through = [];
  env = {};

  async serve() {
    const [command, ...args] = [...this.through, program, "serve", "--config", this.file];
    this.child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...this.env } });
    this.child.stderr.on("data", (data) => (this.log += data));
    for (let tries = 0; tries < 400; tries++) {
      assert.equal(this.child.exitCode, null, this.log);
      if ((await this.run("health")).code === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    assert.fail(`keyward serve does not answer: ${this.log}`);
  }

  async end(signal = "SIGTERM") {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill(signal);
      await once(this.child, "exit");
    }
    return this.child.exitCode;
  }

  run(...args) {
    return run(args, { env: { KEYWARD_SOCKET: this.socket }, through: this.through });
  }

  /** The same, and it has to succeed; with --json, what it answered. */
  async ok(...args) {
    const r = await this.run(...args);
    assert.equal(r.code, 0, `keyward ${args.join(" ")}: ${r.stderr}`);
    return args.includes("--json") ? r.json : r.stdout;
  }

  createKey(...args) {
    return this.ok("keys", "create", "--json", ...args);
  }

  /** A call of the management API; body: an object, or bytes. */
  call(method, target, body, headers = {}) {
    const isRaw = body === undefined || typeof body === "string" || Buffer.isBuffer(body);
    const type = body === undefined ? {} : { "content-type": "application/json" };
    return request(this.socket, method, target, { ...type, ...headers }, isRaw ? body : JSON.stringify(body));
  }

  /** Sends bytes and reads until the server closes. */
  async raw(bytes) {
    const socket = net.connect(this.socket);
    const chunks = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", () => {});
    socket.write(bytes);
    await once(socket, "close");
    return Buffer.concat(chunks).toString("latin1");
  }

  async stop() {
    if (this.child !== undefined) await this.end();
    await fs.rm(this.folder, { recursive: true, force: true });
    assert.deepEqual(this.log.match(KEY), null, "the log must never hold a key");
  }
}

/** An answer is our problem, whole, with this status and code. */
export function assertProblem(answer, status, code, field) {
  assert.equal(answer.status, status, `${answer.status} ${answer.text}`);
  assert.equal(answer.headers["content-type"], "application/json");
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.equal(answer.json.statusCode, status);
  assert.equal(answer.json.code, code, answer.text);
  assert.equal(answer.json.requestId, answer.headers["x-request-id"]);
  assert.equal(typeof answer.json.message, "string");
  assert.equal(typeof answer.json.error, "string");
  if (field !== undefined) assert.equal(answer.json.field, field);
}
