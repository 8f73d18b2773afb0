// roles.test.mjs - every call of the contract, made by every role, and by members and tokens of another account. What a call
// needs is read from the contract; who has it is the table below, which is that of the documentation, cell by cell.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertInContract, contract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { otherSecret } from "../../../tools/run/key_text.mjs";
import { Browser, join, PASSWORD } from "../lib/people.mjs";

const VIEWER = ["keys:read", "events:read", "policy:read", "members:read", "account:read"];
const DEVELOPER = [...VIEWER, "keys:write", "tokens:read", "tokens:write", "alerts:write"];
const ADMIN = [...DEVELOPER, "keys:production", "members:write", "account:write", "webhooks:read", "webhooks:write"];
const SCOPES = { viewer: VIEWER, developer: DEVELOPER, admin: ADMIN, owner: ADMIN };
const OPERATOR = [...ADMIN, "policy:write", "accounts:read", "accounts:write", "operate", "authorize", "spend"];

/* He may, once he has shown that it is still he. */
const PROOFS = ["step_up_required", "sign_in_again"];

const calls = Object.entries(contract.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => {
  const session = (operation.security ?? contract.security).find((way) => way.session !== undefined)?.session;
  return { method: method.toUpperCase(), path, scope: session?.[0], hasBody: operation.requestBody !== undefined };
})).filter(({ scope }) => scope !== undefined);

let k, people, foreign, mine;
before(async () => {
  k = await Installation.make();
  await k.ok("accounts", "create", "shop");
  people = { operator: await join(k, { email: "operator@main.example", role: "owner", operator: true }) };
  for (const role of Object.keys(SCOPES)) people[role] = await join(k, { email: `${role}@main.example`, role });
  foreign = await join(k, { email: "owner@shop.example", role: "owner", account: "shop" });
  const { id: key, secret } = await k.createKey("--name", "ours", "--environment", "sandbox");
  const { json: decision } = await k.call("POST", "/v1/authorize", { key: secret, method: "GET", path: "/x", source: "203.0.113.7", environment: "sandbox", tls: true });
  const token = await people.owner.call("POST", "/v1/management-tokens", { name: "ours", scopes: ["keys:read"], expires: "90d" });
  const { json: alert } = await people.owner.call("POST", "/v1/alerts/test");
  const { json: webhook } = await people.owner.call("POST", "/v1/webhooks", { url: "https://hooks.example.com/in", events: ["policy.applied"] });
  mine = { webhooks: webhook.id, alerts: alert.id, keys: key, members: people.viewer.id, accounts: "main", "management-tokens": token.json.id, events: decision.requestId };
});
after(() => k.stop());

/** A path with the id of something that is not there, so that nothing is changed by whoever may. */
const nowhere = (path) => path.replace("{id}", path.includes("/accounts/") ? "nobody" : path.includes("/events/") ? "0".repeat(32) : "0".repeat(14));
const ask = (by, { method, path, hasBody }, target = nowhere(path)) => by.call(method, target, hasBody ? {} : undefined, { "if-match": '"1"' });

test("E8_each_role_may_make_the_calls_that_the_table_says_and_no_others", async (t) => {
  for (const [role, has] of [...Object.entries(SCOPES), ["operator", OPERATOR]])
    for (const call of calls)
      await t.test(`E8_${role}: ${call.method} ${call.path}`, async () => {
        const answer = await ask(people[role], call);
        if (has.includes(call.scope)) assert.ok(![401, 403].includes(answer.status) || PROOFS.includes(answer.json.code), answer.text);
        else assertProblem(answer, 403, "scope_missing");
      });
});

test("E7_what_is_another_accounts_is_answered_like_what_is_not_there", async (t) => {
  for (const call of calls.filter(({ path }) => path.includes("{id}"))) {
    const resource = call.path.split("/")[2];
    if (mine[resource] === undefined || !OWNER_HAS(call.scope)) continue;
    await t.test(`E7_${call.method} ${call.path}`, async () => {
      const [theirs, none] = [await ask(foreign, call, call.path.replace("{id}", mine[resource])), await ask(foreign, call)];
      const shown = ({ status, json }) => ({ status, ...json, requestId: undefined });
      assert.equal(theirs.status, 404, theirs.text);
      assert.deepEqual(shown(theirs), shown(none));
    });
  }
});
const OWNER_HAS = (scope) => SCOPES.owner.includes(scope);

