// plaintext.test.mjs - keys without TLS on an address that is not loopback, and rules about clients' real addresses.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { POLICY } from "./lib/gateway.mjs";
import { startKeyward } from "./lib/keyward.mjs";
import { noNetwork, startNetwork } from "./lib/network.mjs";
import { startNginx } from "./lib/nginx.mjs";

const STRICT = 8080, PLAIN = 8081; /* in the namespace nobody else listens */
const V4 = "192.0.2.1", V6 = "2001:db8::1";
const CLIENT4 = "192.0.2.9", OTHER4 = "198.51.100.7", CLIENT6 = "2001:db8::9", OTHER6 = "2001:db8:1::7";
const skip = noNetwork();

let network, keyward, nginx, folder, key;
const locations = "location / { keyward on; empty_gif; }";
const server = (listens, more) => `server { ${listens.map((l) => `listen ${l};`).join(" ")} keyward_environment sandbox; ${more} ${locations} }`;
const create = (...more) => keyward.createKey({ name: "somewhere", permission: "transactions", more: ["--rate", "none", ...more] });

before(async () => {
  if (skip) return;
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "keyward-e2e-"));
  network = await startNetwork([`${V4}/24`, `${CLIENT4}/24`, `${OTHER4}/32`, `${V6}/64`, `${CLIENT6}/64`, `${OTHER6}/128`]);
  keyward = await startKeyward({ policy: POLICY });
  key = (await create()).key;
  const http = `keyward_state ${keyward.run};
    ${server([STRICT, `[::]:${STRICT} ipv6only=on`], "")}
    ${server([`[::]:${PLAIN} ipv6only=off`], "keyward_plaintext on;")}`;
  nginx = await startNginx(folder, http, [], { inside: network.inside });
  await untilUp();
});
after(async () => {
  await nginx?.stop();
  await keyward?.stop();
  await network?.stop();
  if (folder !== undefined) await fs.rm(folder, { recursive: true });
});

async function untilUp() {
  for (let i = 0; i < 40; i++) {
    const answers = await network.ask([STRICT, PLAIN].map((port) => ({ from: CLIENT4, to: V4, port, path: "/public/x" })));
    if (answers.every((answer) => answer.error === undefined)) return;
  }
  assert.fail(`nginx does not listen: ${await nginx.errorLog()}`);
}

/** One request: "200", "403 tls_required", … */
async function ask(from, to, port, more = {}) {
  const [{ status, code, error }] = await network.ask([{ from, to, port, path: "/pay/x", key, ...more }]);
  assert.equal(error, undefined);
  return code === undefined ? String(status) : `${status} ${code}`;
}

test("C16_a_key_over_plain_http_on_a_public_listener_is_refused_and_recorded", { skip }, async () => {
  const before = (await keyward.events()).length;
  assert.equal(await ask(CLIENT4, V4, STRICT), "403 tls_required");
  assert.equal(await ask(CLIENT6, V6, STRICT), "403 tls_required");
  const events = (await keyward.events()).slice(before);
  assert.deepEqual(events.map((event) => [event.reason, event.allowed]), [["tls_required", false], ["tls_required", false]]);
});

test("C16_no_kind_of_request_gets_past_it", { skip }, async () => {
  for (const more of [{ key: undefined }, { key: "mk_test_x" }, { path: "/public/x" }, { path: "/read/x" }])
    assert.equal(await ask(CLIENT4, V4, STRICT, more), "403 tls_required", JSON.stringify(more));
});

test("C16_a_client_on_the_machine_itself_does_not_make_the_listener_loopback", { skip }, async () => {
  assert.equal(await ask(V4, V4, STRICT), "403 tls_required");
});

test("loopback_needs_no_tls_by_either_family", { skip }, async () => {
  assert.equal(await ask("127.0.0.1", "127.0.0.1", STRICT), "200");
  assert.equal(await ask("::1", "::1", STRICT), "200");
});

test("keyward_plaintext_on_lets_the_key_decide", { skip }, async () => {
  assert.equal(await ask(CLIENT4, V4, PLAIN), "200");
  assert.equal(await ask(CLIENT6, V6, PLAIN), "200");
  assert.equal(await ask(CLIENT4, V4, PLAIN, { key: undefined }), "401 missing_key");
  assert.equal(await ask(CLIENT4, V4, PLAIN, { key: "mk_test_x" }), "401 invalid_key");
});

const DENIED = "403 ip_not_allowed";

/** A key with these rules: what it gets from each address. */
async function verdicts(rules, ways) {
  const { key: ruled } = await create(...rules.flatMap((rule) => ["--allow-ip", rule]));
  const got = [];
  for (const [from, to] of ways) got.push(await ask(from, to, PLAIN, { key: ruled }));
  return got;
}

test("an_address_rule_holds_for_real_ipv4_clients", { skip }, async () => {
  const ways = [[CLIENT4, V4], [OTHER4, V4], [CLIENT6, V6]];
  assert.deepEqual(await verdicts(["192.0.2.0/24"], ways), ["200", DENIED, DENIED]);
  assert.deepEqual(await verdicts([`${CLIENT4}/32`], [[CLIENT4, V4], [V4, V4]]), ["200", DENIED]);
});

test("an_address_rule_holds_for_real_ipv6_clients", { skip }, async () => {
  const ways = [[CLIENT6, V6], [OTHER6, V6], [CLIENT4, V4]];
  assert.deepEqual(await verdicts(["2001:db8::/64"], ways), ["200", DENIED, DENIED]);
  assert.deepEqual(await verdicts(["2001:db8::/64", "192.0.2.0/24"], ways), ["200", DENIED, "200"]);
});

test("C14_a_v4_mapped_client_is_judged_as_ipv4_and_so_recorded", { skip }, async () => {
  /* This listener is [::] with IPv4: the kernel gives such a client's address as ::ffff:192.0.2.9. */
  const before = (await keyward.events()).length;
  assert.deepEqual(await verdicts(["192.0.2.9/32"], [[CLIENT4, V4], [OTHER4, V4]]), ["200", DENIED]);
  const sources = (await keyward.events()).slice(before).map((event) => event.source);
  assert.deepEqual(sources, [CLIENT4, OTHER4]);
});

test("C14_a_rule_in_v4_mapped_form_means_the_same_or_is_refused", { skip }, async () => {
  const args = ["--name", "mapped", "--environment", "sandbox", "--permission", "transactions"];
  const made = await keyward.service.run("keys", "create", ...args, "--allow-ip", "::ffff:192.0.2.0/120", "--json");
  if (made.code !== 0) return assert.equal(made.code, 65, made.stderr);
  assert.equal(await ask(CLIENT4, V4, PLAIN, { key: made.json.secret }), "200");
  assert.equal(await ask(OTHER4, V4, PLAIN, { key: made.json.secret }), DENIED);
});
