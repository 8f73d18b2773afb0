// serve.test.mjs - keyward serve is killed again and again: nginx goes on deciding, and nothing is lost.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { startGateway } from "../lib/gateway.mjs";
import { countBy, Load, LOAD_LOCATIONS } from "../lib/load.mjs";
import { assertAllRecorded, assertChainHolds } from "../lib/on_record.mjs";

const KILLS = 8;
let gateway, service;
before(async () => {
  gateway = await startGateway({ sandbox: LOAD_LOCATIONS, nginx: { workers: 2 } });
  service = gateway.keyward.service;
});
after(() => gateway.stop());

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const outcome = ({ status, code }) => `${status} ${code ?? ""}`.trim();

async function call(method, target, body) {
  return service.call(method, target, body).catch((error) => ({ status: 0, text: String(error) }));
}

async function createKey(name) {
  const body = { name, account: "main", environment: "sandbox", permissions: ["transactions"] };
  const { status, json } = await call("POST", "/v1/keys", body);
  return status === 201 ? { id: json.id, key: json.secret, state: "active" } : undefined;
}

/** Creates and revokes one key after the other until serve is gone: those whose making was acknowledged, with the state
 *  that was acknowledged last. */
async function changeUntilKilled(round, keys) {
  for (let i = 0; i < 200; i++) {
    const key = await createKey(`round ${round}, ${i}`);
    if (key === undefined) return;
    keys.push(key);
    if (i % 2 === 0) continue;
    key.state = "either"; /* until it is acknowledged */
    if ((await call("POST", `/v1/keys/${key.id}/revoke`)).status !== 200) return;
    key.state = "revoked";
  }
}

/** Kills serve in the midst of changes. How long it took to serve again, in ms. */
async function killAndRestart(round, keys) {
  const changing = changeUntilKilled(round, keys);
  await pause(20 + 37 * round);
  await service.end("SIGKILL");
  await changing;
  await pause(100 * (round % 3));
  const begun = performance.now();
  await service.serve();
  return performance.now() - begun;
}

async function assertStates(keys) {
  for (const { id, key, state } of keys) {
    const there = (await service.call("GET", `/v1/keys/${id}`)).json;
    const answer = outcome({ status: (await gateway.ask("GET /pay/x", { key })).status });
    if (state !== "either") assert.equal(there.state, state, id);
    assert.equal(answer, there.state === "active" ? "200" : "401", `${id} ${state}`);
  }
}

test("X1_serve_killed_under_load_loses_nothing_and_nginx_goes_on", async (t) => {
  const { key } = await gateway.keyward.createKey({ name: "load", permission: "transactions", more: ["--rate", "none"] });
  const load = await new Load(gateway.port, { key, pauseMs: 2 }).start();
  t.after(() => load.stop());
  const keys = [], took = [];
  for (let round = 0; round < KILLS; round++) {
    took.push(await killAndRestart(round, keys));
    await load.more(20);
  }
  await load.stop();
  assert.deepEqual(Object.keys(countBy(load.answers, outcome)), ["200"], JSON.stringify(countBy(load.answers, outcome)));
  assert.ok(load.answers.length > 1000 && keys.length > 2 * KILLS, `${load.answers.length} requests, ${keys.length} keys`);
  assert.ok(Math.min(...took) <= 1000, `serving again took ${took.map(Math.round)} ms`);
  await assertStates(keys);
  const events = await assertAllRecorded(gateway.keyward, load.answers);
  /* A batch that the kill tore is told of; its events were still in their rings, so that none is missing. */
  assert.deepEqual(events.filter((event) => event.kind === "gap" && (event.count !== 0 || !/torn batch/.test(event.note))), []);
  await assertChainHolds(service);
});

test("X1_while_serve_is_dead_wrong_keys_are_refused_and_right_ones_allowed", async () => {
  await service.end("SIGKILL");
  const { read, pay } = gateway.keys;
  for (let i = 0; i < 20; i++) {
    assert.equal((await gateway.ask("GET /pay/x", { key: pay })).status, 200);
    assert.equal((await gateway.ask("GET /pay/x", { key: read })).status, 403);
    assert.equal((await gateway.ask("GET /pay/x", { key: "mk_test_wrong" })).status, 401);
    assert.equal((await gateway.ask("GET /pay/x")).status, 401);
  }
  await service.serve();
  await assertChainHolds(service);
});
