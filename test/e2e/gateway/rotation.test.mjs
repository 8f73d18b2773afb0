// rotation.test.mjs - from one secret to the next: both work for a while, then one, and who has not followed is known.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import { assertAllowed, assertRefused } from "../lib/check.mjs";
import { startGateway, values } from "../lib/gateway.mjs";

let gateway, service;
before(async () => {
  gateway = await startGateway();
  service = gateway.keyward.service;
});
after(() => gateway.stop());

const ask = (key, more = {}) => gateway.watch(() => gateway.ask("GET /pay/x", { key, ...more }));
const ends = ({ answer }) => values(answer, "x-keyward-old-secret-ends");
const create = (more = []) => gateway.keyward.createKey({ name: "rotating", permission: "transactions", more });
const json = (...args) => service.ok("keys", ...args, "--json");

/** Rotates by the command line: the key with its new secret, as {id, key}, and what was answered. */
async function rotate(id, ...more) {
  const answer = await json("rotate", id, ...more);
  return { id, key: answer.secret, answer };
}

test("D11_inside_the_overlap_both_secrets_work_and_the_old_one_is_told_its_end", async () => {
  const old = await create();
  const fresh = await rotate(old.id, "--overlap", "1h");
  assert.notEqual(fresh.key, old.key);
  assert.equal(fresh.answer.id, old.id, "the id stays");
  const withOld = await ask(old), withNew = await ask(fresh);
  assertAllowed(withOld);
  assertAllowed(withNew);
  assert.deepEqual(ends(withOld), [fresh.answer.oldSecretEnds]);
  assert.deepEqual(ends(withNew), []);
  assert.deepEqual([withOld.events[0].old_secret, withNew.events[0].old_secret], [true, false]);
  assert.ok(Math.abs(Date.parse(fresh.answer.oldSecretEnds) - Date.now() - 3_600_000) < 60_000);
});

test("D11_after_the_overlap_the_old_secret_is_refused_and_on_the_record_as_such", async () => {
  const old = await create();
  const fresh = await rotate(old.id, "--overlap", "1h");
  await service.ok("keys", "rotation", "complete", old.id, "--yes");
  const result = await ask(old);
  assertRefused(result, 401, "secret_rotated");
  assert.equal(result.answer.json.message, "API key was rotated: use its new secret");
  assert.equal(result.events[0].key_id, old.id);
  assert.equal(result.events[0].proved, false);
  assertAllowed(await ask(fresh));
});

test("D11_without_an_overlap_the_old_secret_ends_with_the_call", async () => {
  const old = await create();
  const fresh = await rotate(old.id, "--overlap", "0");
  assert.equal(fresh.answer.oldSecretEnds, null);
  assertRefused(await ask(old), 401, "secret_rotated");
  assertAllowed(await ask(fresh));
});

test("D11_a_secret_of_two_rotations_ago_is_any_wrong_one", async () => {
  const old = await create();
  await rotate(old.id, "--overlap", "0");
  await rotate(old.id, "--overlap", "0");
  assertRefused(await ask(old), 401, "invalid_key", "wrong_secret");
});

test("D11_cancelled_the_old_secret_stays_and_the_new_one_is_refused", async () => {
  const old = await create();
  const before = await json("show", old.id);
  const fresh = await rotate(old.id);
  const back = await json("rotation", "cancel", old.id, "--yes");
  assertAllowed(await ask(old));
  assertRefused(await ask(fresh), 401, "secret_rotated");
  assert.equal(back.rotationDue, before.rotationDue, "it is as old as it was");
});

test("a_third_secret_is_refused_while_two_work", async () => {
  const old = await create();
  await rotate(old.id);
  const again = await service.run("keys", "rotate", old.id);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /both secrets work until .*Complete it.*or cancel it/);
});

test("what_cannot_be_rotated_says_why", async () => {
  const key = await create();
  for (const [args, why] of [
    [["rotate", key.id, "--overlap", "31d"], /30 days at most/],
    [["rotate", key.id, "--overlap", "soon"], /Write it as "24h"/],
    [["rotation", "complete", key.id, "--yes"], /No rotation of this key is open/],
    [["rotation", "cancel", key.id, "--yes"], /No rotation of this key is open/],
    [["rotate", "7Q2mK4T9xJ1aBd"], /no key of that id/],
  ]) {
    const { code, stderr } = await service.run("keys", ...args);
    assert.notEqual(code, 0);
    assert.match(stderr, why);
  }
  await service.ok("keys", "revoke", key.id, "--yes");
  assert.match((await service.run("keys", "rotate", key.id)).stderr, /revoked, which is final/);
});

