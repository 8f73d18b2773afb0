// idle_day.test.mjs - a day that is over is closed also where nothing is asked, and the record holds from end to end.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { until } from "../lib/check.mjs";
import { assertInContract } from "../lib/contract.mjs";
import { Installation } from "../lib/installation.mjs";
import { build } from "../lib/nginx.mjs";

const DAY = 86_400;
let k, shift;
before(async () => {
  k = await Installation.make({ serve: false });
  shift = path.join(k.folder, "shift");
  k.env = { LD_PRELOAD: path.join(build, "test/e2e/tools/shifted_clock.so"), SHIFTED_CLOCK: shift };
  await k.serve();
  await k.createKey("--name", "one", "--environment", "sandbox", "--permission", "read_only");
  assert.equal((await k.call("POST", "/v1/drain")).status, 200);
});
after(() => k.stop());

async function days() {
  const answer = await k.call("GET", "/v1/audit/days");
  assertInContract("GET", "/v1/audit/days", answer);
  return answer.json.days;
}

test("the next day begins with a batch that has no records, once, and what follows goes on behind it", async () => {
  const [open] = await days();
  assert.equal(open.closed, false);
  await k.end();
  fs.rmSync(path.join(k.dir, "state/clock")); // as after a restart of the machine: the wall clock is believed
  fs.writeFileSync(shift, `+${2 * DAY}`); // whatever the time is, the day of the last batch is over
  await k.serve();
  const folder = fs.readdirSync(path.join(k.dir, "state/audit")).filter((name) => name.endsWith(".seg"));
  assert.equal(folder.length, 2, folder.join());
  const found = await days(), closed = found.find(({ day }) => day === open.day), idle = found.find(({ day }) => day !== open.day);
  assert.deepEqual([closed.closed, idle.closed, idle.records, idle.batches], [true, false, 0, 1]);
  await k.ok("audit", "verify");
  await k.createKey("--name", "two", "--environment", "sandbox", "--permission", "read_only");
  await until(async () => (await days()).find(({ day }) => day === idle.day).records > 0);
  await k.ok("audit", "verify");
  await until(async () => Date.parse((await k.call("GET", "/v1/usage?account=main")).json.recordedUntil) > Date.now() + DAY * 1000);
});

test("I4_a_day_that_is_damaged_is_listed_as_such_beside_the_others", async () => {
  const audit = path.join(k.dir, "state/audit"), [, last] = await days();
  const segment = path.join(audit, `${last.day}.seg`), whole = fs.readFileSync(segment);
  const edited = (at) => Buffer.from(whole.map((byte, i) => (i === at ? byte ^ 0x40 : byte)));
  const lastBatch = whole.lastIndexOf("kwbatch\0"), FORMAT_AT = 8;
  const damages = { "its end is cut off": whole.subarray(0, lastBatch), "it ends in its last batch": whole.subarray(0, -1), "it ends in its first": whole.subarray(0, 100),
    "its signature is another": edited(whole.length - 1), "its format is unknown": edited(lastBatch + FORMAT_AT) };
  for (const [why, bytes] of Object.entries(damages)) {
    fs.writeFileSync(segment, bytes);
    const [open, damaged] = await days();
    assert.deepEqual([open.damaged, open.closed, damaged.day, damaged.damaged, damaged.closed, damaged.lastHash, damaged.head], [false, false, last.day, true, true, null, null], why);
    assert.match(await k.ok("audit", "days"), new RegExp(`^${last.day} +damaged +- +- +- +-$`, "m"));
    assert.equal((await k.run("audit", "verify")).code, 1);
  }
  fs.writeFileSync(segment, whole);
  assert.deepEqual((await days())[1], last);
  await k.ok("audit", "verify");
});
