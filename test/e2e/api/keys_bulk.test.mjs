// keys_bulk.test.mjs - many keys ended at once: counted first, done when the count still holds, each on the record.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { join } from "../lib/people.mjs";

let k, admin, developer, viewer, foreign;
before(async () => {
  k = await Installation.make();
  await k.ok("accounts", "create", "shop");
  admin = await join(k, { email: "admin@main.example", role: "admin" });
  developer = await join(k, { email: "developer@main.example", role: "developer" });
  viewer = await join(k, { email: "viewer@main.example", role: "viewer" });
  foreign = await join(k, { email: "owner@shop.example", role: "owner", account: "shop" });
});
after(() => k.stop());

async function bulk(by, what, body) {
  const answer = await by.call("POST", `/v1/keys/${what}`, body);
  assertInContract("POST", `/v1/keys/${what}`, answer);
  return answer;
}
const make = async (by, n, more = {}) => {
  const ids = [];
  for (let i = 0; i < n; i++) {
    const { status, json, text } = await by.call("POST", "/v1/keys", { name: `many ${i}`, environment: "sandbox", ...more });
    assert.equal(status, 201, text);
    ids.push(json.id);
  }
  return ids;
};
const stateOf = async (id) => (await k.call("GET", `/v1/keys/${id}`)).json.state;

test("the_count_comes_first_and_is_to_be_given_back", async () => {
  const ids = await make(developer, 3), filter = { createdBy: `member:${developer.id}` };
  const [other] = await make(admin, 1);
  const dry = await bulk(developer, "revoke", { filter: { ...filter, environment: "sandbox" }, dryRun: true });
  assert.deepEqual([dry.json.matched, dry.json.changed, dry.json.left], [3, 0, 3]);
  assert.deepEqual(dry.json.keys.map(({ id }) => id), ids);
  assert.equal(await stateOf(ids[0]), "active", "nothing was done");
  const [late] = await make(developer, 1);
  assertProblem(await bulk(admin, "revoke", { filter, expect: 3 }), 409, "count_changed");
  assert.equal(await stateOf(ids[0]), "active");
  const done = await bulk(admin, "revoke", { filter, expect: 4 });
  assert.deepEqual([done.json.matched, done.json.changed, done.json.left], [4, 4, 0]);
  assert.deepEqual(await Promise.all([...ids, late, other].map(stateOf)), ["revoked", "revoked", "revoked", "revoked", "active"]);
  assert.equal((await bulk(admin, "revoke", { filter, dryRun: true })).json.matched, 0, "they are at their end");
});

test("each_is_a_change_of_its_own_on_the_record", async () => {
  const ids = await make(developer, 2, { name: "recorded" });
  await bulk(admin, "revoke", { filter: { name: "recorded" }, expect: 2 });
  for (const id of ids) {
    let events = [];
    for (const end = Date.now() + 10_000; events.length < 2 && Date.now() < end; )
      events = (await k.call("GET", `/v1/events?kind=change&key=${id}`)).json.events;
    assert.deepEqual(events.map(({ actor, summary }) => [actor, summary.state]).sort(), [[`member:${admin.id}`, "revoked"], [`member:${developer.id}`, "active"]].sort());
  }
});

test("filters_mean_what_they_mean_in_the_list", async () => {
  await make(admin, 1, { name: "old reader" });
  for (const filter of [{ q: "old" }, { name: "old reader" }, { createdAfter: "1h", name: "old reader" }, { usedBefore: "1d", name: "old reader" }, { createdBy: `member:${admin.id}`, environment: "sandbox", state: "active" }]) {
    const { json: list } = await admin.call("GET", `/v1/keys?${new URLSearchParams(filter)}`);
    const { json: counted } = await bulk(admin, "revoke", { filter, dryRun: true });
    assert.deepEqual(counted.keys.map(({ id }) => id), list.keys.filter(({ state }) => state !== "revoked").map(({ id }) => id), JSON.stringify(filter));
    assert.ok(counted.matched > 0);
  }
  assert.equal((await bulk(admin, "revoke", { filter: { createdBefore: "1h" }, dryRun: true })).json.matched, 0);
  assert.equal((await bulk(admin, "revoke", { filter: { usedFrom: "203.0.113.0/24" }, dryRun: true })).json.matched, 0, "none was used");
});

test("E8_viewers_revoke_nothing_and_developers_say_that_they_mean_the_sandbox", async () => {
  assertProblem(await bulk(viewer, "revoke", { filter: { q: "many" }, dryRun: true }), 403, "scope_missing");
  assertProblem(await bulk(developer, "revoke", { filter: { q: "many" }, dryRun: true }), 403, "scope_missing");
  assert.equal((await bulk(developer, "revoke", { filter: { q: "many", environment: "sandbox" }, dryRun: true })).status, 200);
});

test("E7_another_accounts_keys_are_never_among_them", async () => {
  const [mine] = await make(admin, 1, { name: "both have it" });
  const [theirs] = await make(foreign, 1, { name: "both have it" });
  assert.deepEqual((await bulk(foreign, "revoke", { filter: { name: "both have it" }, dryRun: true })).json.keys.map(({ id }) => id), [theirs]);
  assert.equal((await bulk(foreign, "revoke", { filter: { name: "both have it", account: "main" }, dryRun: true })).json.matched, 0);
  await bulk(foreign, "revoke", { filter: { name: "both have it" }, expect: 1 });
  assert.deepEqual([await stateOf(mine), await stateOf(theirs)], ["active", "revoked"]);
  assert.equal((await bulk(k, "revoke", { filter: { account: "main", name: "both have it" }, expect: 1 })).json.changed, 1, "an operator names the account");
});

