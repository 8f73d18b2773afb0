// revocation.test.mjs - what was taken from a key is gone with the call's return, on every connection of every worker.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { startGateway } from "../lib/gateway.mjs";
import { countBy, Load, LOAD_LOCATIONS } from "../lib/load.mjs";
import { tokenClient } from "../lib/tokens.mjs";

const REVOCATIONS = 30, CHANGES = 10;
let gateway, service;
before(async () => {
  gateway = await startGateway({ sandbox: LOAD_LOCATIONS, nginx: { workers: 2 } });
  service = gateway.keyward.service;
});
after(() => gateway.stop());

const createKey = () => gateway.keyward.createKey({ name: "taken", permission: "transactions", more: ["--rate", "none"] });

/** Makes a call under load: the answers wholly before it, during it, and begun after it returned. */
async function around(load, call) {
  const first = load.answers.length, started = performance.now();
  await load.more(20);
  const called = performance.now();
  const answer = await call();
  const returned = performance.now();
  assert.equal(answer.status, 200, answer.text);
  await load.more(20);
  const answers = load.answers.slice(first);
  return {
    before: answers.filter((one) => one.begun > started && one.ended < called),
    during: answers.filter((one) => one.ended >= called && one.begun <= returned),
    after: answers.filter((one) => one.begun > returned),
  };
}

async function begin(t, key) {
  const load = await new Load(gateway.port, { key }).start();
  t.after(() => load.stop());
  return load;
}

async function permit(id, permissions) {
  const { headers } = await service.call("GET", `/v1/keys/${id}`);
  return () => service.call("PATCH", `/v1/keys/${id}`, { permissions }, { "if-match": headers.etag });
}

const kinds = (answers) => Object.keys(countBy(answers, (one) => `${one.status} ${one.code ?? ""}`.trim())).sort();
const within = (answers, allowed) => assert.deepEqual(kinds(answers).filter((kind) => !allowed.includes(kind)), []);

test("promise_2_no_request_begun_after_a_revoke_returned_is_allowed", async (t) => {
  const keys = [];
  for (let i = 0; i < REVOCATIONS; i++) keys.push(await createKey());
  const load = await begin(t, keys[0].key);
  let refused = 0;
  for (const { id, key } of keys) {
    load.key = key;
    await load.more(8);
    const { before, during, after } = await around(load, () => service.call("POST", `/v1/keys/${id}/revoke`));
    const own = before.filter((one) => one.key === key);
    assert.deepEqual(kinds(own), ["200"], "never a wrong denial before");
    within(during, ["200", "401 key_revoked"]);
    assert.deepEqual(kinds(after), ["401 key_revoked"]);
    refused += after.length;
  }
  assert.ok(refused >= 20 * REVOCATIONS);
});

test("promise_2_no_request_with_a_token_begun_after_its_key_or_itself_was_revoked_is_allowed", async (t) => {
  const client = tokenClient(service), made = [];
  for (let i = 0; i < CHANGES; i++) {
    const key = await createKey();
    made.push({ id: key.id, token: (await client.pair(key)).accessToken });
  }
  const load = await begin(t, made[0].token);
  for (const [i, { id, token }] of made.entries()) {
    load.key = token;
    await load.more(8);
    const call = i % 2 === 0 ? () => service.call("POST", `/v1/keys/${id}/revoke`) : () => client.revoke(token);
    const { before, during, after } = await around(load, call);
    const refused = i % 2 === 0 ? "401 key_revoked" : "401 token_ended";
    assert.deepEqual(kinds(before.filter((one) => one.key === token)), ["200"]);
    within(during, ["200", refused]);
    assert.deepEqual(kinds(after), [refused]);
  }
});

test("promise_2_less_permission_holds_at_once_and_so_does_more", async (t) => {
  const { id, key } = await createKey();
  const load = await begin(t, key);
  const change = async (permissions) => around(load, await permit(id, permissions));
  for (let i = 0; i < CHANGES; i++) {
    const less = await change(["read_only"]);
    assert.deepEqual(kinds(less.before), ["200"]);
    within(less.during, ["200", "403 permission_denied"]);
    assert.deepEqual(kinds(less.after), ["403 permission_denied"]);
    const more = await change(["transactions"]);
    assert.deepEqual(kinds(more.before), ["403 permission_denied"]);
    within(more.during, ["200", "403 permission_denied"]);
    assert.deepEqual(kinds(more.after), ["200"], "never a wrong denial afterwards");
  }
});

test("promise_2_a_disabled_key_is_refused_at_once_and_an_enabled_one_accepted", async (t) => {
  const { id, key } = await createKey();
  const load = await begin(t, key);
  for (let i = 0; i < CHANGES; i++) {
    const off = await around(load, () => service.call("POST", `/v1/keys/${id}/disable`));
    assert.deepEqual([kinds(off.before), kinds(off.after)], [["200"], ["401 key_disabled"]]);
    const on = await around(load, () => service.call("POST", `/v1/keys/${id}/enable`));
    assert.deepEqual([kinds(on.before), kinds(on.after)], [["401 key_disabled"], ["200"]]);
  }
});
