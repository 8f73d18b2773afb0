// forward_auth.test.mjs - other proxies ask for their clients: the same decision, and nobody else is listened to.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { assertDenied, assertOneEvent } from "../lib/check.mjs";
import { startGateway, values } from "../lib/gateway.mjs";
import { tokenClient } from "../lib/tokens.mjs";
import { otherSecret } from "../../../tools/run/key_text.mjs";

let gateway;
before(async () => {
  gateway = await startGateway({
    /* The most that an operator can open: names with "_" and "." pass nginx. */
    http: "underscores_in_headers on; ignore_invalid_headers off;",
    sandbox: (g) => `keyward_trust 127.0.0.0/8 10.0.0.0/8;
      location / { keyward on; ${g.pass} }
      location = /authorize { keyward_authorize; }
      location = /bearer { keyward_authorize; keyward_bearer on; }
      location = /by-host { keyward_authorize; keyward_host api.test sandbox; keyward_host LIVE.test production; }
      location = /strangers { keyward_authorize; keyward_trust 192.0.2.0/24; }
      location = /plaintext { keyward_authorize; keyward_plaintext on; }
      location = /realip { keyward_authorize; set_real_ip_from 127.0.0.0/8; real_ip_header X-Forwarded-For; }
      location = /realip-strangers { keyward_authorize; keyward_trust 192.0.2.0/24;
        set_real_ip_from 127.0.0.0/8; real_ip_header X-Forwarded-For; }
      location = /turned { keyward_authorize; satisfy any; allow all; error_page 400 401 403 429 503 =200 /lie; }
      location = /lie { return 200 "come in"; }
      location /asking { auth_request /authorize; ${g.pass} }
      location = /redirected { keyward on; error_page 502 =200 /authorize; proxy_pass http://127.0.0.1:9; }`,
  });
});
after(() => gateway.stop());

const CLIENT = "203.0.113.7";

/** What a proxy says of "METHOD target"; `more` replaces fields, and undefined leaves one out. */
function said(line, more = {}) {
  const [method, ...rest] = line.split(" ");
  const all = { "X-Forwarded-Method": method, "X-Forwarded-Uri": rest.join(" "), "X-Forwarded-For": CLIENT,
    "X-Forwarded-Host": "api.test", "X-Forwarded-Proto": "https", ...more };
  return Object.entries(all).filter(([, value]) => value !== undefined);
}

/** A proxy asks for a client: {answer, events, seen}. */
function ask(line, { at = "/authorize", with: more, headers = [], method = "GET", ...options } = {}) {
  const fields = [...said(line, more), ...headers];
  return gateway.watch(() => gateway.ask(`${method} ${at}`, { headers: fields, ...options }));
}

function identity({ headers }) {
  const names = ["key-id", "account", "environment", "permissions"];
  const got = names.map((name) => values({ headers }, `x-keyward-${name}`));
  for (const all of got) assert.equal(all.length, 1);
  return got.map(([value]) => value);
}

function assertLet({ answer, events, seen }, key, permissions, source = CLIENT) {
  assert.equal(answer?.status, 200, answer?.text);
  assert.equal(answer.text, "");
  assert.deepEqual(seen, []);
  assertOneEvent(events, "allowed");
  assert.equal(events[0].source, source);
  assert.deepEqual(values(answer, "x-request-id"), [events[0].request_id]);
  assert.deepEqual(values(answer, "cache-control"), ["no-store"]);
  const [id, account, environment, set] = identity(answer);
  assert.deepEqual([id, environment, set], [key.id, "sandbox", permissions]);
  assert.notEqual(account, "");
}

function assertNotLet({ answer, events, seen }, status, code, { source = CLIENT, reason = code } = {}) {
  assertDenied(answer, status, code);
  assert.deepEqual(seen, []);
  assertOneEvent(events, reason);
  assert.equal(events[0].allowed, false);
  assert.equal(events[0].source, source);
  for (const name of ["key-id", "account", "permissions"]) assert.deepEqual(values(answer, `x-keyward-${name}`), []);
  assert.deepEqual(values(answer, "x-keyward-denial"), [answer.text], "for proxies that see only headers");
}

