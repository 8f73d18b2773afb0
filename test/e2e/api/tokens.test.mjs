// tokens.test.mjs - the calls about access tokens, each answer held against the contract.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { join } from "../lib/people.mjs";
import { tokenClient } from "../lib/tokens.mjs";
import { otherSecret } from "../../../tools/run/key_text.mjs";

let k, client, owner, foreign, key;
before(async () => {
  k = await Installation.make();
  client = tokenClient(k);
  await k.ok("accounts", "create", "shop");
  owner = await join(k, { email: "owner@main.example", role: "owner" });
  foreign = await join(k, { email: "owner@shop.example", role: "owner", account: "shop" });
  key = await make();
});
after(() => k.stop());

const make = async (...more) => {
  const { id, secret } = await k.createKey("--name", "exchanged", "--environment", "sandbox", "--permission", "transactions", ...more);
  return { id, key: secret };
};
const checked = (method, target, answer) => {
  assertInContract(method, target, answer);
  return answer;
};
const exchange = async (...args) => checked("POST", "/v1/tokens", await client.exchange(...args));
const refresh = async (token) => checked("POST", "/v1/tokens/refresh", await client.refresh(token));
const introspect = async (token, by = k) => checked("POST", "/v1/tokens/introspect", await by.call("POST", "/v1/tokens/introspect", { token }));

test("a_key_is_exchanged_and_the_answer_is_kept_by_nobody", async () => {
  const answer = await exchange(key, { permissions: ["read_only"], expiresIn: 120 });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.deepEqual(answer.json.permissions, ["read_only"]);
  assert.ok(answer.json.expiresIn > 110 && answer.json.expiresIn <= 120);
});

test("U_each_exchange_and_each_refused_one_is_one_event_under_its_request_id", async () => {
  const good = await exchange(key), bad = await exchange({ key: otherSecret(key.key) });
  assertProblem(bad, 401, "invalid_key");
  await k.call("POST", "/v1/drain");
  for (const [answer, reason] of [[good, "allowed"], [bad, "wrong_secret"]]) {
    const found = await k.call("GET", `/v1/events/${answer.headers["x-request-id"]}`);
    assert.equal(found.json?.event?.reason, reason, found.text);
  }
});

test("what_is_wrong_with_an_exchange_is_said", async () => {
  assertProblem(await exchange(key, { permissions: ["account_management"] }), 400, "range", "permissions");
  assertProblem(await exchange(key, { permissions: [] }), 400, "range", "permissions");
  assertProblem(await exchange(key, { permissions: ["all"] }), 400, "syntax", "permissions");
  assertProblem(await exchange(key, { expiresIn: 59 }), 400, "range", "expiresIn");
  assertProblem(await exchange(key, { expiresIn: 3601 }), 400, "range", "expiresIn");
  assertProblem(await exchange(key, { account: "shop" }), 400, "unknown_member", "account");
  assertProblem(checked("POST", "/v1/tokens", await client.post("/v1/tokens", {})), 401, "missing_key");
});

/** The recorded decision of an answer. */
const eventOf = async (answer) => {
  await k.call("POST", "/v1/drain");
  const found = await k.call("GET", `/v1/events/${answer.headers["x-request-id"]}`);
  assert.equal(found.status, 200, found.text);
  return found.json.event;
};

test("a_key_is_not_exchanged_for_more_than_it_may_do", async () => {
  for (const permissions of [["account_management"], ["full_access"], ["read_only", "account_management"]]) {
    const refused = await exchange(key, { permissions });
    assertProblem(refused, 400, "range", "permissions");
    const event = await eventOf(refused);
    assert.deepEqual([event.reason, event.proved, event.key_id], ["permission_denied", true, key.id]);
  }
});

test("what_is_wrong_with_a_body_costs_the_key_nothing_and_is_no_use_of_it", async () => {
  const scarce = await make("--quota", "1/day");
  for (const body of [{ permissions: [] }, { permissions: ["all"] }, { permissions: "read_only" }, { expiresIn: 59 }, { expiresIn: "600" }, { more: 1 }]) {
    const refused = await exchange(scarce, body);
    assert.equal(refused.status, 400, refused.text);
    assert.equal((await k.call("GET", `/v1/events/${refused.headers["x-request-id"]}`)).status, 404);
  }
  assertProblem(await exchange(scarce, { permissions: ["full_access"] }), 400, "range", "permissions");
  assert.equal((await exchange(scarce)).status, 200);
  assertProblem(await exchange(scarce), 429, "quota_exceeded");
});

test("D6_an_exchange_takes_exactly_one_credential", async () => {
  const { json } = await exchange(key);
  const both = await exchange(key, {}, { authorization: `Bearer ${json.accessToken}` });
  assertProblem(both, 400, "ambiguous_credentials");
  const asBearer = checked("POST", "/v1/tokens", await client.post("/v1/tokens", {}, { authorization: `Bearer ${json.accessToken}` }));
  assertProblem(asBearer, 401, "invalid_key");
  assertProblem(await exchange({ key: json.accessToken }), 401, "invalid_key");
});

