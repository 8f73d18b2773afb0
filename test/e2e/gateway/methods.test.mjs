// methods.test.mjs - the method counts exactly as the client sent it.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { assertAllowed, assertRefused } from "../lib/check.mjs";
import { startGateway } from "../lib/gateway.mjs";

let gateway;
before(async () => {
  gateway = await startGateway();
});
after(() => gateway.stop());

const ask = (line, options) => gateway.watch(() => gateway.ask(line, options));

test("B12_unknown_methods_are_denied_to_every_key", async () => {
  for (const method of ["PROPFIND", "FOO", "GETT", "GE", "LOCK", "PATCHY"])
    for (const target of ["/pay/x", "/public/x", "/elsewhere"])
      assertRefused(await ask(`${method} ${target}`, { key: gateway.keys.full }), 403, "route_denied");
});

test("B12_nginx_itself_refuses_trace_connect_and_small_letters", async () => {
  for (const line of ["TRACE /pay/x", "CONNECT /pay/x", "get /pay/x", "get /public/x"]) {
    const { answer, seen } = await ask(line, { key: gateway.keys.full });
    assert.ok([400, 405].includes(answer.status), `${line}: ${answer.status}`);
    assert.deepEqual(seen, []);
  }
});

test("B12_method_overrides_are_ignored", async () => {
  for (const name of ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"]) {
    const result = await ask("POST /public/x", { headers: [[name, "GET"], ["Content-Length", "0"]] });
    assertRefused(result, 401, "missing_key");
    const read = { key: gateway.keys.read, headers: [[name, "GET"]] };
    assertRefused(await ask("POST /pay/x", read), 403, "permission_denied");
    assertAllowed(await ask("GET /read/x", { key: gateway.keys.read, headers: [[name, "DELETE"]] }));
  }
  assertRefused(await ask("POST /public/x?_method=GET", { headers: [["Content-Length", "0"]] }), 401, "missing_key");
});

test("B12_a_method_that_the_route_does_not_list_needs_full_access", async () => {
  assertRefused(await ask("DELETE /pay/x", { key: gateway.keys.pay }), 403, "permission_denied");
  assertAllowed(await ask("DELETE /pay/x", { key: gateway.keys.full }));
});

test("B13_options_needs_a_key_like_any_other_method", async () => {
  const preflight = [["Origin", "https://shop.test"], ["Access-Control-Request-Method", "POST"]];
  assertRefused(await ask("OPTIONS /pay/x", { headers: preflight }), 401, "missing_key");
  assertRefused(await ask("OPTIONS /public/x"), 401, "missing_key");
});

test("B13_options_passes_without_a_key_where_the_policy_opens_it", async () => {
  assertAllowed(await ask("OPTIONS /open/x"), "public");
  assertRefused(await ask("GET /open/x"), 401, "missing_key");
});

test("B14_head_is_judged_as_get", async () => {
  const allowed = await ask("HEAD /pay/x", { key: gateway.keys.pay });
  assertAllowed(allowed);
  assert.equal(allowed.seen[0].method, "HEAD");
  assertAllowed(await ask("HEAD /public/x"), "public");
});

test("B14_a_denied_head_has_the_head_of_the_denial_and_no_body", async () => {
  const { answer, events, seen } = await ask("HEAD /pay/x", { key: gateway.keys.read });
  assert.equal(answer.status, 403);
  assert.equal(answer.text, "");
  assert.ok(Number(answer.headers.find(([name]) => name === "Content-Length")[1]) > 0);
  assert.deepEqual(seen, []);
  assert.equal(events[0].reason, "permission_denied");
});
