// limits.test.mjs - what a client is told about its limits is true.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { assertDenied } from "./lib/check.mjs";
import { startGateway, values } from "./lib/gateway.mjs";

let gateway;
before(async () => {
  gateway = await startGateway();
  const left = 86400000 - (Date.now() % 86400000);
  if (left < 30000) await new Promise((resolve) => setTimeout(resolve, left + 1000)); /* a day ends only once in this test */
});
after(() => gateway.stop());

const create = (...more) => gateway.keyward.createKey({ name: "limited", permission: "transactions", more });
const ask = (key) => gateway.ask("GET /pay/x", { key });
const one = (answer, name) => {
  assert.equal(values(answer, name).length, 1, name);
  return values(answer, name)[0];
};

/** A structured field's list, "rate";q=600;w=60, …, as {rate: {q, w}, …}. */
function items(text) {
  return Object.fromEntries(text.split(", ").map((item) => {
    const [name, ...parameters] = item.split(";");
    return [JSON.parse(name), Object.fromEntries(parameters.map((p) => [p.split("=")[0], Number(p.split("=")[1])]))];
  }));
}

/** Asks until the key is refused: that answer, and how many were allowed before. */
async function untilRefused(key, most) {
  for (let allowed = 0; allowed <= most; allowed++) {
    const answer = await ask(key);
    if (answer.status !== 200) return { answer, allowed };
  }
  return assert.fail(`more than ${most} were allowed`);
}

test("a_rate_refuses_with_a_retry_after_that_proves_true", async () => {
  const key = await create("--rate", "20/min:4");
  const { answer, allowed } = await untilRefused(key, 6);
  assert.ok(allowed >= 4 && allowed <= 6);
  assertDenied(answer, 429, "rate_limited");
  const wait = Number(one(answer, "retry-after"));
  assert.ok(Number.isInteger(wait) && wait >= 1 && wait <= 3, `20 a minute is one in 3 s, not ${wait}`);
  await new Promise((resolve) => setTimeout(resolve, wait * 1000));
  assert.equal((await ask(key)).status, 200);
});

test("the_headers_of_limits_name_both_and_count_down_the_one_that_is_nearest_its_end", async () => {
  const key = await create("--rate", "6/min:3", "--quota", "100/day");
  const first = await ask(key), second = await ask(key);
  for (const answer of [first, second])
    assert.deepEqual(items(one(answer, "ratelimit-policy")), { rate: { q: 6, w: 60 }, quota: { q: 100, w: 86400 } });
  const { rate: before } = items(one(first, "ratelimit")), { rate: now } = items(one(second, "ratelimit"));
  assert.deepEqual([before.r, now.r], [2, 1]);
  assert.ok(before.t >= 1 && now.t > before.t && now.t <= 20, JSON.stringify([before, now]));
  assert.equal(one(second, "x-ratelimit-limit"), "6");
  assert.equal(one(second, "x-ratelimit-remaining"), "1");
  assert.equal(one(second, "x-ratelimit-reset"), String(now.t));
});

test("of_two_limits_a_quota_that_ends_first_is_told", async () => {
  const key = await create("--rate", "600/min:60", "--quota", "10/day");
  const { quota } = items(one(await ask(key), "ratelimit"));
  assert.equal(quota.r, 9);
  const midnight = (86400000 - (Date.now() % 86400000)) / 1000;
  assert.ok(Math.abs(quota.t - midnight) <= 5, `${quota.t} s, ${midnight} s are left`);
});

test("a_refused_request_does_not_consume", async () => {
  const key = await create("--rate", "none", "--quota", "3/day");
  for (const remaining of ["2", "1", "0"]) assert.equal(one(await ask(key), "x-ratelimit-remaining"), remaining);
  const denied = await gateway.ask("GET /closed/x", { key });
  assert.equal(denied.status, 403);
  assert.equal((await ask(key)).status, 429);
});

test("a_quota_refuses_until_the_day_ends_and_says_so", async () => {
  const key = await create("--rate", "none", "--quota", "5/day");
  const { answer, allowed } = await untilRefused(key, 6);
  assert.equal(allowed, 5, "exactly");
  assertDenied(answer, 429, "quota_exceeded");
  assert.match(answer.json.message, /quota|day/i);
  const midnight = (86400000 - (Date.now() % 86400000)) / 1000;
  assert.ok(Math.abs(Number(one(answer, "retry-after")) - midnight) <= 5);
  assert.equal(items(one(answer, "ratelimit")).quota.r, 0);
  assert.equal((await ask(gateway.keys.pay)).status, 200, "another key has its own");
});

test("keys_of_one_account_do_not_share_limits", async () => {
  const [a, b] = [await create("--rate", "2/min:2"), await create("--rate", "2/min:2")];
  await untilRefused(a, 3);
  assert.equal((await ask(b)).status, 200);
});
