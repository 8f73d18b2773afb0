// trials.mjs - one system call of keyward serve fails while it starts or works; afterwards a clean start must know all that
// was acknowledged, and nothing twice.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import path from "node:path";
import { Installation, program } from "./installation.mjs";
import { build } from "./nginx.mjs";

const tools = path.join(build, "test/e2e/tools");
const ASKED = 5, RECORDED_MS = 250;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const exists = (file) => fs.access(file).then(() => true, () => false);
const numbers = { EINTR: 4, EIO: 5, ENOMEM: 12, EMFILE: 24, ENOSPC: 28, short: 0 };

/** What may fail, and how. */
export const FAILURES = {
  open: ["EMFILE", "ENOSPC"], write: ["EIO"], pwrite: ["ENOSPC", "EIO", "EINTR", "short"], fsync: ["EIO", "ENOSPC"],
  rename: ["ENOSPC", "EIO"], ftruncate: ["EIO"], fallocate: ["ENOSPC", "EINTR"], mmap: ["ENOMEM"], close: ["EIO", "EINTR"],
};

export const planOf = (kind, at, error, file) => ({
  LD_PRELOAD: path.join(tools, "failing_calls.so"), FAILING_CALL: `${kind}:${at}:${numbers[error]}:${file}`,
});

/** An installation on which one trial is made after the other. */
export class Trials {
  keys = []; /* {id, secret, state}: what was acknowledged; "either": something was tried and not acknowledged */
  asked = 0;

  static async make() {
    const it = new Trials();
    it.k = await Installation.make({ serve: false });
    it.trigger = path.join(it.k.folder, "trigger");
    await it.start({});
    for (let i = 0; i < 2; i++) await it.create();
    await it.k.end();
    return it;
  }

  /** Whether it serves; false: it has ended by itself. */
  async start(env) {
    this.said = "";
    const child = spawn(program, ["serve", "--config", this.k.file], { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...env } });
    child.stderr.on("data", (data) => { this.said += data; this.k.log += data; });
    this.k.child = child;
    this.closed = once(child, "close"); /* all that it said has come then */
    for (const deadline = Date.now() + 10_000; Date.now() < deadline; await pause(5)) {
      if (child.exitCode !== null || child.signalCode !== null) return false;
      if ((await this.call("GET", "/v1/health")).status !== 0) return true;
    }
    assert.fail(`it neither serves nor ends: ${this.said}`);
  }

  async call(method, target, body) {
    return this.k.call(method, target, body).catch(() => ({ status: 0 }));
  }

  async create() {
    const body = { name: "a key", account: "main", environment: "sandbox", permissions: ["full_access"], rate: "none" };
    const { status, json } = await this.call("POST", "/v1/keys", body);
    if (status === 201) this.keys.push({ id: json.id, secret: json.secret, state: "active" });
    return status;
  }

  async revoke(key) {
    key.state = "either";
    const { status } = await this.call("POST", `/v1/keys/${key.id}/revoke`);
    if (status === 200) key.state = "revoked";
    /* in force, not yet saved */
    if (status === 200 || status === 507) assert.equal(await this.allowed(key), 0, "a revoked key is allowed");
  }

  /** How many of some attempts with a key a verifier allows; 0 when there can be no verifier, after a while: serve makes
   *  rings as they are needed. */
  async allowed(key) {
    for (const deadline = Date.now() + 1500; ; await pause(50)) {
      const n = await this.allowedNow(key);
      if (n !== undefined || Date.now() > deadline) return n ?? 0;
    }
  }

  async allowedNow({ secret }) {
    const child = spawn(path.join(tools, "quota"), [path.dirname(this.k.socket), "1", String(ASKED)], { stdio: "pipe" });
    let out = "";
    child.stdout.on("data", (data) => (out += data));
    child.stdin.end(secret);
    const [code] = await once(child, "close");
    if (code !== 0) return undefined;
    this.asked += ASKED;
    return Number(/allowed (\d+)/.exec(out)[1]);
  }

  async work() {
    const victim = this.keys.findLast((key) => key.state === "active");
    await this.create();
    await this.revoke(victim);
    await this.allowed(this.keys[0]);
    await this.create();
    await pause(RECORDED_MS);
  }

  /** It has ended by SIGTERM, or by itself and then has said why; never by a signal of its own making. */
  async assertEnded(bySelf) {
    if (!bySelf) this.k.child.kill("SIGTERM");
    await this.closed;
    const { exitCode, signalCode } = this.k.child;
    assert.equal(signalCode, null, `ended by ${signalCode}: ${this.said}`);
    if (exitCode !== 0) assert.match(this.said, /^keyward[^:]*: .*\w{3}/m, `status ${exitCode} and not a word: ${this.said}`);
  }

  /** Whether the call was reached; then a clean start has been looked at. phase: "start" or "work". */
  async trial(phase, kind, at, error) {
    if (phase === "start") await fs.writeFile(this.trigger, "");
    const serves = await this.start(planOf(kind, at, error, this.trigger));
    if (phase === "work") await fs.writeFile(this.trigger, "");
    if (serves) await this.work();
    await this.assertEnded(this.k.child.exitCode !== null || this.k.child.signalCode !== null);
    const reached = !(await exists(this.trigger));
    await fs.rm(this.trigger, { force: true });
    if (reached) await this.assertCleanStart(at % 2 === 0);
    return reached;
  }

  /** anew: without the keyring, so that a new one is made of the whole database, all of which is verified. */
  async assertCleanStart(anew) {
    if (anew) await fs.rm(path.join(path.dirname(this.k.socket), "keyring"), { force: true });
    assert.ok(await this.start({}), `a clean start fails: ${this.said}`);
    for (const key of this.keys) await this.assertState(key);
    while (this.keys.filter((key) => key.state === "active").length < 2) assert.equal(await this.create(), 201);
    await this.assertRecord();
    await this.k.end();
    assert.equal(this.k.child.exitCode, 0, this.said);
  }

  async assertState(key) {
    const { status, json } = await this.call("GET", `/v1/keys/${key.id}`);
    assert.equal(status, 200, `key ${key.id}, acknowledged, is gone`);
    if (key.state !== "either") assert.equal(json.state, key.state, key.id);
    key.state = json.state;
    if (this.keys.indexOf(key) < this.keys.length - 3) return; /* looked at in an earlier trial */
    assert.equal(await this.allowed(key), key.state === "active" ? ASKED : 0, `${key.id} ${key.state}`);
  }

  async assertRecord() {
    const verified = await this.k.run("audit", "verify");
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    const { json } = await this.call("GET", "/v1/health");
    for (const deadline = Date.now() + 10_000; ; await pause(50)) {
      const events = await this.search("--events"), changes = await this.search("--changes");
      const ids = new Set(events.filter((e) => e.kind === "decision").map((e) => e.request_id));
      if (ids.size === this.asked && changes.length === json.changeSeq) return;
      const seen = `${ids.size} of ${this.asked} attempts, ${changes.length} of ${json.changeSeq} changes are on the record`;
      assert.ok(Date.now() < deadline, seen);
    }
  }

  async search(what) {
    const { code, stdout, stderr } = await this.k.run("audit", "search", what, "--limit", "100000", "--json");
    assert.ok(code === 0 || stdout === "", stderr);
    return stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  }

  stop() {
    return this.k.stop();
  }
}