test("a_key_is_let_through_with_its_identity_and_limits", async () => {
  const result = await ask("POST /pay/x?a=b", { key: gateway.keys.pay });
  assertLet(result, gateway.keys.pay, "transactions");
  const [event] = result.events;
  assert.deepEqual([event.method, event.path, event.environment, event.tls], ["POST", "/pay/x", "sandbox", true]);
  for (const name of ["ratelimit", "ratelimit-policy", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"])
    assert.equal(values(result.answer, name).length, 1, name);
});

test("the_proxys_own_method_and_query_take_no_part", async () => {
  for (const method of ["GET", "POST", "DELETE", "HEAD"])
    assertLet(await ask("GET /pay/x", { key: gateway.keys.pay, method }), gateway.keys.pay, "transactions");
  assertNotLet(await ask("GET /pay/x", { key: gateway.keys.read, at: "/authorize?/read/x" }), 403, "permission_denied");
  assertLet(await ask("GET /pay/x", { key: gateway.keys.pay, method: "POST", body: "hello" }), gateway.keys.pay, "transactions");
});

test("C3_what_is_not_known_is_told_as_empty", async () => {
  const { answer, events } = await ask("GET /public/x");
  assert.equal(answer.status, 200);
  assertOneEvent(events, "public");
  assert.deepEqual(identity(answer), ["", "", "", ""]);
});

test("C1_the_answer_tells_of_the_key_whatever_the_client_says", async () => {
  const headers = ["X-Keyward-Key-Id", "X_Keyward_Account", "x.keyward.permissions", "X-Request-Id"].map((name) => [name, "admin"]);
  const result = await ask("GET /pay/x", { key: gateway.keys.pay, headers });
  assertLet(result, gateway.keys.pay, "transactions");
  assert.ok(!JSON.stringify(result.answer).includes("admin"));
});

test("denials_are_those_of_the_gateway", async () => {
  assertNotLet(await ask("GET /pay/x"), 401, "missing_key");
  assertNotLet(await ask("GET /pay/x", { key: "mk_test_x" }), 401, "invalid_key", { reason: "malformed_key" });
  assertNotLet(await ask("GET /closed/x", { key: gateway.keys.full }), 403, "route_denied");
  assertNotLet(await ask("GET /pay/x", { key: gateway.keys.read }), 403, "permission_denied");
  assertNotLet(await ask("GET /pay/x", { key: gateway.keys.live }), 403, "environment_mismatch");
  const two = [["x-api-key", gateway.keys.pay.key]];
  assertNotLet(await ask("GET /pay/x", { key: gateway.keys.pay, headers: two }), 400, "ambiguous_credentials");
  assertNotLet(await ask(`GET /pay/x?k=${gateway.keys.pay.key}`, { key: gateway.keys.pay }), 400, "credential_in_url");
});

test("a_limit_answers_429_with_retry_after_and_is_one_with_the_gateways", async () => {
  const key = await gateway.keyward.createKey({ name: "few", permission: "transactions", more: ["--rate", "2/min"] });
  const inline = () => gateway.watch(() => gateway.ask("GET /pay/x", { key }));
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await ask("GET /pay/x", { key })).answer.status, (await inline()).answer.status);
  assert.ok(statuses.includes(429), String(statuses));
  const result = await ask("GET /pay/x", { key });
  assertNotLet(result, 429, "rate_limited");
  assert.match(values(result.answer, "retry-after")[0], /^[1-9]\d*$/);
});

const bearer = (token) => ({ headers: [["Authorization", `Bearer ${token}`]] });

test("an_access_token_is_let_through_as_its_key_where_bearers_are_accepted", async () => {
  const client = tokenClient(gateway.keyward.service), { pay } = gateway.keys;
  const pair = await client.pair(pay, { permissions: ["read_only"] });
  const result = await ask("GET /read/x", { at: "/bearer", ...bearer(pair.accessToken) });
  assertLet(result, pay, "read_only");
  assert.deepEqual([result.events[0].credential, result.events[0].token_id], ["token", pair.id]);
  assertNotLet(await ask("GET /pay/x", { at: "/bearer", ...bearer(pair.accessToken) }), 403, "permission_denied");
  assertNotLet(await ask("GET /read/x", bearer(pair.accessToken)), 401, "missing_key");
  assertNotLet(await ask("GET /read/x", { at: "/bearer", key: pay, ...bearer(pair.accessToken) }), 400, "ambiguous_credentials");
  assertNotLet(await ask("GET /read/x", { at: "/bearer", ...bearer(otherSecret(pair.accessToken)) }), 401, "invalid_key", { reason: "wrong_secret" });
  assertNotLet(await ask(`GET /read/x?t=${pair.accessToken}`, { at: "/bearer" }), 400, "credential_in_url");
  await client.revoke(pair.accessToken);
  assertNotLet(await ask("GET /read/x", { at: "/bearer", ...bearer(pair.accessToken) }), 401, "token_ended");
});

/* ---- who asks ---- */

