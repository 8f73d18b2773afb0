// quota.test.mjs - two nginx workers and a program with 64 threads share one key: its quota is exact.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { until } from "../lib/check.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { countBy, Load, LOAD_LOCATIONS } from "../lib/load.mjs";
import { build } from "../lib/nginx.mjs";

const QUOTA = 1000, THREADS = 64, ATTEMPTS = 40, THROUGH_NGINX = 5000 - THREADS * ATTEMPTS;
let gateway;
before(async () => {
  gateway = await startGateway({ sandbox: LOAD_LOCATIONS, nginx: { workers: 2 } });
  const left = 86400000 - (Date.now() % 86400000);
  if (left < 60000) await new Promise((resolve) => setTimeout(resolve, left + 1000)); /* a day ends only once in this test */
});
after(() => gateway.stop());

/** What the program with the threads counted: {allowed, over, other}. */
async function askInThreads(key) {
  const program = path.join(build, "test/e2e/tools/quota");
  const child = spawn(program, [gateway.run, THREADS, ATTEMPTS], { stdio: "pipe" });
  let stdout = "", stderr = "";
  child.stdout.on("data", (data) => (stdout += data));
  child.stderr.on("data", (data) => (stderr += data));
  child.stdin.end(`${key}\n`);
  const [code] = await once(child, "close");
  assert.equal(code, 0, stderr);
  return Object.fromEntries([...stdout.matchAll(/(\w+) (\d+)/g)].map(([, name, n]) => [name, Number(n)]));
}

async function askThroughNginx(t, key) {
  const load = await new Load(gateway.port, { key, most: THROUGH_NGINX }).start();
  t.after(() => load.stop());
  return load;
}

test("G2_a_quota_is_exact_over_processes_and_threads", async (t) => {
  const more = ["--rate", "none", "--quota", `${QUOTA}/day`];
  const { id, key } = await gateway.keyward.createKey({ name: "counted", permission: "transactions", more });
  const load = await askThroughNginx(t, key);
  await load.more(50); /* both sides get their part */
  const threads = await askInThreads(key);
  await load.done();
  const nginx = countBy(load.answers, ({ status, code }) => `${status} ${code ?? ""}`.trim());
  const said = JSON.stringify({ threads, nginx });
  assert.equal(threads.other, 0, said);
  assert.equal(threads.allowed + threads.over, THREADS * ATTEMPTS, said);
  assert.ok(threads.allowed > 0 && nginx["200"] > 0, said);
  assert.deepEqual(Object.keys(nginx).sort(), ["200", "429 quota_exceeded"], said);
  assert.equal(threads.allowed + nginx["200"], QUOTA, said);

  const attempts = threads.allowed + threads.over + load.answers.length;
  const events = await until(async () => {
    const all = (await gateway.keyward.events()).filter((event) => event.key_id === id);
    return all.length >= attempts && all;
  });
  assert.deepEqual(countBy(events, (event) => event.reason), { allowed: QUOTA, quota_exceeded: attempts - QUOTA });
});