test("lists_show_ones_own_account_alone", async () => {
  for (const [target, list, least] of [["/v1/keys", "keys", 0], ["/v1/members", "members", 1], ["/v1/management-tokens", "tokens", 0]]) {
    assert.equal((await foreign.call("GET", target)).json[list].length, least, target);
    assert.deepEqual((await foreign.call("GET", `${target}?account=main`)).json, (await foreign.call("GET", `${target}?account=nobody`)).json);
    assert.ok((await people.viewer.call("GET", "/v1/members")).json.members.every(({ account }) => account === "main"));
  }
  assert.ok((await foreign.call("GET", "/v1/events")).json.events.every(({ account }) => account === "shop"));
});

test("E8_nobody_gives_what_he_has_not", async () => {
  const invite = (by, more) => by.call("POST", "/v1/members", { email: "new@main.example", role: "viewer", ...more });
  assertProblem(await invite(people.admin, { role: "owner" }), 403, "rank");
  assertProblem(await invite(people.owner, { operator: true }), 403, "rank");
  assertProblem(await invite(people.owner, { account: "shop" }), 400, "not_found", "account");
  const { json, headers } = await people.admin.call("GET", `/v1/members/${people.owner.id}`);
  assertProblem(await people.admin.call("PATCH", `/v1/members/${json.id}`, { role: "viewer" }, { "if-match": headers.etag }), 403, "rank");
  assertProblem(await people.admin.call("DELETE", `/v1/members/${json.id}`), 403, "rank");
  assertProblem(await people.admin.call("POST", `/v1/members/${json.id}/link`), 403, "rank");
  const token = { name: "x", scopes: ["keys:production"], expires: "90d" };
  assertProblem(await people.developer.call("POST", "/v1/management-tokens", token), 403, "scope_missing");
});

test("E8_a_developer_issues_sandbox_keys_and_an_admin_with_a_fresh_code_strong_ones_of_production", async () => {
  const make = (by, more) => by.call("POST", "/v1/keys", { name: "x", environment: "sandbox", ...more });
  assert.equal((await make(people.developer)).json.account, "main");
  assertProblem(await make(people.developer, { environment: "production" }), 403, "scope_missing");
  assertProblem(await make(people.developer, { account: "shop" }), 400, "not_found", "account");
  assert.equal((await make(people.admin, { environment: "production" })).status, 201);
  const strong = { environment: "production", permissions: ["transactions"] };
  assertProblem(await make(people.admin, strong), 403, "step_up_required");
  const { secret } = await people.admin.setUpTotp();
  assert.equal((await make(people.admin, strong)).status, 201, "setting it up is a proof");
  assert.ok(secret);
});

test("E15_the_last_owner_stays", async () => {
  const { headers } = await foreign.call("GET", `/v1/members/${foreign.id}`);
  assertProblem(await foreign.call("PATCH", `/v1/members/${foreign.id}`, { role: "admin" }, { "if-match": headers.etag }), 409, "last_owner");
  assertProblem(await foreign.call("DELETE", `/v1/members/${foreign.id}`), 409, "last_owner");
  assert.equal((await foreign.call("GET", "/v1/session")).status, 200);
});

test("a_token_can_do_what_its_scopes_say_and_its_member_still_may", async () => {
  const member = await join(k, { email: "maker@main.example", role: "developer" });
  const { json } = await member.call("POST", "/v1/management-tokens", { name: "x", scopes: ["keys:read", "keys:write"], expires: "90d" });
  const program = new Browser(k), bearer = { authorization: `Bearer ${json.secret}`, origin: undefined, "sec-fetch-site": undefined };
  assert.equal((await program.call("GET", "/v1/keys", undefined, bearer)).status, 200);
  assertProblem(await program.call("GET", "/v1/members", undefined, bearer), 403, "scope_missing");
  assertProblem(await program.call("GET", "/v1/session", undefined, bearer), 403, "members_only");
  assertProblem(await member.call("GET", "/v1/keys", undefined, bearer), 400, "ambiguous_credentials");
  assertProblem(await program.call("GET", "/v1/keys", undefined, { ...bearer, authorization: bearer.authorization.replace(/.$/, (c) => (c === "0" ? "1" : "0")) }), 401, "unauthenticated");
  const { headers } = await people.owner.call("GET", `/v1/members/${member.id}`);
  await people.owner.call("PATCH", `/v1/members/${member.id}`, { role: "viewer" }, { "if-match": headers.etag });
  assert.equal((await program.call("GET", "/v1/keys", undefined, bearer)).status, 200);
  assertProblem(await program.call("POST", "/v1/keys", { name: "x", environment: "sandbox" }, bearer), 403, "scope_missing");
  await people.owner.call("DELETE", `/v1/members/${member.id}`);
  assertProblem(await program.call("GET", "/v1/keys", undefined, bearer), 401, "unauthenticated");
});