const ON_LOOPBACK = { source: "127.0.0.1" };

test("C12_a_peer_that_is_not_trusted_is_refused_and_recorded_as_itself", async () => {
  const result = await ask("GET /public/x", { at: "/strangers", key: gateway.keys.full });
  assertNotLet(result, 403, "untrusted_peer", ON_LOOPBACK);
  assert.equal(result.events[0].path, "/strangers");
  const original = { "X-Original-URL": "https://api.test/public/x", "X-Original-Method": "GET" };
  assertNotLet(await ask("GET /public/x", { at: "/strangers", with: original }), 403, "untrusted_peer", ON_LOOPBACK);
  assertNotLet(await gateway.watch(() => gateway.ask("GET /strangers")), 403, "untrusted_peer", ON_LOOPBACK);
});

test("C12_no_header_makes_a_peer_trusted_or_takes_its_trust", async () => {
  for (const address of ["192.0.2.1", "203.0.113.9"])
    assertNotLet(await ask("GET /public/x", { at: "/realip-strangers", with: { "X-Forwarded-For": address } }),
      403, "untrusted_peer", ON_LOOPBACK);
  assertLet(await ask("GET /pay/x", { at: "/realip", key: gateway.keys.pay }), gateway.keys.pay, "transactions");
});

test("C9_forwarded_for_of_an_untrusted_peer_counts_against_nobody_else", async () => {
  const { events } = await gateway.watch(() => gateway.ask("GET /pay/x", { key: "mk_test_x", headers: said("GET /public/x") }));
  assert.deepEqual([events[0].source, events[0].path, events[0].reason], ["127.0.0.1", "/pay/x", "malformed_key"]);
});

test("C9_failures_count_against_the_client_and_not_the_proxy", async () => {
  const wrong = (client) => gateway.ask("GET /authorize", { key: "mk_test_x", headers: said("GET /pay/x", { "X-Forwarded-For": client }) });
  let last;
  for (let i = 0; i < 150 && last !== 429; i++) last = (await wrong("198.51.100.1")).status;
  assert.equal(last, 429);
  assert.equal((await wrong("198.51.100.2")).status, 401);
  const spoofed = await wrong("198.51.100.2, 198.51.100.1"); /* what it made up does not help */
  assert.equal(spoofed.status, 429);
});

