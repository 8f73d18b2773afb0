// thresholds.test.mjs - what an account chooses of the detectors: read, replaced, and refused by name.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { join } from "../lib/people.mjs";

let k;
before(async () => (k = await Installation.make()));
after(() => k.stop());

const HOME = "/v1/accounts/main/thresholds", PATH = "/v1/accounts/{id}/thresholds";

async function put(detectors, { target = HOME, path = PATH, version } = {}) {
  const read = await k.call("GET", target);
  assertInContract("GET", path, read);
  const answer = await k.call("PUT", target, { detectors }, { "if-match": version ?? read.headers.etag });
  assertInContract("PUT", path, answer);
  return answer;
}

const of = (json, word) => json.detectors.find(({ detector }) => detector === word);

test("what was never chosen is as by default, and says so", async () => {
  const { json } = await k.call("GET", "/v1/thresholds");
  assert.deepEqual([json.account, json.version], [null, 0]);
  const spike = of(json, "usage_spike");
  assert.deepEqual([spike.off, spike.severity, spike.action], [false, spike.defaultSeverity, "notify"]);
  assert.equal(spike.numbers.times.value, spike.numbers.times.default);
});

test("what is chosen is kept, and what is not named is as by default again", async () => {
  await put({ dormant: { off: true }, usage_spike: { times: 9, severity: "high", action: "read_only" } });
  const { json } = await put({ usage_spike: { times: 8 } });
  assert.equal(of(json, "dormant").off, false);
  const spike = of(json, "usage_spike");
  assert.deepEqual([spike.numbers.times.value, spike.severity, spike.action], [8, "medium", "notify"]);
  await put({ source_failures: { count: 50 } }, { target: "/v1/thresholds", path: "/v1/thresholds" });
  assert.equal(of((await k.call("GET", "/v1/thresholds")).json, "source_failures").numbers.count.value, 50);
  assert.equal(of((await k.call("GET", HOME)).json, "source_failures").numbers.count.value, 30, "an account's are its own");
});

test("what cannot be chosen is refused by name, and nothing is changed", async () => {
  const before = (await k.call("GET", HOME)).json;
  for (const [detectors, code, field] of [
    [{ telepathy: {} }, "unknown_member", "telepathy"],
    [{ dormant: true }, "wrong_type", "dormant"],
    [{ dormant: { off: "yes" } }, "range", "dormant.off"],
    [{ dormant: { days: 0 } }, "range", "dormant.days"],
    [{ dormant: { days: "30" } }, "range", "dormant.days"],
    [{ dormant: { times: 3 } }, "range", "dormant.times"],
    [{ dormant: { severity: "grave" } }, "range", "dormant.severity"],
    [{ dormant: { action: "revoke" } }, "range", "dormant.action"],
    [{ key_failures: { action: "disable" } }, "range", "key_failures.action"],
    [{ old_secret: { action: "disable" } }, "range", "old_secret.action"],
    [{ token_reuse: { action: "read_only" } }, "range", "token_reuse.action"],
    [{ denial_rate: { off: true } }, "range", "denial_rate"],
  ])
    assertProblem(await put(detectors), 400, code, field);
  assert.match((await put({ old_secret: { action: "disable" } })).json.message, /can only notify.*present secret/);
  assert.deepEqual([of(before, "old_secret").mayAct, of(before, "token_reuse").mayAct, of(before, "leak").mayAct], [false, false, true]);
  assertProblem(await put({}, { version: '"99"' }), 412, "version_mismatch");
  assert.deepEqual((await k.call("GET", HOME)).json, before);
});

test("a member needs a fresh proof to change what the watch looks for", async () => {
  const owner = await join(k, { email: "owner@main.example", role: "owner" });
  const { headers } = await owner.call("GET", HOME);
  assertProblem(await owner.call("PUT", HOME, { detectors: {} }, { "if-match": headers.etag }), 403, "step_up_required");
});