const bearerOf = (secret) => ({ authorization: `Bearer ${secret}`, origin: undefined, "sec-fetch-site": undefined });
const tokenOf = async (by, more) => {
  const { status, json, text } = await by.call("POST", "/v1/management-tokens", { name: "x", expires: "90d", ...more });
  assert.equal(status, 201, text);
  return bearerOf(json.secret);
};

test("a token that does not hold is a failed log-in of its member on the record, with the reason", async () => {
  const member = await join(k, { email: "prober@main.example", role: "developer" }), source = "192.0.2.99";
  const made = async () => (await member.call("POST", "/v1/management-tokens", { name: "x", scopes: ["keys:read"], expires: "90d" })).json;
  const revoked = await made(), good = await made(), program = new Browser(k, { source, agent: "deploy/7" });
  const come = async (secret) => assertProblem(await program.call("GET", "/v1/keys", undefined, bearerOf(secret)), 401, "unauthenticated");
  assert.equal((await member.call("POST", `/v1/management-tokens/${revoked.id}/revoke`)).status, 200);
  await come(revoked.secret);
  await come(otherSecret(good.secret));
  await come("no token of ours");
  assert.equal((await program.call("GET", "/v1/keys", undefined, bearerOf(good.secret))).status, 200);
  await people.owner.call("DELETE", `/v1/members/${member.id}`);
  await come(good.secret);
  const { json } = await k.call("GET", `/v1/events?kind=sign_in&source=${source}`);
  const seen = json.events.reverse();
  assert.deepEqual(seen.map(({ what, why, token, member: by, account, agent }) => [what, why, token, by, account, agent]), [
    ["token_refused", "revoked", revoked.id, member.id, "main", "deploy/7"],
    ["token_refused", "wrong_secret", good.id, member.id, "main", "deploy/7"],
    ["token_refused", "unknown_token", undefined, undefined, undefined, "deploy/7"],
    ["token_refused", "not_active", good.id, member.id, "main", "deploy/7"],
  ]);
  assert.ok(!JSON.stringify(seen).includes(good.secret.slice(-20)));
});

test("E7_a_token_for_another_account_ends_with_its_makers_being_an_operator", async () => {
  const maker = await join(k, { email: "was.operator@main.example", role: "owner", operator: true });
  const theirs = await tokenOf(maker, { scopes: ["keys:read"], account: "shop" }), own = await tokenOf(maker, { scopes: ["keys:read"], account: "main" });
  const program = new Browser(k), list = (bearer) => program.call("GET", "/v1/keys", undefined, bearer);
  assert.equal((await list(theirs)).status, 200);
  const { headers } = await people.operator.call("GET", `/v1/members/${maker.id}`);
  const changed = await people.operator.call("PATCH", `/v1/members/${maker.id}`, { operator: false }, { "if-match": headers.etag });
  assert.equal(changed.json.operator, false, changed.text);
  assertProblem(await list(theirs), 401, "unauthenticated");
  assert.equal((await list(own)).status, 200);
});

test("E8_an_operators_token_for_one_account_makes_no_operators_and_does_nothing_beyond_it", async () => {
  const maker = await join(k, { email: "careful@main.example", role: "owner", operator: true });
  const scopes = [...VIEWER, "members:write", "policy:write", "accounts:read"];
  assertProblem(await maker.call("POST", "/v1/management-tokens", { name: "x", scopes, expires: "90d" }), 403, "step_up_required");
  await maker.setUpTotp();
  const confined = await tokenOf(maker, { scopes, account: "shop" });
  const program = new Browser(k), invite = (more) => program.call("POST", "/v1/members", { email: `new@shop.example`, role: "owner", ...more }, confined);
  assertProblem(await invite({ operator: true }), 403, "rank");
  assertProblem(await invite({ account: "main" }), 400, "not_found", "account");
  assertProblem(await program.call("GET", "/v1/accounts", undefined, confined), 403, "scope_missing");
  assertProblem(await program.call("PUT", "/v1/policy", {}, confined), 403, "scope_missing");
  for (const role of ["owner", "admin", "developer"]) assertProblem(await invite({ role }), 403, "rank");
  assert.equal((await invite({ role: "viewer" })).status, 201);
});

