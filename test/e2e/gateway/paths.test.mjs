// paths.test.mjs - the path that is judged is the one that the client sent; what can be read in two ways is refused.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { assertAllowed, assertRefused } from "../lib/check.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { Connection, exchange, requestBytes } from "../lib/raw.mjs";

let gateway;
before(async () => {
  gateway = await startGateway();
});
after(() => gateway.stop());

const ask = (line, options) => gateway.watch(() => gateway.ask(line, options));

async function assertAmbiguous(target, options) {
  assertRefused(await ask(`GET ${target}`, { key: gateway.keys.full, ...options }), 400, "path_ambiguous");
}

test("B1_dot_segments_are_refused_and_never_public", async () => {
  for (const target of ["/public/../pay/x", "/public/./../pay", "/public/.", "/public/..", "/pay/../pay/x"]) {
    await assertAmbiguous(target);
    await assertAmbiguous(target, { key: undefined });
  }
});

test("B2_encoded_dot_dot_is_refused", async () => {
  const targets = ["/public/..%2fpay/x", "/public/%2e%2e/pay/x", "/public/%2E./pay", "/public/.%2e/pay", "/public/%2e/x"];
  for (const target of targets) await assertAmbiguous(target, { key: undefined });
});

test("B4_double_slashes_are_refused", async () => {
  for (const target of ["//pay/x", "/pay//x", "/pay/x//", "//public/x"]) await assertAmbiguous(target);
});

test("B5_case_matters", async () => {
  assertAllowed(await ask("GET /pay/x", { key: gateway.keys.pay }));
  assertRefused(await ask("GET /PAY/x", { key: gateway.keys.pay }), 403, "permission_denied");
  assertRefused(await ask("GET /Public/x"), 401, "missing_key");
});

test("B5_a_trailing_slash_makes_another_route", async () => {
  assertAllowed(await ask("GET /public"), "public");
  assertAllowed(await ask("GET /wallet/deposit/status/a", { key: gateway.keys.read }));
  assertRefused(await ask("GET /wallet/deposit/status/a/", { key: gateway.keys.read }), 403, "permission_denied");
  assertRefused(await ask("GET /wallet/deposit/status/", { key: gateway.keys.read }), 403, "permission_denied");
  assertAllowed(await ask("GET /pay/x/", { key: gateway.keys.pay })); /* below /pay/ is below /pay/ */
});

test("B5_semicolon_parameters_are_refused", async () => {
  for (const target of ["/pay;a=b/x", "/public;/x", "/public/x;y"]) await assertAmbiguous(target);
});

test("B6_controls_backslashes_and_fragments_are_refused", async () => {
  const targets = ["/pay%00/x", "/pay%0d%0a/x", "/pay%0a", "/pay\\x", "/pay%5cx", "/pay#x", "/pay%23x", "/pay%7fx"];
  for (const target of targets) {
    const { answer, seen } = await ask(`GET ${target}`, { key: gateway.keys.full });
    assert.equal(answer.status, 400, target); /* nginx refuses %00 itself */
    assert.deepEqual(seen, []);
  }
  await assertAmbiguous("/pay%0d%0a/x");
  await assertAmbiguous("/public#/pay");
});

test("B7_the_query_takes_no_part", async () => {
  assertAllowed(await ask("GET /public?/pay"), "public");
  assertAllowed(await ask("GET /public?x=/../pay//;"), "public");
  assertRefused(await ask("GET /pay/x?x=/public/"), 401, "missing_key");
});

test("B8_the_path_is_judged_decoded", async () => {
  assertAllowed(await ask("GET /p%61y/x", { key: gateway.keys.pay }));
  assertRefused(await ask("GET /p%61y/x", { key: gateway.keys.read }), 403, "permission_denied");
  assertAllowed(await ask("GET /wallet/deposit/status/a%20b", { key: gateway.keys.read }));
});

test("B9_invalid_utf8_is_refused", async () => {
  const targets = ["/pay/%c0%af", "/pay/%c0%ae%c0%ae/x", "/pay/%e0%80%af", "/pay/%ff", "/pay/\xff", "/public/\xc0\xae"];
  for (const target of targets) await assertAmbiguous(target);
});

test("B9_endless_paths_are_refused", async () => {
  await assertAmbiguous("/pay/" + "x".repeat(4096));
  const answer = await gateway.ask("GET /pay/" + "x".repeat(9000), { key: gateway.keys.full });
  assert.equal(answer.status, 414);
  await assertAmbiguous("/public" + "/x".repeat(4000));
});

/** The event of a refused request. Where many were refused in this second, one is only counted: then it is sent once more. */
async function askOneByOne(line, key) {
  for (let tries = 0; ; tries++) {
    const { events: [event] } = await ask(line, { key });
    if (event.kind === "decision" || tries === 20) return event;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

test("B9_a_thousand_segments_are_judged_and_cost_next_to_nothing", async () => {
  const thousand = "/p".repeat(1000);
  assertRefused(await ask(`GET ${thousand}`, { key: gateway.keys.pay }), 403, "permission_denied");
  assertAllowed(await ask(`GET /pay${thousand}`, { key: gateway.keys.pay }));
  const took = [];
  for (const target of [`/pay${thousand}`, thousand, "/pay/" + "x".repeat(4096), "/pay/%c0%af" + "/%2e".repeat(900)])
    for (let i = 0; i < 5; i++) took.push((await askOneByOne(`GET ${target}`, gateway.keys.pay)).latency_ns);
  const usual = took.sort((a, b) => a - b)[Math.floor(took.length / 2)];
  assert.ok(usual < 1_000_000, `a decision took ${usual} ns`); /* a machine under load may make any one of them longer */
});

test("B10_absolute_form_is_refused", async () => {
  for (const target of ["http://api.test/pay/x", "http://api.test/public/x", "HTTP://api.test/public", "http://api.test"])
    await assertAmbiguous(target);
  const event = await askOneByOne("GET http://api.test/pay/x", gateway.keys.full);
  assert.equal(event.path, "http://api.test/pay/x", "the record shows what was sent");
});

test("B10_other_forms_of_target_are_refused", async () => {
  for (const line of ["CONNECT api.test:443", "GET api.test:443", "OPTIONS *", "GET *", "GET public/x"]) {
    const { answer, seen } = await ask(line, { key: gateway.keys.full });
    assert.ok([400, 405].includes(answer.status), `${line}: ${answer.status}`);
    assert.deepEqual(seen, []);
  }
});

test("B10_http_0_9_is_refused", async () => {
  const { answer, events, seen } = await gateway.watch(async () => {
    const connection = new Connection(gateway.port);
    connection.send("GET /public/x\r\n");
    await connection.read();
    return connection.unread;
  });
  assert.match(answer, /"code":"path_ambiguous"/); /* such an answer has no head */
  assert.deepEqual(seen, []);
  assert.equal(events.length, 1);
  assert.equal(events[0].allowed, false);
});

test("B10_spaces_and_tabs_in_the_request_line_do_not_hide_a_path", async () => {
  for (const line of ["GET  /pay/x", "GET /public/x /pay/x", "GET /public/x\t/pay/x"]) {
    const bytes = requestBytes(`${line} HTTP/1.1`, [["Host", "api.test"], ["Connection", "close"]]);
    const { answer, seen } = await gateway.watch(() => exchange(gateway.port, bytes));
    assert.ok(answer.status >= 400, line);
    assert.deepEqual(seen, []);
  }
});