test("quota_and_history_go_on_over_a_rotation", async () => {
  const old = await create(["--quota", "3/day"]);
  assertAllowed(await ask(old));
  const fresh = await rotate(old.id);
  assertAllowed(await ask(fresh));
  assertAllowed(await ask(old));
  assertRefused(await ask(fresh), 429, "quota_exceeded");
  const events = (await gateway.keyward.events()).filter((event) => event.key_id === old.id);
  assert.deepEqual(events.map((event) => event.old_secret), [false, false, true, false]);
});

test("who_still_uses_the_old_secret_is_listed_by_address_and_agent", async () => {
  const old = await create();
  const fresh = await rotate(old.id);
  const by = (agent) => ({ headers: [["User-Agent", agent]] });
  await ask(old, by("nightly/1"));
  await ask(old, by("nightly/1"));
  await ask(old, by("reports/2"));
  await ask(fresh, by("new/1"));
  await service.ok("keys", "rotation", "complete", old.id, "--yes");
  await ask(old, by("nightly/1"));
  const state = await json("rotation", "show", old.id);
  const users = state.oldSecretUsers.map(({ source, agent, allowed, denied }) => [source, agent, allowed, denied]);
  assert.deepEqual(users.sort(), [["127.0.0.1", "nightly/1", 2, 1], ["127.0.0.1", "reports/2", 1, 0]]);
  assert.equal(state.isOpen, false);
  const { stdout } = await service.run("keys", "rotation", "show", old.id);
  assert.match(stdout, /nightly\/1\s+2\s+1/);
});

test("a_rotation_sent_again_with_its_idempotency_key_issues_no_other_secret", async () => {
  const { id } = await create();
  const send = () => service.call("POST", `/v1/keys/${id}/rotate`, { overlap: "2h" }, { "idempotency-key": "once" });
  const first = await send(), second = await send();
  assert.deepEqual([first.status, second.status], [201, 201]);
  assert.equal(typeof first.json.secret, "string");
  assert.equal(second.json.secret, null);
  assert.equal(second.headers["idempotent-replayed"], "true");
  assert.equal(second.headers.location, `/v1/keys/${id}`);
  const other = await create();
  const elsewhere = await service.call("POST", `/v1/keys/${other.id}/rotate`, { overlap: "2h" }, { "idempotency-key": "once" });
  assert.equal(elsewhere.status, 409, "another key is another call");
});

test("two_rotations_at_once_issue_one_secret", async () => {
  const { id } = await create();
  const answers = await Promise.all(Array.from({ length: 8 }, () => service.call("POST", `/v1/keys/${id}/rotate`, {})));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(7).fill(409)]);
});

test("a_rotation_outlives_serve_and_its_keyring", async () => {
  const old = await create();
  const fresh = await rotate(old.id);
  const done = await create();
  await rotate(done.id, "--overlap", "0");
  await service.end();
  await service.serve();
  assertAllowed(await ask(old));
  assertAllowed(await ask(fresh));
  assertRefused(await ask(done), 401, "secret_rotated");
});

test("what_happens_to_a_key_that_is_not_rotated_in_time_is_chosen_with_it", async () => {
  const { id } = await create(["--rotation-days", "30", "--on-overdue", "read_only"]);
  assert.equal((await json("show", id)).onOverdue, "read_only");
  assert.equal((await json("change", id, "--on-overdue", "expire")).onOverdue, "expire");
  assert.equal((await json("show", id)).rotationStage, "30d");
  const wrong = await service.run("keys", "change", id, "--on-overdue", "explode");
  assert.match(wrong.stderr, /"alert", "read_only" or "expire"/);
});

/* A folder lies where the head of the log is written: what is changed is in force, and not yet saved. */
async function rotateUnsaved(id, overlap) {
  const inTheWay = `${service.dir}/keys/head.new`;
  await fs.mkdir(inTheWay);
  const refused = await service.call("POST", `/v1/keys/${id}/rotate`, { overlap });
  await fs.rmdir(inTheWay);
  assert.equal(refused.status, 507, refused.text);
  assert.equal(refused.json.code, "unsaved");
  assert.match(refused.json.message, /its secret was given to nobody/);
  return refused.json.message;
}

test("X3_a_rotation_that_is_not_saved_tells_the_way_to_another_secret", async () => {
  const old = await create();
  assert.match(await rotateUnsaved(old.id, "1h"), /then cancel the rotation, which ends that secret, and rotate the key again$/);
  assertAllowed(await ask(old));
  await json("rotation", "cancel", old.id, "--yes");
  const fresh = await rotate(old.id);
  assertAllowed(await ask(old));
  assertAllowed(await ask(fresh));
});

test("X3_a_rotation_without_overlap_that_is_not_saved_tells_to_rotate_again", async () => {
  const old = await create();
  assert.match(await rotateUnsaved(old.id, "0"), /of the keys, then rotate the key again$/);
  assertRefused(await ask(old), 401, "secret_rotated");
  assertAllowed(await ask(await rotate(old.id, "--overlap", "0")));
});
