// tokens.test.mjs - access tokens at the gateway: let in like their key, with what they were made for, and never longer.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { assertAllowed, assertRefused, identityOf, received, until } from "../lib/check.mjs";
import { startGateway, values } from "../lib/gateway.mjs";
import { tokenClient } from "../lib/tokens.mjs";
import { otherSecret, unknownId } from "../../../tools/run/key_text.mjs";

let gateway, service, client;
before(async () => {
  gateway = await startGateway({
    sandbox: (g) => `location / { keyward on; keyward_bearer on; ${g.pass} }
      location /pay/off { keyward on; ${g.pass} }`,
  });
  service = gateway.keyward.service;
  client = tokenClient(service);
});
after(() => gateway.stop());

const bearer = (token) => ({ headers: [["Authorization", `Bearer ${token}`]] });
const ask = (token, line = "GET /pay/x", more = {}) => gateway.watch(() => gateway.ask(line, { ...bearer(token), ...more }));
const create = (permission = "transactions", more = []) => gateway.keyward.createKey({ name: "exchanged", permission, more });
const keys = (...args) => service.ok("keys", ...args);

test("an_access_token_lets_in_like_its_key_and_is_on_the_record_as_a_token", async () => {
  const key = await create();
  const pair = await client.pair(key);
  const result = await ask(pair.accessToken);
  assertAllowed(result);
  const identity = identityOf(result.seen[0]);
  assert.equal(identity["x-keyward-key-id"], key.id);
  assert.equal(identity["x-keyward-permissions"], "transactions");
  assert.deepEqual(received(result.seen[0], "authorization"), [], "the token does not reach the upstream");
  const [event] = result.events;
  assert.deepEqual([event.credential, event.token_id, event.key_id, event.proved], ["token", pair.id, key.id, true]);
  assert.match(pair.accessToken, /^mkt_test_[0-9A-Za-z]{14}_[0-9A-Za-z]{49}$/);
  assert.match(pair.refreshToken, /^mkr_test_/);
});

test("what_a_token_was_made_for_is_all_that_it_may_do_and_its_key_may_lose_it", async () => {
  const key = await create("full_access");
  const pair = await client.pair(key, { permissions: ["read_only"] });
  assertAllowed(await ask(pair.accessToken, "GET /read/x"));
  assertRefused(await ask(pair.accessToken), 403, "permission_denied");
  const all = await client.pair(key);
  assertAllowed(await ask(all.accessToken));
  await keys("change", key.id, "--permission", "read_only");
  assertRefused(await ask(all.accessToken), 403, "permission_denied");
  assertAllowed(await ask(all.accessToken, "GET /read/x"));
  assert.equal((await client.exchange(key, { permissions: ["transactions"] })).status, 400, "no more than the key has");
});

test("where_no_bearer_is_accepted_a_token_is_no_credential_and_goes_no_further", async () => {
  const { accessToken } = await client.pair(gateway.keys.pay);
  assertRefused(await ask(accessToken, "GET /pay/off"), 401, "missing_key");
  const beside = await gateway.watch(() => gateway.ask("GET /public/x", bearer(accessToken)));
  assertAllowed(beside, "public");
  assert.deepEqual(received(beside.seen[0], "authorization"), []);
});

test("D6_a_key_and_one_of_its_tokens_are_two_credentials", async () => {
  const { accessToken } = await client.pair(gateway.keys.pay);
  assertRefused(await ask(accessToken, "GET /pay/x", { key: gateway.keys.pay }), 400, "ambiguous_credentials");
  assertRefused(await ask(accessToken, "GET /pay/off", { key: gateway.keys.pay }), 400, "ambiguous_credentials");
  const twice = { headers: [["Authorization", `Bearer ${accessToken}`], ["Authorization", `Bearer ${accessToken}`]] };
  const { answer } = await gateway.watch(() => gateway.ask("GET /pay/x", twice));
  assert.equal(answer.status, 400);
});

test("D12_a_token_in_query_path_or_cookie_is_refused_and_redacted", async () => {
  const { accessToken, refreshToken } = await client.pair(gateway.keys.pay);
  for (const token of [accessToken, refreshToken]) {
    for (const [line, more] of [
      [`GET /pay/x?access_token=${token}`, {}],
      [`GET /pay/${token}`, {}],
      ["GET /pay/x", { headers: [["Cookie", `session=${token}`]] }],
    ]) {
      const result = await gateway.watch(() => gateway.ask(line, more));
      assertRefused(result, 400, "credential_in_url");
      assert.ok(!JSON.stringify(result.events).includes(token.slice(-20)), "it is redacted");
    }
  }
});

