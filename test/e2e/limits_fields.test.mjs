// limits_fields.test.mjs - what answers tell of limits, read by a library for structured fields: names, parameters, numbers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startGateway, values } from "./lib/gateway.mjs";
import { limitsTold } from "./lib/structured_fields.mjs";

let gateway;
before(async () => {
  gateway = await startGateway();
  const left = 86400000 - (Date.now() % 86400000);
  if (left < 30000) await new Promise((resolve) => setTimeout(resolve, left + 1000)); /* a day ends only once in this test */
});
after(() => gateway.stop());

const ask = (key, line = "GET /pay/x") => gateway.ask(line, { key });
const create = (...more) => gateway.keyward.createKey({ name: "limited", permission: "transactions", more });

/* Every window that there is, at its least and at its most. */
const rates = [["1/s", 1, 1], ["1000000/s", 1000000, 1], ["600/min", 600, 60], ["1/hour", 1, 3600], ["1000000/day:1000000", 1000000, 86400]];
for (const [rate, q, w] of rates)
  test(`G1_the_fields_of_a_rate_of_${rate.replace(/\W/g, "_")}_are_exact`, async () => {
    const { policy, now, told } = limitsTold(await ask(await create("--rate", rate)));
    assert.deepEqual(policy, { rate: { q, w } });
    assert.deepEqual(Object.keys(now), ["rate"]);
    assert.equal(told.limit, q);
  });

const month = () => {
  const now = new Date();
  return (Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - Date.UTC(now.getUTCFullYear(), now.getUTCMonth())) / 1000;
};
for (const [quota, q, w] of [["1/day", 1, () => 86400], ["4294967295/day", 4294967295, () => 86400], ["250000/month", 250000, month]])
  test(`G1_the_fields_of_a_quota_of_${quota.replace(/\W/g, "_")}_are_exact`, async () => {
    const { policy, now, told } = limitsTold(await ask(await create("--rate", "none", "--quota", quota)));
    assert.deepEqual(policy, { quota: { q, w: w() } });
    assert.deepEqual([now.quota.r, told.remaining, told.limit], [q - 1, q - 1, q]);
    assert.ok(now.quota.t >= 1 && now.quota.t <= w(), String(now.quota.t));
  });

test("of two limits both are policies, and all fields agree on that which is nearest its end", async () => {
  const key = await create("--rate", "60/min:10", "--quota", "12/day"), seen = [];
  for (let i = 0; i < 4; i++) seen.push(limitsTold(await ask(key)));
  for (const { policy } of seen) assert.deepEqual(policy, { rate: { q: 60, w: 60 }, quota: { q: 12, w: 86400 } });
  assert.ok(seen.every(({ told }) => told.limit === 60 || told.limit === 12));
});

test("refused for its rate, a key reads zero left, and when to come again in whole seconds", async () => {
  const key = await create("--rate", "6/hour:1");
  assert.equal((await ask(key)).status, 200);
  const answer = await ask(key), { now, told } = limitsTold(answer);
  assert.equal(answer.status, 429);
  assert.deepEqual([now.rate.r, told.remaining], [0, 0]);
  const wait = Number(values(answer, "retry-after")[0]);
  assert.ok(Number.isInteger(wait) && wait >= 1 && wait <= 600, String(wait));
  assert.equal(wait, now.rate.t, "a burst of one is full again when the next may come");
});

test("refused for its quota, a key is told the end of the window by all three", async () => {
  const key = await create("--rate", "none", "--quota", "1/day");
  assert.equal((await ask(key)).status, 200);
  const answer = await ask(key), { now, told } = limitsTold(answer);
  assert.equal(answer.status, 429);
  assert.deepEqual([now.quota.r, told.remaining], [0, 0]);
  assert.equal(Number(values(answer, "retry-after")[0]), now.quota.t);
});

test("an answer that is refused for something else tells the limits, and takes nothing", async () => {
  const key = await create("--rate", "none", "--quota", "5/day");
  const first = limitsTold(await ask(key, "POST /elsewhere"));
  const second = limitsTold(await ask(key, "POST /elsewhere"));
  assert.deepEqual([first.now.quota.r, second.now.quota.r], [5, 5]);
});

test("without any limit there are no such fields", async () => {
  const answer = await ask(await create("--rate", "none"));
  assert.equal(answer.status, 200);
  for (const name of ["ratelimit-policy", "ratelimit", "x-ratelimit-limit"]) assert.deepEqual(values(answer, name), [], name);
});
