// passes.test.mjs - one decision per client request, through redirects, named locations, error pages and subrequests.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import { assertAllowed, assertDenied, assertRefused, identityOf } from "../lib/check.mjs";
import { startGateway, values } from "../lib/gateway.mjs";
import { exchange, requestBytes } from "../lib/raw.mjs";

let gateway;

const locations = (g) => `
  location / { keyward on; ${g.pass} }
  location /inside/ { internal; keyward on; ${g.pass} }
  location @named { keyward on; ${g.pass} }
  location @production { keyward on; keyward_environment production; ${g.pass} }
  location = /ok.html { return 200 "the error page"; }

  location /pay/satisfy { keyward on; satisfy any; allow all; ${g.pass} }
  location /pay/errors { keyward on; error_page 400 401 403 429 503 =200 /ok.html; ${g.pass} }
  location /pay/tries { keyward on; root ${g.folder}; try_files /nothing @named; }
  location /pay/rewritten { keyward on; rewrite ^ /inside/x last; }
  location /pay/failing { keyward on; error_page 502 = @named; proxy_pass http://unix:${g.folder}/nobody.sock; }
  location /pay/accel { keyward on; ${g.pass} }
  location /pay/mirrored { keyward on; mirror /inside/mirror; ${g.pass} }
  location /pay/asked { keyward on; auth_request /inside/ask; ${g.pass} }
  location /pay/crossing { keyward on; root ${g.folder}; try_files /nothing @production; }

  location /pay/late { return 404; error_page 404 =200 /inside/late; }
  location /public/late { return 404; error_page 404 =200 /inside/late; }
  location /open/accel { ${g.pass} }
  location /open/asked { auth_request /inside/ask; ${g.pass} }
  location /pay/pages/ { ssi on; ssi_types text/plain; alias ${g.folder}/pages/; }
  location /public/pages/ { ssi on; ssi_types text/plain; alias ${g.folder}/pages/; }
  location /post { keyward on; post_action /inside/after; ${g.pass} }`;

before(async () => {
  gateway = await startGateway({ sandbox: locations });
  await fs.mkdir(`${gateway.folder}/pages`);
  await fs.writeFile(`${gateway.folder}/pages/one.html`, 'A<!--#include virtual="/inside/one" -->Z');
  await fs.writeFile(`${gateway.folder}/pages/two.html`, '<!--#include virtual="/inside/1" --><!--#include virtual="/inside/2" -->');
});
after(() => gateway.stop());

const ask = (line, options) => gateway.watch(() => gateway.ask(line, options));

test("B17_satisfy_any_does_not_open_a_protected_location", async () => {
  assertRefused(await ask("GET /pay/satisfy"), 401, "missing_key");
  assertAllowed(await ask("GET /pay/satisfy", { key: gateway.keys.pay }));
});

test("B17_error_page_does_not_make_a_success_of_a_denial", async () => {
  assertRefused(await ask("GET /pay/errors"), 401, "missing_key");
  assertRefused(await ask("GET /pay/errors", { key: gateway.keys.read }), 403, "permission_denied");
  assertRefused(await ask("GET /pay/errors?x-api-key=1"), 400, "credential_in_url");
});

test("B17_a_malformed_body_does_not_lead_a_denial_to_an_error_page", async () => {
  const head = [["Host", "api.test"], ["Transfer-Encoding", "chunked"]];
  const bytes = requestBytes("POST /pay/errors HTTP/1.1", head, "zz\r\nnot a chunk\r\n");
  const { answer, events, seen } = await gateway.watch(() => exchange(gateway.port, bytes));
  assert.ok([400, 401].includes(answer.status), `${answer.status}`);
  assert.deepEqual(seen, []);
  assert.deepEqual(events.map((event) => event.reason), ["missing_key"]);
});

test("B17_named_locations_and_internal_redirects_use_the_first_decision", async () => {
  for (const target of ["/pay/tries", "/pay/rewritten", "/pay/failing"]) {
    assertAllowed(await ask(`GET ${target}`, { key: gateway.keys.pay }));
    assertRefused(await ask(`GET ${target}`, { key: gateway.keys.read }), 403, "permission_denied");
  }
});

test("B17_a_request_of_several_passes_is_counted_once", async () => {
  const more = ["--rate", "none", "--quota", "100/day"];
  const key = await gateway.keyward.createKey({ name: "counted", permission: "transactions", more });
  const targets = ["/pay/tries", "/pay/rewritten", "/pay/failing", "/pay/mirrored", "/pay/asked", "/pay/pages/two.html", "/pay/x"];
  for (const [i, target] of targets.entries()) {
    const { answer, events } = await ask(`GET ${target}`, { key });
    assert.equal(answer.status, 200, target);
    assert.equal(events.length, 1, target);
    const remaining = values(answer, "x-ratelimit-remaining");
    /* The head of a page is sent before the subrequests in it are decided. */
    assert.deepEqual(remaining, target.startsWith("/pay/pages/") ? [] : [String(99 - i)], target);
  }
});