test("D4_a_refresh_token_that_is_none_gets_one_answer", async () => {
  const { json } = await exchange(key);
  for (const token of [otherSecret(json.refreshToken), json.accessToken, key.key, "x", json.refreshToken.slice(1)])
    assertProblem(await refresh(token), 401, "invalid_key");
  assert.equal((await refresh(json.refreshToken)).status, 200);
});

test("U_a_token_given_up_is_on_the_record_and_so_is_one_that_is_none", async () => {
  const { json } = await exchange(key);
  const wrong = checked("POST", "/v1/tokens/revoke", await client.revoke(otherSecret(json.refreshToken)));
  const right = checked("POST", "/v1/tokens/revoke", await client.revoke(json.refreshToken));
  const again = checked("POST", "/v1/tokens/revoke", await client.revoke(json.refreshToken));
  assert.deepEqual([wrong.status, right.status, again.status], [200, 200, 200]);
  const events = [await eventOf(wrong), await eventOf(right), await eventOf(again)];
  assert.deepEqual(events.map(({ reason }) => reason), ["unknown_key", "allowed", "token_ended"]);
  assert.deepEqual(events.map(({ proved }) => proved ?? false), [false, true, true]);
  assert.deepEqual(events.map(({ path }) => path), Array(3).fill("/v1/tokens/revoke"));
  assert.deepEqual([events[1].credential, events[1].token_id, events[1].key_id, events[1].account], ["token", json.id, key.id, "main"]);
  assert.ok(!JSON.stringify(events).includes(json.refreshToken.slice(-20)));
});

test("D14_who_guesses_tokens_is_slowed_down_and_who_has_one_is_not", async () => {
  const guesser = tokenClient(k, "198.51.100.77");
  const { json } = await exchange(key), { json: other } = await exchange(key);
  for (const path of ["refresh", "revoke"]) {
    let answer;
    for (let i = 0; i < 400; i++) {
      answer = await guesser[path](otherSecret(json.refreshToken));
      if (answer.status === 429) break;
      assert.equal(answer.status, path === "refresh" ? 401 : 200);
    }
    checked("POST", `/v1/tokens/${path}`, answer);
    assertProblem(answer, 429, "too_many_failures");
    assert.ok(Number(answer.headers["retry-after"]) >= 1);
  }
  assert.equal((await guesser.refresh(json.refreshToken)).status, 200, "a right one is never refused because of its neighbours");
  assert.equal((await guesser.revoke(other.accessToken)).status, 200);
  assert.deepEqual((await introspect(other.accessToken)).json, { active: false });
  assertProblem(await refresh(otherSecret(json.refreshToken)), 401, "invalid_key");
});

test("D12_a_token_in_the_query_of_a_call_is_refused_and_written_nowhere", async () => {
  const { json } = await exchange(key);
  for (const path of ["", "/refresh", "/revoke"]) {
    const answer = await client.post(`/v1/tokens${path}?token=${json.refreshToken}`, {}, { "x-api-key": key.key });
    assert.equal(answer.status, 400, answer.text);
    assert.ok(!answer.text.includes(json.refreshToken.slice(-20)));
  }
  assert.ok(!k.log.includes(json.refreshToken.slice(-20)));
  assert.equal((await introspect(json.accessToken)).json.active, true);
});

test("a_key_that_is_frozen_can_still_have_its_tokens_given_up", async () => {
  const own = await make();
  const { json } = await exchange(own);
  await k.ok("freeze", "key", own.id);
  assertProblem(await refresh(json.refreshToken), 403, "frozen");
  assert.equal((await client.revoke(json.refreshToken)).status, 200);
  await k.ok("unfreeze", "key", own.id);
  assertProblem(await refresh(json.refreshToken), 401, "token_ended");
});

test("D17_a_refresh_token_that_was_used_ends_its_family_when_it_is_given_up", async () => {
  const { json: first } = await exchange(key);
  const { json: second } = await refresh(first.refreshToken);
  const { json: third } = await refresh(second.refreshToken);
  const revoked = checked("POST", "/v1/tokens/revoke", await client.revoke(first.refreshToken));
  assert.equal(revoked.status, 200);
  assertProblem(await refresh(third.refreshToken), 401, "token_ended");
  assert.deepEqual((await introspect(third.accessToken)).json, { active: false });
});

test("an_address_rule_of_the_key_holds_for_exchange_and_refresh", async () => {
  const tied = await make("--allow-ip", "203.0.113.0/24");
  const { json } = await exchange(tied);
  const away = tokenClient(k, "198.51.100.1");
  assertProblem(await away.exchange(tied), 403, "ip_not_allowed");
  assertProblem(await away.refresh(json.refreshToken), 403, "ip_not_allowed");
  assert.equal((await refresh(json.refreshToken)).status, 200, "that was no use of it");
});