test("D3_D4_wrong_tokens_get_one_answer_whatever_is_wrong", async () => {
  const { accessToken, refreshToken } = await client.pair(gateway.keys.pay);
  const answers = [];
  for (const [token, reason] of [
    [otherSecret(accessToken), "wrong_secret"],
    [unknownId(accessToken), "unknown_key"],
    [accessToken.slice(0, -1), "malformed_key"],
    [accessToken + "0", "malformed_key"],
    [refreshToken, "malformed_key"],
    ["mkt_live_" + accessToken.slice(9), "malformed_key"],
  ]) {
    const result = await ask(token);
    assertRefused(result, 401, "invalid_key", reason);
    answers.push(result.answer.text.replace(result.answer.json.requestId, ""));
  }
  assert.equal(new Set(answers).size, 1);
  const asKey = await gateway.watch(() => gateway.ask("GET /pay/x", { key: accessToken }));
  assertRefused(asKey, 401, "invalid_key", "malformed_key");
});

test("D8_a_token_belongs_to_the_environment_of_its_key", async () => {
  const { accessToken } = await client.pair(gateway.keys.live);
  assert.match(accessToken, /^mkt_live_/);
  assertRefused(await ask(accessToken), 403, "environment_mismatch");
});

test("a_token_dies_with_its_key_at_once_and_is_held_back_with_it", async () => {
  const key = await create();
  const { accessToken, refreshToken } = await client.pair(key);
  await keys("disable", key.id);
  assertRefused(await ask(accessToken), 401, "key_disabled");
  await keys("enable", key.id);
  assertAllowed(await ask(accessToken));
  await service.ok("keys", "revoke", key.id, "--yes");
  assertRefused(await ask(accessToken), 401, "key_revoked");
  const refused = await client.refresh(refreshToken);
  assert.deepEqual([refused.status, refused.json.code], [401, "key_revoked"]);
});

test("promise_2_a_freeze_holds_tokens_back_at_once_and_gives_them_free_again", async (t) => {
  const key = await create();
  const { accessToken } = await client.pair(key);
  for (const args of [["key", key.id], ["account", "main"], ["environment", "sandbox"]])
    await t.test(args[0], async () => {
      const sure = args[0] === "environment" ? ["--yes"] : [];
      await service.ok("freeze", ...args, "--transact", ...sure);
      assertRefused(await ask(accessToken), 403, "frozen");
      assertAllowed(await ask(accessToken, "GET /read/x"));
      await service.ok("unfreeze", ...args);
      assertAllowed(await ask(accessToken));
    });
});

test("a_token_is_refused_with_its_account_and_from_the_expiry_of_its_key_on", async () => {
  const key = await create();
  const { accessToken, refreshToken } = await client.pair(key);
  await service.ok("accounts", "suspend", "main");
  assertRefused(await ask(accessToken), 403, "account_suspended");
  assert.deepEqual((await client.refresh(refreshToken)).json.code, "account_suspended");
  await service.ok("accounts", "resume", "main");
  assertAllowed(await ask(accessToken));
  await keys("change", key.id, "--expires", new Date(Date.now() + 3000).toISOString().replace(/\.\d+/, ""));
  const refused = await until(async () => {
    const result = await ask(accessToken);
    return result.answer.status === 401 ? result : undefined;
  }, 30);
  assertRefused(refused, 401, "key_expired");
});

test("D11_the_tokens_of_a_secret_end_with_it", async () => {
  const key = await create();
  const { accessToken, refreshToken } = await client.pair(key);
  const rotated = await service.ok("keys", "rotate", key.id, "--overlap", "1h", "--json");
  const during = await ask(accessToken);
  assertAllowed(during);
  assert.deepEqual(values(during.answer, "x-keyward-old-secret-ends"), [rotated.oldSecretEnds]);
  const fresh = await client.pair(rotated.secret);
  await service.ok("keys", "rotation", "complete", key.id, "--yes");
  assertRefused(await ask(accessToken), 401, "secret_rotated");
  assert.equal((await client.refresh(refreshToken)).json.code, "secret_rotated");
  assertAllowed(await ask(fresh.accessToken));
});

