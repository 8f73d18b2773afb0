// full_disk.test.mjs - the disk of the state folder is full: what takes rights away is saved, decisions go on while the rings
// hold, and once there is room nothing is missing or there twice.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { until } from "../lib/check.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { countBy, LOAD_LOCATIONS } from "../lib/load.mjs";
import { assertAllRecorded, assertChainHolds } from "../lib/on_record.mjs";
import { values } from "../lib/raw.mjs";
import { noDisk, smallDisk } from "../lib/small_disk.mjs";

const MIB = 24, SLOTS = 1024;
let gateway, service, disk;
const answers = []; /* to those who paid: a full ring counts reads, and records no other */
if (!noDisk) {
  before(async () => {
    gateway = await startGateway({
      sandbox: LOAD_LOCATIONS,
      settings: `ring_slots: [${SLOTS}, 256]\n`,
      prepare: async (installation) => (disk = await smallDisk(installation, MIB)),
    });
    service = gateway.keyward.service;
  });
  after(async () => {
    await gateway.stop();
    await disk.stop();
  });
}

const keyBody = (name) => ({ name, account: "main", environment: "sandbox", permissions: ["transactions"], rate: "none" });

async function createKey(name) {
  const made = await service.call("POST", "/v1/keys", keyBody(name));
  assert.equal(made.status, 201, made.text);
  return { id: made.json.id, key: made.json.secret };
}

const change = (key, verb) => service.call("POST", `/v1/keys/${key.id}/${verb}`);

async function ask(line, key) {
  const answer = await gateway.ask(line, { key });
  if (line.includes("/pay/")) answers.push({ id: values(answer, "x-request-id")[0], status: answer.status, code: answer.json?.code });
  return answer.status === 200 ? "200" : `${answer.status} ${answer.json?.code}`;
}

async function askMany(line, key, n) {
  const outcomes = [];
  for (let i = 0; i < n; i++) outcomes.push(await ask(line, key));
  return countBy(outcomes, (outcome) => outcome);
}

async function assertNothingWidens() {
  const made = await service.call("POST", "/v1/keys", keyBody("one more"));
  assert.equal(made.status, 507, made.text);
}

test("X3_on_a_full_disk_revocations_are_saved_and_nothing_else", { skip: noDisk }, async (t) => {
  const keys = [], payer = await createKey("payer"), cold = await createKey("cold");
  for (let i = 0; i < 40; i++) keys.push(await createKey(`key ${i}`));
  await disk.fill();
  await assertNothingWidens();
  for (const [i, key] of keys.entries()) {
    const { status, text } = await change(key, i % 2 === 0 ? "revoke" : "disable");
    assert.equal(status, 200, text);
    assert.equal(await ask("GET /pay/x", key), i % 2 === 0 ? "401 key_revoked" : "401 key_disabled");
  }
  const freeze = (frozen) => service.call("PUT", `/v1/keys/${cold.id}/freeze`, { frozen, reason: "the disk is full" });
  assert.equal((await freeze("all")).status, 200);
  assert.equal(await ask("GET /pay/x", cold), "403 frozen");
  await assertNothingWidens();
  assert.equal((await freeze("nothing")).status, 507);
  assert.equal((await change(keys[1], "enable")).status, 507);

  /* The record waits: of what it must hold no more is allowed than the ring holds; reads are counted. */
  const paid = await askMany("GET /pay/x", payer, SLOTS + 100);
  assert.ok(paid["200"] >= SLOTS / 2 && paid["503 unrecordable"] > 0, JSON.stringify(paid));
  assert.deepEqual(Object.keys(paid).sort(), ["200", "503 unrecordable"]);
  assert.deepEqual(await askMany("GET /read/x", payer, 20), { 200: 20 });

  /* Killed and started again on the full disk: revoked is revoked. */
  await service.end("SIGKILL");
  await service.serve();
  for (const [i, key] of keys.entries()) {
    assert.equal((await service.call("GET", `/v1/keys/${key.id}`)).json.state, i % 2 === 0 ? "revoked" : "disabled");
    assert.match(await ask("GET /pay/x", key), /^401 /);
  }
  await disk.fill(); /* a start empties the database's log, so that there may have been room */
  await assertNothingWidens();
  assert.equal((await change(keys[3], "revoke")).status, 200);
  assert.equal(await ask("GET /pay/x", keys[3]), "401 key_revoked");

  await disk.free();
  await until(async () => (await service.call("POST", "/v1/keys", keyBody("later"))).status === 201);
  assert.equal((await change(keys[1], "enable")).status, 200);
  await until(async () => (await ask("GET /pay/x", payer)) === "200");
  assert.equal(await ask("GET /pay/x", keys[1]), "200");
  const events = await assertAllRecorded(gateway.keyward, answers.filter((answer) => answer.code !== "unrecordable"));
  assert.ok(events.length > 0);
  await assertChainHolds(service);
  t.diagnostic(`fault | X3 full disk: revoke or disable a key | ${keys.length} | ${keys.length} | 0`);
});
