// check.mjs - what the tests of the gateway demand of every answer.
import assert from "node:assert/strict";
import { values } from "./raw.mjs";

const IDENTITY = ["x-keyward-key-id", "x-keyward-account", "x-keyward-environment", "x-keyward-permissions", "x-request-id"];

function isFolded(name, want) {
  return name.toLowerCase().replace(/[_.]/g, "-") === want;
}

/** The values that the upstream received under any spelling of a header's name. */
export function received(request, name) {
  return request.headers.filter(([key]) => isFolded(key, name)).map(([, value]) => value);
}

/** Each identity header arrived exactly once, spelled as we spell it. */
export function identityOf(request) {
  const identity = {};
  for (const name of IDENTITY) {
    const all = received(request, name);
    assert.equal(all.length, 1, `${name} must arrive once, not ${all.length} times`);
    assert.equal(values(request, name).length, 1, `${name} must arrive in our spelling`);
    identity[name] = all[0];
  }
  return identity;
}

/** The answer is our denial, whole, and nothing that a caller could take for a success. */
export function assertDenied(answer, status, code) {
  assert.ok(answer, "there must be an answer");
  assert.equal(answer.status, status, `${answer.status} ${answer.text}`);
  assert.deepEqual(values(answer, "content-type"), ["application/json"]);
  assert.deepEqual(values(answer, "cache-control"), ["no-store"]);
  assert.equal(values(answer, "x-request-id").length, 1);
  assert.equal(answer.json?.statusCode, status);
  assert.equal(answer.json?.code, code);
  assert.equal(answer.json?.requestId, values(answer, "x-request-id")[0]);
  const challenge = values(answer, "www-authenticate");
  assert.deepEqual(challenge, status === 401 ? ['ApiKey realm="keyward"'] : []);
  assert.equal(values(answer, "retry-after").length, status === 429 ? 1 : 0);
}

/** Exactly one attempt is on the record, with this reason: as itself, or, in a flood, in a summary of one. */
export function assertOneEvent(events, reason) {
  assert.deepEqual(events.map((event) => [event.reason, event.count]), [[reason, 1]]);
}

/** A request was denied: the answer says so, one event says so, and the upstream saw nothing. */
export function assertRefused({ answer, events, seen }, status, code, reason = code) {
  assertDenied(answer, status, code);
  assert.deepEqual(seen, [], "the upstream must not see a denied request");
  assertOneEvent(events, reason);
  assert.equal(events[0].allowed, false);
  if (events[0].kind === "decision") assert.equal(events[0].request_id, answer.json.requestId);
}

/** A request was allowed: one event with the request id of the answer, and the upstream saw it once. A public one without a
 *  key may be counted in a summary, which has no id. */
export function assertAllowed({ answer, events, seen }, reason = "allowed") {
  assert.equal(answer?.status, 200, `${answer?.status} ${answer?.text}`);
  assert.equal(seen.length, 1);
  assertOneEvent(events, reason);
  assert.equal(events[0].allowed, true);
  const [id, ...more] = values(answer, "x-request-id");
  assert.deepEqual(more, []);
  assert.equal(identityOf(seen[0])["x-request-id"], id);
  if (events[0].kind === "decision") assert.equal(events[0].request_id, id);
  else assert.equal(reason, "public");
}

/** Asks again and again, for up to ten seconds (or so many), until something true comes back: that. */
export async function until(ask, seconds = 10) {
  for (const deadline = Date.now() + 1000 * seconds; ; ) {
    const got = await ask();
    if (got) return got;
    if (Date.now() > deadline) throw new Error(`it did not come about within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
