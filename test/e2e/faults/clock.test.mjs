// clock.test.mjs - somebody sets the wall clock of the machine: nothing expired lives again, nothing expires early, and no
// quota begins anew, until an administrator accepts it.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { until } from "../lib/check.mjs";
import { assertInContract } from "../lib/contract.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { build } from "../lib/nginx.mjs";
import { assertChainHolds } from "../lib/on_record.mjs";

const HOUR = 3600, DAY = 24 * HOUR, SEEN_MS = 400;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const moment = (s) => new Date(Date.now() + 1000 * s).toISOString().replace(/\.\d+/, "");
let gateway, service, file, expired, lasting, used;
before(async () => {
  gateway = await startGateway({
    prepare: (installation) => {
      file = path.join(installation.folder, "shift");
      installation.env = { LD_PRELOAD: path.join(build, "test/e2e/tools/shifted_clock.so"), SHIFTED_CLOCK: file };
    },
  });
  service = gateway.keyward.service;
  const create = (name, ...more) => gateway.keyward.createKey({ name, permission: "transactions", more });
  expired = await create("expired", "--expires", moment(2));
  lasting = await create("lasting", "--expires", moment(HOUR / 2));
  used = await create("used up", "--rate", "none", "--quota", "2/day");
  for (let i = 0; i < 2; i++) assert.equal(await ask(used), "200");
  await until(async () => (await ask(expired)) === "401 key_expired");
});
after(() => gateway.stop());

async function ask(key) {
  const { status, json } = await gateway.ask("GET /pay/x", { key });
  return status === 200 ? "200" : `${status} ${json?.code}`;
}

async function set(seconds) {
  fs.writeFileSync(file, `${seconds < 0 ? "-" : "+"}${Math.abs(seconds)}`);
  await pause(SEEN_MS);
}

/* The quota window of today would be another one in the night. */
async function assertNothingMoved() {
  assert.equal(await ask(expired), "401 key_expired");
  assert.equal(await ask(lasting), "200");
  assert.equal(await ask(used), "429 quota_exceeded");
}

async function clock() {
  const answer = await service.call("GET", "/v1/clock");
  assertInContract("GET", "/v1/clock", answer);
  return answer.json;
}

const notes = async () => (await gateway.keyward.events()).filter((event) => event.kind === "gap").map((event) => JSON.stringify(event));

for (const [name, seconds] of [["an_hour_back", -HOUR], ["a_day_back", -DAY], ["an_hour_forward", HOUR], ["a_day_forward", DAY]])
  test(`X5_a_clock_that_is_set_${name}_moves_nothing`, async () => {
    const before = (await notes()).length;
    await set(seconds);
    await assertNothingMoved();
    const { jumped, wallClockAheadMs, time } = await clock();
    assert.ok(jumped && Math.abs(wallClockAheadMs - 1000 * seconds) < 5000, `${wallClockAheadMs} ms`);
    assert.ok(Math.abs(Date.parse(time) - Date.now()) < 5000, time);
    assert.equal((await service.run("clock", "show")).code, 1);
    await until(async () => (await notes()).slice(before).some((note) => /jumped by -?\d+ s/.test(note)));
    await set(0);
    assert.equal((await clock()).jumped, false);
    await assertNothingMoved();
  });

for (const [name, seconds] of [["back", -HOUR], ["forward", HOUR]])
  test(`X5_a_clock_that_is_set_${name}_while_serve_is_down_moves_nothing`, async () => {
    await service.end();
    await set(seconds);
    await service.serve();
    assert.equal((await clock()).jumped, true);
    await assertNothingMoved();
    await service.end("SIGKILL");
    await service.serve();
    await assertNothingMoved();
    await set(0);
    assert.equal((await clock()).jumped, false);
  });

test("X5_a_jump_that_is_accepted_counts_and_is_on_the_record", async () => {
  await set(HOUR);
  const answer = await service.call("POST", "/v1/clock/accept");
  assertInContract("POST", "/v1/clock/accept", answer);
  assert.equal(answer.json.jumped, false);
  assert.equal(await ask(lasting), "401 key_expired");
  assert.ok((await notes()).some((note) => /accepted by uid:\d+/.test(note)));
  await set(0);
  assert.equal(await ask(lasting), "401 key_expired", "set back again: not by itself");
  assert.match(await service.ok("clock", "accept"), /Wall clock/);
  assert.equal(await ask(lasting), "200");
  assert.equal(await ask(expired), "401 key_expired");
  await assertChainHolds(service);
});