test("E8_a_token_touches_nobody_who_can_do_more_than_it", async () => {
  const bearer = await tokenOf(people.owner, { scopes: [...VIEWER, "tokens:read", "tokens:write", "members:write"] }), program = new Browser(k);
  const ask = (method, target, body, headers = {}) => program.call(method, target, body, { ...bearer, ...headers });
  for (const { id } of [people.admin, people.owner, people.operator]) {
    assertProblem(await ask("POST", `/v1/members/${id}/link`), 403, "rank");
    assertProblem(await ask("DELETE", `/v1/members/${id}`), 403, "rank");
    assertProblem(await ask("PATCH", `/v1/members/${id}`, { role: "viewer" }, { "if-match": '"1"' }), 403, "rank");
  }
  const { headers } = await ask("GET", `/v1/members/${people.viewer.id}`);
  assertProblem(await ask("PATCH", `/v1/members/${people.viewer.id}`, { role: "owner" }, { "if-match": headers.etag }), 403, "rank");
  assertProblem(await ask("DELETE", `/v1/members/${people.viewer.id}/credentials`), 403, "rank");
});

test("E8_an_admin_revokes_no_token_of_who_is_above_him_or_of_the_machine", async () => {
  const make = (by) => by.call("POST", "/v1/management-tokens", { name: "theirs", scopes: ["keys:read"], expires: "90d", ...(by === k ? { account: "main" } : {}) });
  for (const by of [people.owner, people.operator, k]) {
    const { json } = await make(by);
    const answer = await people.admin.call("POST", `/v1/management-tokens/${json.id}/revoke`);
    assert.ok([403, 404].includes(answer.status), answer.text);
  }
});

test("a_new_key_is_of_ones_own_account_unless_another_is_named", async () => {
  const make = (by, more) => by.call("POST", "/v1/keys", { name: "x", environment: "sandbox", ...more });
  for (const by of [people.developer, people.operator]) assert.equal((await make(by)).json.account, "main");
  assert.equal((await make(people.operator, { account: "shop" })).json.account, "shop");
  assertProblem(await make(people.developer, { account: "shop" }), 400, "not_found", "account");
  assertProblem(await make(k), 400, "missing", "account");
});

test("E8_a_token_makes_no_other", async () => {
  const maker = await tokenOf(people.operator, { scopes: ["tokens:write", "members:write"], account: "main" });
  const answer = await new Browser(k).call("POST", "/v1/management-tokens", { name: "x", scopes: ["tokens:write"], expires: "90d" }, maker);
  assertProblem(answer, 403, "members_only");
});

test("who_lost_password_and_phone_comes_back_by_a_link_of_the_machine_and_nobody_by_what_is_left", async () => {
  const member = await join(k, { email: "lost@main.example", role: "owner" });
  const { codes } = await member.setUpTotp();
  const bearer = await tokenOf(member, { scopes: ["keys:read"] }), list = () => new Browser(k).call("GET", "/v1/keys", undefined, bearer);
  assert.equal((await list()).status, 200);
  const forget = (by) => by.call("DELETE", `/v1/members/${member.id}/credentials`);
  for (const by of [people.owner, people.admin, member]) assertProblem(await forget(by), 403, "rank");
  assertProblem(await forget(people.operator), 403, "step_up_required");
  const open = await k.call("POST", `/v1/members/${member.id}/link`);
  const forgotten = await forget(k);
  assertInContract("DELETE", "/v1/members/{id}/credentials", forgotten);
  assert.deepEqual([forgotten.json.state, forgotten.json.totp, forgotten.json.link], ["active", false, "none"]);
  assertProblem(await member.call("GET", "/v1/session"), 401, "unauthenticated");
  assertProblem(await list(), 401, "unauthenticated");
  assertProblem(await new Browser(k).signIn(member.email), 401, "sign_in_failed");
  assertProblem(await new Browser(k).call("POST", "/v1/links/accept", { link: open.json.secret, password: PASSWORD }), 404, "link_dead");
  const { json } = await k.call("POST", `/v1/members/${member.id}/link`);
  const back = new Browser(k);
  assert.equal((await back.call("POST", "/v1/links/accept", { link: json.secret, password: `${PASSWORD} again` })).status, 201);
  assert.equal((await back.call("GET", "/v1/session")).json.member.totp, false);
  assert.equal(codes.length, 10);
  await k.call("DELETE", `/v1/members/${member.id}`);
  assertProblem(await forget(k), 409, "conflict");
});