test("introspection_tells_backends_and_of_another_accounts_nothing", async () => {
  const { json } = await exchange(key, { permissions: ["read_only"] });
  const { json: found } = await introspect(json.accessToken);
  assert.deepEqual([found.active, found.scope, found.client_id, found.sub, found.token_type], [true, "read_only", key.id, "main", "Bearer"]);
  assert.ok(Math.abs(found.exp - Date.now() / 1000 - 900) < 30);
  assert.deepEqual((await introspect(json.refreshToken)).json, { active: false }, "it lets nobody in");
  assert.deepEqual((await introspect(otherSecret(json.accessToken))).json, { active: false });
  assert.equal((await client.post("/v1/tokens/introspect", { token: json.accessToken })).status, 401, "not without a caller");
  const revoked = checked("POST", "/v1/tokens/revoke", await client.revoke(json.accessToken));
  assert.equal(revoked.status, 200);
  assert.deepEqual((await introspect(json.accessToken)).json, { active: false });
});

test("the_tokens_of_a_key_are_listed_and_ended_by_its_people_alone", async () => {
  const own = await make();
  const pairs = [];
  for (let i = 0; i < 3; i++) pairs.push((await exchange(own)).json);
  await refresh(pairs[0].refreshToken);
  const path = `/v1/keys/${own.id}/tokens`;
  const list = async (by) => checked("GET", "/v1/keys/{id}/tokens", await by.call("GET", path));
  const { json } = await list(owner);
  assert.deepEqual(json.families.map(({ id }) => id), pairs.map(({ id }) => id));
  assert.deepEqual([json.families[0].refreshes, json.families[0].createdFrom], [1, "203.0.113.7"]);
  assert.ok(!JSON.stringify(json).includes("mkt_"), "no token is told");
  assertProblem(await list(foreign), 404, "not_found");
  const end = async (by, id) => checked("POST", "/v1/tokens/{id}/end", await by.call("POST", `/v1/tokens/${id}/end`));
  assertProblem(await end(foreign, pairs[1].id), 404, "not_found");
  assert.equal((await end(owner, pairs[1].id)).json.state, "ended");
  assert.equal((await list(owner)).json.families.length, 2);
  assertProblem(await refresh(pairs[1].refreshToken), 401, "token_ended");
  const all = checked("POST", "/v1/keys/{id}/tokens/end", await owner.call("POST", `${path}/end`));
  assert.deepEqual(all.json, { ended: 2, more: false });
  assert.deepEqual((await list(owner)).json.families, []);
});

test("a_backend_may_have_a_bearer_decided", async () => {
  const { json } = await exchange(key);
  const ask = { method: "GET", path: "/x", source: "203.0.113.7", environment: "sandbox", tls: true };
  const decided = checked("POST", "/v1/authorize", await k.call("POST", "/v1/authorize", { ...ask, bearer: json.accessToken }));
  assert.equal(decided.json.key.id, key.id);
  const wrong = await k.call("POST", "/v1/authorize", { ...ask, bearer: otherSecret(json.accessToken) });
  assert.equal(wrong.json.code, "invalid_key");
});

test("fifty_exchanges_at_once_are_fifty_families", async () => {
  const busy = await make("--rate", "none");
  const answers = await Promise.all(Array.from({ length: 50 }, () => exchange(busy)));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  assert.equal(new Set(answers.map(({ json }) => json.id)).size, 50);
  assert.equal((await owner.call("GET", `/v1/keys/${busy.id}/tokens`)).json.families.length, 50);
});

test("all_tokens_of_a_key_end_though_they_are_more_than_one_call_ends", async () => {
  const busy = await make("--rate", "none"), many = 502, pairs = [];
  for (let n = 0; n < many; n += 50) {
    const answers = await Promise.all(Array.from({ length: Math.min(50, many - n) }, () => client.exchange(busy)));
    for (const { status, json } of answers) pairs.push([status, json]);
  }
  assert.deepEqual([...new Set(pairs.map(([status]) => status))], [200]);
  const path = `/v1/keys/${busy.id}/tokens/end`;
  const end = async () => checked("POST", "/v1/keys/{id}/tokens/end", await owner.call("POST", path)).json;
  assert.deepEqual(await end(), { ended: 500, more: true });
  assert.deepEqual(await k.ok("keys", "tokens", busy.id, "--end", "--yes", "--json"), { ended: 2, more: false });
  assert.deepEqual((await owner.call("GET", `/v1/keys/${busy.id}/tokens`)).json.families, []);
  for (const [, json] of [pairs[0], pairs.at(-1)]) assert.deepEqual((await introspect(json.accessToken)).json, { active: false });
});