test("an_expiry_only_ever_comes_earlier", async () => {
  const [never] = await make(admin, 1, { name: "ending" }), [soon] = await make(admin, 1, { name: "ending", expires: "2d" }), [late] = await make(admin, 1, { name: "ending", expires: "90d" });
  const ends = async () => Promise.all([never, soon, late].map(async (id) => (await k.call("GET", `/v1/keys/${id}`)).json.expires));
  const before = await ends();
  assert.equal((await bulk(admin, "expire", { filter: { name: "ending" }, expires: "7d", expect: 2 })).json.changed, 2);
  const then = await ends();
  assert.equal(then[1], before[1], "what ends before that stays");
  assert.equal(then[0], then[2]);
  assert.ok(Math.abs(Date.parse(then[0]) - Date.now() - 7 * 86_400_000) < 60_000);
  assertProblem(await bulk(admin, "expire", { filter: { name: "ending" }, expires: "never", dryRun: true }), 400, "syntax", "expires");
  assertProblem(await bulk(admin, "expire", { filter: { name: "ending" }, expires: "2001-01-01", dryRun: true }), 400, "syntax", "expires");
});

test("keys_are_found_by_the_network_of_their_last_use", async () => {
  const { id, secret } = await k.createKey("--name", "used", "--environment", "sandbox");
  await k.call("POST", "/v1/authorize", { key: secret, method: "GET", path: "/x", source: "203.0.113.7", environment: "sandbox", tls: true });
  for (const end = Date.now() + 10_000; Date.now() < end; )
    if ((await k.call("GET", `/v1/keys/${id}`)).json.lastUsedFrom !== null) break;
  const from = async (usedFrom) => (await bulk(k, "revoke", { filter: { usedFrom }, dryRun: true })).json.keys.map((key) => key.id);
  assert.deepEqual(await from("203.0.113.0/24"), [id]);
  assert.deepEqual(await from("203.0.113.7"), [id]);
  assert.deepEqual(await from("203.0.112.0/24"), []);
  assert.deepEqual((await k.call("GET", "/v1/keys?usedFrom=203.0.113.0/24")).json.keys.map((key) => key.id), [id]);
});

test("more_than_one_call_may_do_are_done_by_several_and_others_are_answered_meanwhile", async () => {
  const n = 1030, filter = { name: "very many" };
  await Promise.all(Array.from({ length: 10 }, () => make(admin, n / 10, filter)));
  const [other] = await make(admin, 1);
  const first = bulk(admin, "revoke", { filter, expect: n });
  let isDone = false, answered = 0;
  void first.finally(() => { isDone = true; });
  while (!isDone) {
    assert.equal((await k.call("GET", `/v1/keys/${other}`)).status, 200);
    answered++;
  }
  const { json } = await first;
  assert.ok(answered > 1);
  assert.ok(json.changed > 0 && json.changed <= 1000);
  assert.equal(json.left, n - json.changed);
  assert.match((await k.run("keys", "revoke", "--name", "very many", "--expect", String(json.left))).stdout, new RegExp(`${json.left} of ${json.left} keys revoked`));
  assert.equal((await bulk(admin, "revoke", { filter, dryRun: true })).json.matched, 0);
});

test("what_is_asked_is_read_strictly", async () => {
  const filter = { q: "x" };
  assertProblem(await bulk(k, "revoke", { filter }), 400, "missing", "expect");
  assertProblem(await bulk(k, "revoke", { filter, dryRun: true, expect: 1 }), 400, "missing", "expect");
  assertProblem(await bulk(k, "revoke", { filter: {}, dryRun: true }), 400, "missing", "filter");
  assertProblem(await bulk(k, "revoke", { dryRun: true }), 400, "wrong_type", "filter");
  assertProblem(await bulk(k, "revoke", { filter: { colour: "red" }, dryRun: true }), 400, "unknown_member");
  assertProblem(await bulk(k, "revoke", { filter: { q: 7 }, dryRun: true }), 400, "wrong_type");
  assertProblem(await bulk(k, "revoke", { filter: { usedFrom: "10.8.0.1/16" }, dryRun: true }), 400, "syntax", "usedFrom");
  assertProblem(await bulk(k, "revoke", { filter: { createdAfter: "soon" }, dryRun: true }), 400, "syntax", "createdAfter");
  assertProblem(await bulk(k, "revoke", { filter, expect: -1 }), 400, "range");
});

test("the_command_line_counts_asks_and_does_all_of_them", async () => {
  const ids = await make(developer, 5, { name: "by hand" });
  const args = ["--search", "by hand", "--created-by", `member:${developer.id}`];
  assert.equal((await k.run("keys", "revoke", ...args)).code, 64, "nobody is there to be asked");
  const wrong = await k.run("keys", "revoke", ...args, "--expect", "4");
  assert.match(wrong.stderr, /5 keys match, not 4/);
  assert.match((await k.run("keys", "expire", "1d", ...args, "--yes")).stdout, /5 of 5 keys end then/);
  assert.match((await k.run("keys", "revoke", ...args, "--expect", "5")).stdout, /5 of 5 keys revoked/);
  assert.equal(await stateOf(ids[4]), "revoked");
  assert.match((await k.run("keys", "revoke", ...args, "--yes")).stdout, /No key matches/);
  assert.equal((await k.run("keys", "revoke", "--yes")).code, 64, "nothing says which");
  assert.equal((await k.run("keys", "revoke", ids[0], ...args, "--yes")).code, 64, "both");
});
