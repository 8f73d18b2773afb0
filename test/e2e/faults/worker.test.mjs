// worker.test.mjs - nginx's workers are killed again and again: what they shared stays whole, and their rings are reused.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { until } from "../lib/check.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { countBy, Load, LOAD_LOCATIONS } from "../lib/load.mjs";
import { workersOf } from "../lib/nginx.mjs";
import { assertAllRecorded, assertChainHolds } from "../lib/on_record.mjs";

const KILLS = 12;
let gateway, service;
before(async () => {
  gateway = await startGateway({ sandbox: LOAD_LOCATIONS, nginx: { workers: 2 } });
  service = gateway.keyward.service;
});
after(() => gateway.stop());

const rings = async () => (await fs.readdir(path.join(gateway.run, "rings"))).length;
const outcome = ({ status, code }) => `${status} ${code ?? ""}`.trim();

/** Kills one worker, or both: nginx's master starts others. */
async function kill(n) {
  const before = await workersOf(gateway.nginx);
  for (const pid of before.slice(0, n)) process.kill(pid, "SIGKILL");
  await until(async () => {
    const now = await workersOf(gateway.nginx);
    return now.length === 2 && now.filter((pid) => before.includes(pid)).length === 2 - n;
  });
}

test("X2_workers_killed_under_load_leave_everything_whole", async (t) => {
  const { key } = await gateway.keyward.createKey({ name: "load", permission: "transactions", more: ["--rate", "none"] });
  const load = await new Load(gateway.port, { key }).start();
  t.after(() => load.stop());
  const before = await rings();
  for (let i = 0; i < KILLS; i++) {
    await load.more(200);
    await kill(1 + (i % 2));
  }
  await load.more(200);
  await load.stop();
  const outcomes = countBy(load.answers, outcome);
  assert.ok(outcomes["200"] > 200 * KILLS, JSON.stringify(outcomes));
  const refused = Object.keys(outcomes).filter((kind) => !["200", "0", "503 unavailable"].includes(kind));
  assert.deepEqual(refused, [], "a worker that has no ring yet may say unavailable, nothing else");
  await assertAllRecorded(gateway.keyward, load.answers.filter((answer) => answer.code !== "unavailable"));
  assert.ok((await rings()) <= before + 4, `${await rings()} rings, ${before} before: they must be reused`);
  await assertChainHolds(service);
  assert.equal(service.child.exitCode, null);
});

test("X2_after_the_kills_keys_are_decided_as_before", async () => {
  for (const [key, status] of [[gateway.keys.pay, 200], [gateway.keys.read, 403], [gateway.keys.live, 403], ["mk_test_x", 401]])
    assert.equal((await gateway.ask("GET /pay/x", { key })).status, status);
  const { id, key } = await gateway.keyward.createKey({ name: "later", permission: "transactions" });
  assert.equal((await gateway.ask("GET /pay/x", { key })).status, 200);
  assert.equal((await service.call("POST", `/v1/keys/${id}/revoke`)).status, 200);
  assert.equal((await gateway.ask("GET /pay/x", { key })).status, 401);
});
