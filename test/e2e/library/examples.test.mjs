// examples.test.mjs - the programs of examples/c, built as an outsider builds them, against a state that serve shares.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { until } from "../lib/check.mjs";
import { POLICY } from "../lib/gateway.mjs";
import { startKeyward } from "../lib/keyward.mjs";
import { examples, installTree, start } from "../lib/outsider.mjs";

let tree, keyward, key;
const programs = {};
before(async () => {
  tree = await installTree();
  for (const name of ["authorize", "prefork", "reload", "thread_pool"]) programs[name] = tree.compile(`${examples}${name}.c`);
  keyward = await startKeyward({ policy: POLICY });
  key = await keyward.createKey({ name: "reader", permission: "read_only" });
});
after(async () => {
  await keyward.stop();
  await tree.stop();
});

/** Runs an example to its end. */
async function runOnce(name, args, input) {
  const child = spawn(programs[name], args, { stdio: "pipe" });
  let stdout = "", stderr = "";
  child.stdout.on("data", (data) => (stdout += data));
  child.stderr.on("data", (data) => (stderr += data));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [code] = await once(child, "close");
  return { code, stdout, stderr };
}

/** The same; where every ring is taken, it says to try again. */
async function finish(name, args, input) {
  return until(async () => {
    const answer = await runOnce(name, args, input);
    return answer.stderr.includes("no room left") ? undefined : answer;
  });
}

test("authorize_allows_what_the_key_may_do", async () => {
  const answer = await finish("authorize", [keyward.run, "GET", "/read/me"], `${key.key}\n`);
  assert.deepEqual(answer, { code: 0, stdout: `allowed: key ${key.id} of main\n`, stderr: "" });
  const [event] = await until(async () => {
    const events = await keyward.events();
    return events.length > 0 && events;
  });
  assert.deepEqual([event.reason, event.allowed], ["allowed", true]);
});

const refused = [
  ["what the key may not do", "POST", "/pay/x", (k) => k, 403, "permission_denied"],
  ["no key", "GET", "/read/me", () => "", 401, "missing_key"],
  ["another key", "GET", "/read/me", (k) => k.replace(/.$/, (c) => (c === "0" ? "1" : "0")), 401, "invalid_key"],
  ["an ambiguous path", "GET", "/read/../pay", (k) => k, 400, "path_ambiguous"],
  ["an empty target", "GET", "", (k) => k, 400, "path_ambiguous"],
];

test("authorize_refuses", async (t) => {
  for (const [why, method, target, text, status, code] of refused)
    await t.test(why, async () => {
      const answer = await finish("authorize", [keyward.run, method, target], text(key.key));
      assert.equal(answer.code, 1);
      const [shown, ...body] = answer.stdout.split(" ");
      assert.equal(Number(shown), status);
      assert.equal(JSON.parse(body.join(" ")).code, code);
      assert.equal(JSON.parse(body.join(" ")).statusCode, status);
    });
});

test("authorize_says_that_nobody_could_tell", async () => {
  const answer = await finish("authorize", [path.join(tree.folder, "nowhere"), "GET", "/read/me"], key.key);
  assert.equal(answer.code, 75);
  assert.match(answer.stderr, /not ready/);
});

test("threads_share_an_engine_and_every_answer_is_on_the_record", async () => {
  const asked = Array.from({ length: 300 }, (_, i) => [`/${i % 3 === 0 ? "pay" : "read"}/${i}`, i % 3 === 0 ? "403 permission_denied" : "200 allowed"]);
  const fast = await keyward.createKey({ name: "fast", permission: "read_only", more: ["--rate", "none"] });
  const answer = await finish("thread_pool", [keyward.run, "8"], asked.map(([target]) => `GET ${target} ${fast.key}\n`).join(""));
  assert.deepEqual([answer.code, answer.stderr], [0, ""]);
  assert.deepEqual(answer.stdout.trim().split("\n").sort(), asked.map((row) => row.join(" ")).sort());
  const events = await until(async () => {
    const all = (await keyward.events()).filter((event) => event.key_id === fast.id);
    return all.length >= asked.length && all;
  });
  assert.equal(events.length, asked.length);
  assert.equal(new Set(events.map((event) => event.request_id)).size, asked.length);
});

test("D20_a_forked_child_is_denied_until_it_opens_its_own_engine", async () => {
  const answer = await finish("prefork", [keyward.run, "3", "GET", "/read/me"], key.key);
  assert.deepEqual([answer.code, answer.stderr], [0, ""]);
  const lines = answer.stdout.trim().split("\n");
  const count = (line) => lines.filter((l) => l === line).length;
  assert.equal(count("child with its parent's engine: 503 unavailable"), 3);
  assert.equal(count("child with an engine of its own: 200 allowed"), 3);
  assert.equal(lines.at(-1), "parent: 200 allowed");
  assert.equal(lines.length, 7);
});

const changed = (it, what) => until(() => it.said.split(what).length > 1);

test("reload_denies_without_a_state_and_decides_once_there_is_one", async () => {
  const link = path.join(tree.folder, "run");
  const it = start(programs.reload, [link]);
  assert.equal(await it.ask(`GET /read/me ${key.key}`), "503 unavailable");
  await fs.symlink(keyward.run, link);
  await until(async () => (await it.ask(`GET /read/me ${key.key}`)) === "200 allowed");
  assert.equal(await it.ask("GET /read/me"), "401 missing_key");
  assert.equal(await it.end(null), 0);
});

test("reload_sees_a_revocation_at_once_and_another_state_after_a_signal", async () => {
  const other = await startKeyward({ policy: POLICY });
  const there = await other.createKey({ name: "there", permission: "read_only" });
  const gone = await keyward.createKey({ name: "gone", permission: "read_only" });
  const link = path.join(tree.folder, "moving");
  await fs.symlink(keyward.run, link);
  const it = start(programs.reload, [link]);
  await until(async () => (await it.ask(`GET /read/me ${gone.key}`)) === "200 allowed"); // a ring may have to be made
  await keyward.service.ok("keys", "revoke", gone.id, "--yes");
  assert.equal(await it.ask(`GET /read/me ${gone.key}`), "401 key_revoked");
  await fs.unlink(link);
  await fs.symlink(other.run, link);
  assert.equal(await it.ask(`GET /read/me ${there.key}`), "401 unknown_key");
  it.child.kill("SIGHUP");
  await until(async () => (await it.ask(`GET /read/me ${there.key}`)) === "200 allowed");
  await fs.unlink(link);
  it.child.kill("SIGHUP");
  assert.equal(await it.ask(`GET /read/me ${there.key}`), "200 allowed", "the old engine goes on");
  await changed(it, "not ready");
  assert.equal(await it.end(null), 0);
  await other.stop();
});

test("an_example_without_arguments_says_how_it_is_used", async (t) => {
  for (const name of Object.keys(programs))
    await t.test(name, async () => {
      const answer = await finish(name, [], "");
      assert.equal(answer.code, 64);
      assert.match(answer.stderr, new RegExp(`^usage: ${name} `));
    });
});