/* X-Forwarded-For, and the client that it is; undefined: refused. */
const chains = [
  ["198.51.100.1, 203.0.113.7", "203.0.113.7"],
  ["evil, 203.0.113.7", "203.0.113.7"],
  ["203.0.113.7, 10.0.0.1", "203.0.113.7"],
  ["203.0.113.7,10.0.0.1 , 10.0.0.2", "203.0.113.7"],
  ["203.0.113.7, ::ffff:10.0.0.1", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["203.0.113.7:4711", "203.0.113.7"],
  ["10.0.0.2, 10.0.0.1", "10.0.0.2"],
  ["[::1]:80", "::1"],
  ["[2001:db8::1]", "2001:db8::1"],
  [`${"10.0.0.1, ".repeat(199)}10.0.0.1`, "10.0.0.1"],
  [`198.51.100.1, 203.0.113.7${", 10.0.0.1".repeat(198)}`, "203.0.113.7"],
  ["a", undefined],
  ["", undefined],
  [" ", undefined],
  [",", undefined],
  ["203.0.113.7,", undefined],
  ["203.0.113.7, a", undefined],
  ["203.0.113.7, a, 10.0.0.1", undefined],
  ["unknown", undefined],
  ["203.0.113.7 10.0.0.1", undefined],
];

test("C10_the_client_is_the_right_most_untrusted_hop_or_nobody", async () => {
  for (const [chain, client] of chains) {
    const result = await ask("GET /pay/x", { key: gateway.keys.pay, with: { "X-Forwarded-For": chain } });
    if (client === undefined) assertNotLet(result, 400, "forwarded_ambiguous", ON_LOOPBACK);
    else assertLet(result, gateway.keys.pay, "transactions", client);
  }
});

test("C10_an_address_rule_is_judged_on_that_client", async () => {
  const key = await gateway.keyward.createKey({ name: "office", permission: "transactions", more: ["--allow-ip", "203.0.113.0/24"] });
  for (const chain of ["203.0.113.7", "::ffff:203.0.113.7", "198.51.100.1, 203.0.113.7, 10.0.0.1"])
    assert.equal((await ask("GET /pay/x", { key, with: { "X-Forwarded-For": chain } })).answer.status, 200, chain);
  const elsewhere = await ask("GET /pay/x", { key, with: { "X-Forwarded-For": "203.0.113.7, 198.51.100.1" } });
  assertNotLet(elsewhere, 403, "ip_not_allowed", { source: "198.51.100.1" });
});

/* ---- what is said ---- */

const unclear = [
  ["no_method", { "X-Forwarded-Method": undefined }],
  ["no_path", { "X-Forwarded-Uri": undefined }],
  ["no_scheme", { "X-Forwarded-Proto": undefined }],
  ["an_empty_method", { "X-Forwarded-Method": "" }],
  ["an_empty_path", { "X-Forwarded-Uri": "" }],
  ["an_unknown_scheme", { "X-Forwarded-Proto": "https, https" }],
  ["two_hosts", { "X-Forwarded-Host": "api.test, live.test" }],
  ["another_path_in_the_url", { "X-Original-URL": "https://api.test/public/x" }],
  ["another_host_in_the_url", { "X-Original-URL": "https://live.test/pay/x" }],
  ["another_scheme_in_the_url", { "X-Original-URL": "http://api.test/pay/x" }],
  ["another_method_besides", { "X-Original-Method": "POST" }],
  ["a_url_that_is_none", { "X-Original-URL": "/pay/x" }],
  ["a_url_with_a_user", { "X-Original-URL": "https://a@api.test/pay/x" }],
  ["the_path_in_another_spelling_too", { "X_Forwarded_Uri": "/pay/x" }],
  ["the_path_spelled_with_dots_too", { "x.forwarded.uri": "/public/x" }],
  ["the_method_in_another_spelling_too", { "X_FORWARDED_METHOD": "GET" }],
];
for (const [name, more] of unclear) {
  test(`C12_a_trusted_peer_that_sends_${name}_is_refused`, async () => {
    assertNotLet(await ask("GET /pay/x", { key: gateway.keys.full, with: more }), 400, "forwarded_ambiguous");
  });
}

test("C12_no_address_and_doubled_fields_are_refused", async () => {
  assertNotLet(await ask("GET /pay/x", { key: gateway.keys.full, with: { "X-Forwarded-For": undefined } }), 400, "forwarded_ambiguous", ON_LOOPBACK);
  for (const [name, value] of said("GET /pay/x")) {
    const source = name === "X-Forwarded-For" ? "127.0.0.1" : CLIENT;
    assertNotLet(await ask("GET /pay/x", { key: gateway.keys.full, headers: [[name, value]] }), 400, "forwarded_ambiguous", { source });
  }
  assertNotLet(await gateway.watch(() => gateway.ask("GET /authorize", { key: gateway.keys.full })), 400, "forwarded_ambiguous", ON_LOOPBACK);
});

test("C12_both_families_of_fields_may_say_the_same", async () => {
  const original = { "X-Original-URL": "https://api.test/pay/x?a=1", "X-Original-Method": "GET" };
  assertLet(await ask("GET /pay/x?a=1", { key: gateway.keys.pay, with: original }), gateway.keys.pay, "transactions");
  const alone = { ...original, "X-Forwarded-Uri": undefined, "X-Forwarded-Method": undefined, "X-Forwarded-Host": undefined, "X-Forwarded-Proto": undefined };
  assertLet(await ask("GET /", { key: gateway.keys.pay, with: alone }), gateway.keys.pay, "transactions");
});

/* The target of X-Forwarded-Uri; in any of these the path can be read in two ways. */
const ambiguous = {
  B1: ["/public/../pay/x", "/public/./../pay", "/public/.."],
  B2: ["/public/..%2fpay/x", "/public/%2e%2e/pay/x", "/public/.%2e/pay"],
  B4: ["//pay/x", "/pay//x"],
  B5: ["/pay;a=b/x", "/public/x;y"],
  B6: ["/pay%00/x", "/pay%0d%0a/x", "/pay\\x", "/pay%5cx", "/public#/pay", "/pay%23x"],
  B9: ["/pay/%c0%af", "/pay/\xff", "/pay/" + "x".repeat(4096)],
  B10: ["http://api.test/public/x", "https://api.test/pay/x", "api.test:443", "*", "public/x", "?/public/x"],
};
for (const [id, targets] of Object.entries(ambiguous)) {
  test(`${id}_an_ambiguous_path_of_a_proxys_client_is_refused`, async () => {
    for (const target of targets) assertNotLet(await ask(`GET ${target}`, { key: gateway.keys.full }), 400, "path_ambiguous");
  });
}

test("B5_B7_B8_case_slashes_query_and_encoding_are_judged_as_in_the_gateway", async () => {
  assertNotLet(await ask("GET /PAY/x", { key: gateway.keys.pay }), 403, "permission_denied");
  assertNotLet(await ask("GET /wallet/deposit/status/a/", { key: gateway.keys.read }), 403, "permission_denied");
  assertNotLet(await ask("GET /pay/x?x=/public/"), 401, "missing_key");
  assertLet(await ask("GET /p%61y/x?/public/../x", { key: gateway.keys.pay }), gateway.keys.pay, "transactions");
  assertLet(await ask("GET /wallet/deposit/status/a%20b", { key: gateway.keys.read }), gateway.keys.read, "read_only");
});

test("B12_B13_B14_methods_are_judged_as_in_the_gateway", async () => {
  for (const method of ["get", "TRACE", "CONNECT", "PROPFIND", "GET,POST"])
    assertNotLet(await ask(`${method} /pay/x`, { key: gateway.keys.full }), 403, "route_denied");
  const override = [["X-HTTP-Method-Override", "GET"]];
  assertNotLet(await ask("DELETE /read/x", { key: gateway.keys.read, headers: override }), 403, "permission_denied");
  assertNotLet(await ask("OPTIONS /pay/x"), 401, "missing_key");
  assertLet(await ask("HEAD /read/x", { key: gateway.keys.read }), gateway.keys.read, "read_only");
});

test("C16_a_key_that_came_over_plain_http_is_refused_unless_the_operator_accepts_it", async () => {
  const plain = { with: { "X-Forwarded-Proto": "http" }, key: gateway.keys.pay };
  const refused = await ask("GET /pay/x", plain);
  assertNotLet(refused, 403, "tls_required");
  assert.notEqual(refused.events[0].tls, true);
  assertLet(await ask("GET /pay/x", { ...plain, at: "/plaintext" }), gateway.keys.pay, "transactions");
});

test("D8_the_host_decides_which_keys_are_accepted", async () => {
  const { pay, live } = gateway.keys;
  const at = (host, key) => ask("GET /pay/x", { at: "/by-host", key, with: { "X-Forwarded-Host": host } });
  assertLet(await at("api.test", pay), pay, "transactions");
  assertLet(await at("API.test:8443", pay), pay, "transactions");
  assertNotLet(await at("api.test", live), 403, "environment_mismatch");
  assert.equal((await at("live.test", live)).answer.status, 200);
  assertNotLet(await at("live.test", pay), 403, "environment_mismatch");
  for (const host of ["other.test", "api.test.other", "xapi.test", "api.test."]) {
    const result = await at(host, pay);
    assertNotLet(result, 403, "environment_mismatch");
    assert.match(result.answer.json.message, /this host takes no keys/);
  }
  assertNotLet(await at(undefined, pay), 400, "forwarded_ambiguous");
  assertNotLet(await at("", pay), 400, "forwarded_ambiguous");
});

/* ---- what surrounds it ---- */

test("B17_neither_error_page_nor_satisfy_turns_a_denial_into_200", async () => {
  assertNotLet(await ask("GET /pay/x", { at: "/turned" }), 401, "missing_key");
  assertNotLet(await ask("GET /pay/x", { at: "/turned", key: gateway.keys.read }), 403, "permission_denied");
  assertNotLet(await ask("GET /pay/x", { at: "/turned", with: { "X-Forwarded-Proto": undefined } }), 400, "forwarded_ambiguous");
});

test("B17_a_clients_own_request_does_not_become_a_proxys_by_a_subrequest", async () => {
  const { answer, events, seen } = await gateway.watch(() =>
    gateway.ask("GET /asking", { key: gateway.keys.full, headers: said("GET /public/x") }));
  assert.equal(answer.status, 403);
  assert.deepEqual(seen, []);
  assertOneEvent(events, "untrusted_peer");
});

test("B17_a_request_that_was_decided_is_no_question_of_a_proxy", async () => {
  const { answer, events } = await gateway.watch(() =>
    gateway.ask("GET /redirected", { key: gateway.keys.full, headers: said("GET /public/x") }));
  assert.equal(answer.status, 403);
  assert.equal(answer.json.code, "untrusted_peer");
  assertOneEvent(events, "allowed");
});

test("without_a_state_everybody_is_told_503", async () => {
  const other = await startGateway({ keyward: false, sandbox: "location = /authorize { keyward_authorize; keyward_trust 127.0.0.1; }" });
  const answer = await other.ask("GET /authorize", { headers: said("GET /public/x") });
  await other.stop();
  assertDenied(answer, 503, "unavailable");
});