test("the_limits_of_the_key_count_its_tokens_and_their_exchange", async () => {
  const key = await create("transactions", ["--quota", "3/day"]);
  const { accessToken } = await client.pair(key);
  assertAllowed(await ask(accessToken));
  assertAllowed(await gateway.watch(() => gateway.ask("GET /pay/x", { key })));
  assertRefused(await ask(accessToken), 429, "quota_exceeded");
  assert.equal((await client.exchange(key)).status, 429);
});

test("D17_a_refresh_gets_the_next_pair_and_the_token_before_stays_until_its_end", async () => {
  const first = await client.pair(gateway.keys.pay);
  const { status, json: second } = await client.refresh(first.refreshToken);
  assert.equal(status, 200);
  assert.equal(second.id, first.id);
  assert.notEqual(second.accessToken, first.accessToken);
  assertAllowed(await ask(second.accessToken));
  assertAllowed(await ask(first.accessToken));
  const { json: third } = await client.refresh(second.refreshToken);
  assertAllowed(await ask(third.accessToken));
  assertRefused(await ask(first.accessToken), 401, "invalid_key", "wrong_secret");
});

test("D17_the_same_refresh_again_from_the_same_address_gets_the_same_pair", async () => {
  const first = await client.pair(gateway.keys.pay);
  const answers = await Promise.all(Array.from({ length: 6 }, () => client.refresh(first.refreshToken)));
  assert.deepEqual(answers.map(({ status }) => status), Array(6).fill(200));
  assert.equal(new Set(answers.map(({ json }) => json.accessToken + json.refreshToken)).size, 1);
  assertAllowed(await ask(answers[0].json.accessToken));
});

test("D17_of_two_refreshes_at_once_from_two_addresses_one_wins_and_the_family_ends", async () => {
  const first = await client.pair(gateway.keys.pay);
  const thief = tokenClient(service, "198.51.100.9");
  const answers = await Promise.all([client.refresh(first.refreshToken), thief.refresh(first.refreshToken)]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401]);
  assert.equal(answers.find(({ status }) => status === 401).json.code, "token_reused");
  const won = answers.find(({ status }) => status === 200).json;
  assertRefused(await ask(won.accessToken), 401, "token_ended");
  assertRefused(await ask(first.accessToken), 401, "token_ended");
  assert.equal((await client.refresh(won.refreshToken)).json.code, "token_ended");
});

test("D17_a_refresh_token_of_some_steps_ago_ends_the_family", async () => {
  const first = await client.pair(gateway.keys.pay);
  let last = first;
  for (let i = 0; i < 3; i++) last = (await client.refresh(last.refreshToken)).json;
  assert.equal((await client.refresh(otherSecret(first.refreshToken))).json.code, "invalid_key", "a guess ends nothing");
  assertAllowed(await ask(last.accessToken));
  assert.equal((await client.refresh(first.refreshToken)).json.code, "token_reused");
  assertRefused(await ask(last.accessToken), 401, "token_ended");
});

test("a_revoked_token_ends_its_family_and_whoever_has_none_learns_nothing", async () => {
  const pair = await client.pair(gateway.keys.pay);
  const nobody = await client.revoke(otherSecret(pair.accessToken));
  assertAllowed(await ask(pair.accessToken));
  const own = await client.revoke(pair.refreshToken);
  assert.deepEqual([nobody.status, own.status, nobody.text], [200, 200, own.text]);
  assertRefused(await ask(pair.accessToken), 401, "token_ended");
});

test("X1_X11_tokens_outlive_serve_and_its_keyring", async () => {
  const key = await create(), gone = await create();
  const pair = await client.pair(key), ended = await client.pair(gone);
  await client.revoke(ended.accessToken);
  const loseKeyring = () => fs.rm(path.join(gateway.run, "keyring"));
  for (const damage of [() => {}, loseKeyring]) {
    await service.end("SIGKILL");
    await damage();
    await service.serve();
    assertAllowed(await ask(pair.accessToken));
    assertRefused(await ask(ended.accessToken), 401, "token_ended");
  }
  const next = await client.refresh(pair.refreshToken);
  assert.equal(next.status, 200);
});

test("D10_a_token_is_refused_from_its_end_on", { timeout: 120_000 }, async () => {
  const pair = await client.pair(gateway.keys.pay, { expiresIn: 60 });
  assert.ok(pair.expiresIn <= 60 && pair.expiresIn > 50);
  const refused = await until(async () => {
    const result = await ask(pair.accessToken);
    return result.answer.status === 401 ? result : undefined;
  }, 90);
  assertRefused(refused, 401, "token_expired");
  assert.equal((await client.refresh(pair.refreshToken)).status, 200);
});
