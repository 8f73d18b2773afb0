// expiry.test.mjs - a key ends at its moment: before it every request is allowed, from it on none.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { assertAllowed, assertRefused } from "../lib/check.mjs";
import { startGateway } from "../lib/gateway.mjs";

/* The verifiers know wall time from the keyring, which serve keeps up to date; the client has a clock of its own. */
const APART_MS = 50;
let gateway;
before(async () => {
  gateway = await startGateway();
});
after(() => gateway.stop());

const ask = (options) => gateway.watch(() => gateway.ask("GET /pay/x", options));

/** A key that expires at a whole second, one to two seconds from now. */
async function shortLived(more = []) {
  const at = Math.ceil(Date.now() / 1000 + 1) * 1000;
  const expires = new Date(at).toISOString().replace(".000Z", "Z");
  const key = await gateway.keyward.createKey({ name: "short", permission: "transactions", more: ["--expires", expires, "--rate", "none", ...more] });
  return { ...key, at };
}

/** Asks without a pause until some time after the moment: [{sent, received, status, code}]. */
async function askAcross(key) {
  const outcomes = [];
  while (Date.now() < key.at + 300) {
    const sent = Date.now();
    const { status, json } = await gateway.ask("GET /pay/x", { key });
    outcomes.push({ sent, received: Date.now(), status, code: json?.code });
  }
  return outcomes;
}

test("D10_from_its_expiry_on_a_key_is_denied_and_until_then_allowed", async () => {
  const key = await shortLived();
  const outcomes = await askAcross(key);
  const early = outcomes.filter(({ received }) => received < key.at - APART_MS);
  const late = outcomes.filter(({ sent }) => sent >= key.at + APART_MS);
  assert.ok(early.length > 5 && late.length > 5, `${early.length} before, ${late.length} after`);
  for (const one of early) assert.equal(one.status, 200, JSON.stringify(one));
  for (const one of late) assert.deepEqual([one.status, one.code], [401, "key_expired"], JSON.stringify(one));
  const first = outcomes.findIndex(({ status }) => status !== 200);
  assert.ok(outcomes.slice(first).every(({ status }) => status === 401), "an expired key was allowed again");
});

test("D10_an_expired_key_is_told_so_and_nothing_brings_it_back", async () => {
  const key = await shortLived();
  await new Promise((resolve) => setTimeout(resolve, key.at - Date.now() + APART_MS));
  const result = await ask({ key });
  assertRefused(result, 401, "key_expired");
  assert.equal(result.answer.json.message, "API key expired");
  assert.equal(result.events[0].key_id, key.id);
  for (const step of [["change", key.id, "--expires", "never"], ["enable", key.id]]) {
    const { code, stderr } = await gateway.keyward.service.run("keys", ...step);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /final/);
  }
  assertRefused(await ask({ key }), 401, "key_expired");
  assertAllowed(await ask({ key: gateway.keys.pay }));
});