test("B17_x_accel_redirect_into_a_protected_location_uses_the_first_decision", async () => {
  gateway.upstream.reply = (request, response) => {
    if (request.url !== "/inside/accel") response.setHeader("X-Accel-Redirect", "/inside/accel");
    response.end("reached");
  };
  try {
    const { answer, events, seen } = await ask("GET /pay/accel", { key: gateway.keys.pay });
    assert.equal(answer.text, "reached");
    assert.equal(events.length, 1);
    assert.deepEqual(seen.map((request) => identityOf(request)["x-keyward-key-id"]), Array(2).fill(gateway.keys.pay.id));
  } finally {
    gateway.upstream.reply = undefined;
  }
});

test("B17_x_accel_redirect_from_an_open_location_is_decided_on_the_clients_path", async () => {
  gateway.upstream.reply = (request, response) => {
    response.setHeader("X-Accel-Redirect", "/inside/accel");
    response.setHeader("Set-Cookie", "session=of-the-open-location");
    response.end("not to be seen");
  };
  try {
    const { answer, events, seen } = await ask("GET /open/accel");
    assertDenied(answer, 401, "missing_key");
    assert.deepEqual(values(answer, "set-cookie"), [], "nothing of the earlier pass may be in a denial");
    assert.equal(events.length, 1);
    assert.deepEqual(seen.map((request) => request.url), ["/open/accel"]);
  } finally {
    gateway.upstream.reply = undefined;
  }
});

test("B17_an_error_page_behind_our_check_is_decided_on_the_clients_path", async () => {
  assertRefused(await ask("GET /pay/late"), 401, "missing_key");
  assertRefused(await ask("GET /pay/late", { key: gateway.keys.read }), 403, "permission_denied");
  assertAllowed(await ask("GET /public/late"), "public");
});

test("B17_an_error_page_is_decided_on_the_clients_method", async () => {
  /* error_page makes a GET of it, and GET /public/late is public. */
  assertRefused(await ask("POST /public/late", { headers: [["Content-Length", "0"]] }), 401, "missing_key");
});

test("B17_subrequests_use_the_decision_of_their_request", async () => {
  for (const target of ["/pay/asked", "/pay/mirrored"]) {
    const { answer, events, seen } = await ask(`GET ${target}`, { key: gateway.keys.pay });
    assert.equal(answer.status, 200);
    assert.equal(events.length, 1, "one event");
    assert.equal(seen.length, 2);
    for (const request of seen) assert.equal(identityOf(request)["x-keyward-key-id"], gateway.keys.pay.id);
    assertRefused(await ask(`GET ${target}`), 401, "missing_key");
  }
});

test("B17_a_subrequest_of_an_open_request_is_decided_on_the_clients_path", async () => {
  const allowed = await ask("GET /pay/pages/one.html", { key: gateway.keys.pay });
  assert.equal(allowed.answer.text, 'A{"ok":true}Z');
  assert.equal(allowed.events.length, 1);
  assert.equal(identityOf(allowed.seen[0])["x-keyward-key-id"], gateway.keys.pay.id);

  const denied = await ask("GET /pay/pages/one.html");
  assert.match(denied.answer.text, /^A\{.*"code":"missing_key".*\}Z$/);
  assert.deepEqual(denied.seen, []);
  assert.equal(denied.events.length, 1);

  const open = await ask("GET /public/pages/one.html");
  assert.equal(open.events[0].reason, "public");
  assert.equal(identityOf(open.seen[0])["x-keyward-key-id"], "");
});

test("B17_several_subrequests_make_one_decision_and_each_carries_the_identity", async () => {
  const headers = [["X-Keyward-Key-Id", "admin"]];
  const { events, seen } = await ask("GET /pay/pages/two.html", { key: gateway.keys.pay, headers });
  assert.equal(events.length, 1);
  assert.equal(seen.length, 2);
  for (const request of seen) assert.equal(identityOf(request)["x-keyward-key-id"], gateway.keys.pay.id);
});

test("B17_auth_request_into_a_protected_location_denies", async () => {
  const { answer, seen, events } = await ask("GET /open/asked");
  assert.equal(answer.status, 401);
  assert.deepEqual(values(answer, "www-authenticate"), ['ApiKey realm="keyward"']);
  assert.deepEqual(seen, []);
  assert.equal(events.length, 1);
});

test("B17_a_rewrite_into_another_environment_is_refused", async () => {
  const { answer, seen } = await ask("GET /pay/crossing", { key: gateway.keys.pay });
  assertDenied(answer, 403, "environment_mismatch");
  assert.deepEqual(seen, []);
});

test("B17_post_action_uses_the_first_decision", async () => {
  const { answer, events } = await ask("GET /post", { key: gateway.keys.full });
  assert.equal(answer.status, 200);
  assert.equal(events.length, 1);
});

test("B17_a_request_that_nginx_refuses_reaches_no_protected_error_page", async () => {
  const { answer, seen } = await ask("GET /public/%zz");
  assert.equal(answer.status, 400);
  assert.deepEqual(seen, []);
});
