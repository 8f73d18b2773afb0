// identity.test.mjs - the upstream learns from us who calls, and from nobody else.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { assertAllowed, identityOf, received } from "../lib/check.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { startFastcgi, startGrpc, startScgi, startUwsgi } from "../lib/upstreams.mjs";

let gateway;
const others = [];
before(async () => {
  gateway = await startGateway({
    /* The most that an operator can open: names with "_" and "." pass nginx. */
    http: "underscores_in_headers on; ignore_invalid_headers off;",
    sandbox: (g) => `location / { keyward on; ${g.pass} }
      location /pay/fastcgi { keyward on; fastcgi_pass unix:${g.folder}/fastcgi.sock; }
      location /pay/scgi { keyward on; scgi_pass unix:${g.folder}/scgi.sock; }
      location /pay/uwsgi { keyward on; uwsgi_pass unix:${g.folder}/uwsgi.sock; }
      location /pay/grpc { keyward on; grpc_pass grpc://unix:${g.folder}/grpc.sock; }
      location /pay/own { keyward on; ${g.pass} proxy_set_header X-Keyward-Account operator; }`,
  });
  const starts = { fastcgi: startFastcgi, scgi: startScgi, uwsgi: startUwsgi, grpc: startGrpc };
  for (const [name, start] of Object.entries(starts)) others.push(await start(`${gateway.folder}/${name}.sock`));
});
after(async () => {
  await gateway.stop();
  for (const other of others) await other.stop();
});

const ask = (line, options) => gateway.watch(() => gateway.ask(line, options));

const NAMES = ["X-Keyward-Key-Id", "X-Keyward-Account", "X-Keyward-Environment", "X-Keyward-Permissions", "X-Request-Id"];
const spellings = (name) => [name, name.toLowerCase(), name.toUpperCase(), name.replaceAll("-", "_"), name.replaceAll("-", "."),
  name.replace("-", "_"), name.replace("-", ".").toUpperCase()];

function assertOurs(identity, key, permissions) {
  assert.equal(identity["x-keyward-key-id"], key.id);
  assert.equal(identity["x-keyward-environment"], "sandbox");
  assert.equal(identity["x-keyward-permissions"], permissions);
}

test("C1_a_client_cannot_say_who_it_is", async () => {
  const headers = NAMES.map((name) => [name, "admin"]);
  const result = await ask("GET /pay/x", { key: gateway.keys.pay, headers });
  assertAllowed(result);
  assertOurs(identityOf(result.seen[0]), gateway.keys.pay, "transactions");
  assert.ok(!JSON.stringify(result.seen).includes("admin"));
});

test("C2_no_spelling_of_an_identity_header_arrives", async () => {
  for (const name of NAMES) {
    for (const spelling of spellings(name)) {
      const result = await ask("GET /pay/x", { key: gateway.keys.full, headers: [[spelling, "admin"]] });
      assertAllowed(result);
      assertOurs(identityOf(result.seen[0]), gateway.keys.full, "full_access");
      assert.ok(!JSON.stringify(result.seen).includes("admin"), spelling);
    }
  }
});

test("C2_no_other_name_of_ours_arrives_either", async () => {
  const headers = [["X-Keyward-Admin", "admin"], ["x_keyward.session", "admin"]];
  const result = await ask("GET /pay/x", { key: gateway.keys.pay, headers });
  assert.ok(!JSON.stringify(result.seen).includes("admin"));
});

test("C3_what_is_not_known_arrives_empty", async () => {
  const headers = NAMES.map((name) => [name, "admin"]);
  const result = await ask("GET /public/x", { headers });
  assertAllowed(result, "public");
  const identity = identityOf(result.seen[0]);
  for (const name of NAMES.slice(0, 4)) assert.equal(identity[name.toLowerCase()], "", name);
});

test("C4_repeated_identity_headers_are_all_removed", async () => {
  const headers = NAMES.flatMap((name) => spellings(name).flatMap((spelling) => [[spelling, "admin"], [spelling, "root"]]));
  const result = await ask("GET /pay/x", { key: gateway.keys.pay, headers });
  assertAllowed(result);
  assertOurs(identityOf(result.seen[0]), gateway.keys.pay, "transactions");
  assert.ok(!/admin|root/.test(JSON.stringify(result.seen)));
});

test("C2_key_headers_of_any_spelling_count_and_go", async () => {
  const { pay } = gateway.keys;
  for (const name of ["X_API_KEY", "x.api.key", "x-api_KEY"]) {
    const result = await ask("GET /pay/x", { headers: [[name, pay.key]] });
    assertAllowed(result);
    assert.deepEqual(received(result.seen[0], "x-api-key"), []);
    const two = await ask("GET /pay/x", { key: pay, headers: [[name, pay.key]] });
    assert.equal(two.answer.status, 400);
  }
});

test("other_headers_and_the_body_arrive_as_they_were", async () => {
  const many = Array.from({ length: 60 }, (_, i) => [`X-Other-${i}`, `value ${i}`]);
  const headers = [...many, ["X-Twice", "1"], ["X-Twice", "2"], ["User-Agent", "test/1"], ["Referer", "here"], ["Cookie", "a=b"]];
  const result = await ask("POST /pay/x", { key: gateway.keys.pay, headers, body: "hello" });
  assertAllowed(result);
  const [request] = result.seen;
  assert.equal(request.body, "hello");
  assert.equal(received(request, "host").length, 1);
  for (const [name, value] of headers) assert.ok(received(request, name.toLowerCase()).includes(value), name);
  assert.deepEqual(received(request, "x-twice"), ["1", "2"]);
});

test("C1_identity_reaches_every_kind_of_upstream", async () => {
  const { key, id } = gateway.keys.pay;
  const headers = [["X-Keyward-Key-Id", "admin"], ["X_Keyward_Key_Id", "admin"]];
  for (const [i, kind] of ["fastcgi", "scgi", "uwsgi", "grpc"].entries()) {
    const { answer } = await ask(`POST /pay/${kind}`, { key, headers, body: "x" });
    assert.equal(answer.status, 200, `${kind}: ${answer.text}`);
    const text = others[i].seen.at(-1);
    assert.ok(text.includes(id), `${kind} must learn the key's id`);
    assert.ok(text.includes("transactions"), kind);
    assert.ok(!text.includes("admin"), kind);
    assert.ok(!text.includes(key), `${kind} must not see the key`);
  }
});

test("an_operator_may_still_set_a_header_himself", async () => {
  const { answer, seen } = await ask("GET /pay/own", { key: gateway.keys.pay });
  assert.equal(answer.status, 200);
  assert.deepEqual(received(seen[0], "x-keyward-account"), ["operator"]);
});
