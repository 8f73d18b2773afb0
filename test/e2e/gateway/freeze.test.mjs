// freeze.test.mjs - what is frozen is refused with the call's return, on every connection, told as what it is, and undone.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { assertRefused } from "../lib/check.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { countBy, Load, LOAD_LOCATIONS } from "../lib/load.mjs";

let gateway, service, key;
before(async () => {
  gateway = await startGateway({ sandbox: LOAD_LOCATIONS, nginx: { workers: 2 } });
  service = gateway.keyward.service;
  key = await gateway.keyward.createKey({ name: "frozen", permission: "transactions", more: ["--rate", "none"] });
});
after(() => gateway.stop());

const ask = (line) => gateway.watch(() => gateway.ask(line, { key }));
const kinds = (answers) => Object.keys(countBy(answers, (one) => `${one.status} ${one.code ?? ""}`.trim())).sort();

/** The four scopes: how the call names them, and how the command line does. */
const scopes = () => [
  { name: "a key", path: `/v1/keys/${key.id}/freeze`, args: ["key", key.id], told: /with this key are frozen/ },
  { name: "an account", path: "/v1/accounts/main/freeze", args: ["account", "main"], told: /with all keys of this account are frozen/ },
  { name: "an environment", path: "/v1/environments/sandbox/freeze", args: ["environment", "sandbox"], told: /with all sandbox keys are frozen/ },
  { name: "everything", path: "/v1/freeze", args: ["everything"], told: /with all sandbox keys are frozen/ },
];
const freeze = async (target, frozen, reason) => {
  const answer = await service.call("PUT", target, { frozen, ...(reason === undefined ? {} : { reason }) });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};

/** Makes a call under load: the answers begun after it returned. */
async function afterwards(load, call) {
  await load.more(20);
  await call();
  const returned = performance.now();
  await load.more(20);
  return load.answers.filter((one) => one.begun > returned);
}

test("promise_2_no_request_begun_after_a_freeze_returned_is_allowed_and_none_is_refused_after_the_thaw", async (t) => {
  const load = await new Load(gateway.port, { key: key.key }).start();
  t.after(() => load.stop());
  for (let round = 0; round < 3; round++)
    for (const { name, path: target } of scopes()) {
      assert.deepEqual(kinds(await afterwards(load, () => freeze(target, "all"))), ["403 frozen"], name);
      assert.deepEqual(kinds(await afterwards(load, () => freeze(target, "nothing"))), ["200"], name);
    }
});

test("transact_only_lets_reads_pass_and_says_so", async (t) => {
  for (const { name, path: target, told } of scopes())
    await t.test(name, async () => {
      await freeze(target, "transact", "payouts look wrong");
      const refused = await ask("GET /pay/x");
      assertRefused(refused, 403, "frozen");
      assert.match(refused.answer.json.message, told);
      assert.match(refused.answer.json.message, /^Transactions .*reading is not.*stays valid: try again later$/);
      assert.equal((await gateway.ask("GET /read/x", { key })).status, 200);
      await freeze(target, "all");
      const nothing = await ask("GET /read/x");
      assertRefused(nothing, 403, "frozen");
      assert.match(nothing.answer.json.message, /^All requests .*frozen for the time being/);
      await freeze(target, "nothing");
      assert.equal((await gateway.ask("GET /pay/x", { key })).status, 200);
    });
});

test("the_command_line_freezes_shows_and_thaws", async (t) => {
  for (const { name, args } of scopes())
    await t.test(name, async () => {
      await service.ok("freeze", ...args, "--transact", "--reason", "by hand", ...(args[0] === "key" || args[0] === "account" ? [] : ["--yes"]));
      assert.equal((await gateway.ask("GET /pay/x", { key })).status, 403);
      const { stdout } = await service.run("freezes");
      assert.match(stdout, /transact .* uid:\d+ +by hand/);
      await service.ok("unfreeze", ...args);
      assert.equal((await gateway.ask("GET /pay/x", { key })).status, 200);
      assert.match((await service.run("freezes")).stdout, /Nothing is frozen/);
    });
  const unasked = await service.run("freeze", "everything");
  assert.equal(unasked.code, 64);
  assert.match((await service.run("freeze", "environment", "moon", "--yes")).stderr, /sandbox or production/);
});

test("a_freeze_of_one_does_not_touch_the_other", async () => {
  const other = await gateway.keyward.createKey({ name: "free", permission: "transactions" });
  await freeze(`/v1/keys/${key.id}/freeze`, "all");
  await freeze("/v1/environments/production/freeze", "all");
  assert.equal((await gateway.ask("GET /pay/x", { key: other })).status, 200);
  await freeze(`/v1/keys/${key.id}/freeze`, "nothing");
  assert.equal((await gateway.ask("GET /pay/x", { key })).status, 200, "production is another environment");
  await freeze("/v1/environments/production/freeze", "nothing");
});

test("X1_a_freeze_outlives_serve_and_a_new_keyring", async () => {
  for (const { path: target } of scopes().slice(0, 3)) {
    await freeze(target, "transact", "over night");
    await service.end();
    assert.equal((await gateway.ask("GET /pay/x", { key })).status, 403, "while nobody serves");
    await service.serve();
    assert.equal((await gateway.ask("GET /pay/x", { key })).status, 403, "adopted");
    await service.end();
    await fs.rm(path.join(gateway.run, "keyring"));
    await service.serve();
    let status = 0;
    for (const end = Date.now() + 20_000; status !== 403 && Date.now() < end; ) ({ status } = await gateway.ask("GET /pay/x", { key }));
    assert.equal(status, 403, "rebuilt");
    const { json } = await service.call("GET", "/v1/freezes");
    assert.deepEqual(json.freezes.map(({ frozen, reason }) => [frozen, reason]), [["transact", "over night"]]);
    await freeze(target, "nothing");
  }
  assert.equal((await gateway.ask("GET /pay/x", { key })).status, 200);
});

test("who_froze_what_and_why_is_on_the_record", async () => {
  await freeze("/v1/environments/sandbox/freeze", "all", "drill of the 30th");
  await freeze("/v1/environments/sandbox/freeze", "nothing", "drill over");
  let changes = [];
  for (const end = Date.now() + 10_000; changes.length < 2 && Date.now() < end; )
    changes = (await service.call("GET", "/v1/events?kind=change&limit=20")).json.events.filter((e) => /drill/.test(JSON.stringify(e.summary)));
  assert.deepEqual(changes.map((e) => [e.object_id, e.summary.frozen, e.summary.freezeReason]).sort(), [["sandbox", "all", "drill of the 30th"], ["sandbox", "nothing", "drill over"]]);
  assert.match(changes[0].actor, /^uid:/);
});
