// log.test.mjs - the log as objects, a line each: from the first line to the last, and without a secret.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { until } from "../lib/check.mjs";
import { Installation, KEY, program } from "../lib/installation.mjs";

let k;
before(async () => {
  k = await Installation.make({ serve: false });
  await fs.appendFile(k.file, "log_format: json\n");
  await k.serve();
});
after(() => k.stop());

function objects(text) {
  return text.slice(0, text.lastIndexOf("\n")).split("\n").map((line) => {
    const one = JSON.parse(line);
    assert.match(one.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(Math.abs(Date.parse(one.time) - Date.now()) < 60_000, one.time);
    assert.ok(["error", "warning", "info"].includes(one.level), line);
    assert.equal(typeof one.message, "string");
    return one;
  });
}

test("every_line_is_an_object_from_the_start_to_the_end", async () => {
  await k.createKey("--name", "x", "--environment", "sandbox");
  await k.end();
  const lines = objects(k.log);
  const start = lines.find(({ message }) => message.includes("serves"));
  assert.equal(start.level, "info");
  assert.equal(start.socket, k.socket);
  assert.equal(start.keyring, "rebuilt");
  assert.match(start.version, /^\d/);
  assert.match(lines.at(-1).message, /SIGTERM came/);
  await k.serve();
});

test("U_a_failure_names_the_request_and_no_key", async () => {
  const { id, secret } = await k.createKey("--name", "y", "--environment", "sandbox");
  const broken = spawnSync("sqlite3", [path.join(k.dir, "state/keyward.db"), `UPDATE keys SET name = 'z' WHERE id = '${id}'`]);
  assert.equal(broken.status, 0, String(broken.stderr));
  const answer = await k.call("GET", `/v1/keys/${id}`);
  assert.equal(answer.status, 500);
  const line = await until(() => objects(k.log).find(({ request }) => request === answer.json.requestId));
  assert.equal(line.level, "error");
  assert.equal(line.code, "damaged");
  assert.match(line.actor, /^uid:\d+$/);
  assert.ok(!k.log.includes(secret));
  assert.deepEqual(k.log.match(KEY), null);
});

const serve = (...args) => spawnSync(program, ["serve", "--config", k.file, ...args], { encoding: "utf8" });

test("a_start_that_fails_says_so_in_the_form_that_was_asked_for", async () => {
  const second = serve();
  assert.equal(second.status, 75);
  assert.match(objects(second.stderr).at(-1).message, /another keyward serve/);
  const text = serve("--log-format", "text");
  assert.equal(text.status, 75);
  assert.match(text.stderr, /^keyward: serve: another keyward serve/m);
  const missing = spawnSync(program, ["serve", "--config", "/nowhere/x.yaml", "--log-format", "json"], { encoding: "utf8" });
  assert.equal(missing.status, 66);
  assert.match(objects(missing.stderr).at(-1).message, /there is no file/);
});

test("J2_another_log_format_is_refused", async () => {
  assert.equal(serve("--log-format", "xml").status, 64);
  const file = path.join(k.dir, "xml.yaml");
  await fs.writeFile(file, (await fs.readFile(k.file, "utf8")).replace("log_format: json", "log_format: xml"));
  const { status, stderr } = spawnSync(program, ["serve", "--config", file], { encoding: "utf8" });
  assert.equal(status, 78);
  assert.match(stderr, /neither text nor json/);
});
