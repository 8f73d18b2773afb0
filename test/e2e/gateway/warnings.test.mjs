// warnings.test.mjs - a rotation that comes due, and a secret used after its end, are warned of on the record: once, whatever
// is started anew in between.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { assertRefused, until } from "../lib/check.mjs";
import { assertInContract } from "../lib/contract.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { build } from "../lib/nginx.mjs";
import { assertChainHolds } from "../lib/on_record.mjs";

const DAY_S = 24 * 3600;
let gateway, service, clock;
before(async () => {
  gateway = await startGateway({
    prepare: (installation) => {
      clock = path.join(installation.folder, "shift");
      installation.env = { LD_PRELOAD: path.join(build, "test/e2e/tools/shifted_clock.so"), SHIFTED_CLOCK: clock };
    },
  });
  service = gateway.keyward.service;
});
after(() => gateway.stop());

const create = (...more) => gateway.keyward.createKey({ name: "warned of", permission: "transactions", more });

/** Goes so many days from now on, and accepts that. */
async function goTo(days) {
  await fs.writeFile(clock, `+${days * DAY_S}`);
  await until(async () => (await service.run("clock", "show")).code === 1);
  await service.ok("clock", "accept");
}

/** With the start keys are looked at, and all that there is to be warned of is on the record soon after. */
async function startAnew() {
  await service.end();
  await service.serve();
}

async function warnings(id) {
  const answer = await service.call("GET", `/v1/events?kind=warning&key=${id}`);
  assertInContract("GET", "/v1/events", answer);
  return answer.json.events.reverse();
}
const words = async (id) => (await warnings(id)).map(({ what }) => what);
const warnedOf = (id, what) => until(async () => (await words(id)).includes(what), 30);

/** Whatever else there was to be said has been said when this one has been. */
async function passed() {
  const other = await create();
  const rotated = await service.ok("keys", "rotate", other.id, "--overlap", "0", "--json");
  assert.equal(rotated.id, other.id);
  assertRefused(await gateway.watch(() => gateway.ask("GET /pay/x", { key: other })), 401, "secret_rotated");
  await warnedOf(other.id, "old_secret_used");
}

test("D11_a_secret_used_after_its_end_is_warned_of_once", async () => {
  const old = await create();
  await service.ok("keys", "rotate", old.id, "--overlap", "1h", "--json");
  assert.equal((await gateway.ask("GET /pay/x", { key: old })).status, 200, "inside the overlap");
  await passed();
  assert.deepEqual(await words(old.id), []);
  await service.ok("keys", "rotation", "complete", old.id, "--yes");
  for (let i = 0; i < 3; i++) assert.equal((await gateway.ask("GET /pay/x", { key: old })).status, 401);
  await warnedOf(old.id, "old_secret_used");
  await startAnew();
  assert.equal((await gateway.ask("GET /pay/x", { key: old })).status, 401);
  await passed();
  const found = await warnings(old.id);
  assert.equal(found.length, 1, JSON.stringify(found));
  const { what, key_id, account, environment, generation } = found[0];
  assert.deepEqual({ what, key_id, account, environment, generation }, { what: "old_secret_used", key_id: old.id, account: "main", environment: "sandbox", generation: 2 });
});

test("a_rotation_that_comes_due_is_warned_of_once_at_each_stage", async () => {
  const key = await create(), never = await create("--rotation-days", "0"), revoked = await create();
  const ending = await create("--on-overdue", "expire"), expired = await create("--expires", "10d"), disabled = await create();
  await service.ok("keys", "revoke", revoked.id, "--yes");
  await service.ok("keys", "disable", disabled.id);
  for (const [days, what] of [[61, "rotation_due_30d"], [84, "rotation_due_7d"], [89.5, "rotation_due_1d"], [91, "rotation_overdue"]]) {
    await goTo(days);
    await startAnew();
    await warnedOf(key.id, what);
    await startAnew();
    await passed();
  }
  const all = ["rotation_due_30d", "rotation_due_7d", "rotation_due_1d", "rotation_overdue"];
  assert.deepEqual(await words(key.id), all);
  assert.deepEqual(await words(ending.id), all, "one that expires because it was not rotated, too");
  for (const other of [never, revoked, disabled, expired]) assert.deepEqual(await words(other.id), []);
});

test("what_was_warned_of_is_known_where_the_counts_are_lost", async () => {
  const warned = async () => (await service.call("GET", "/v1/events?kind=warning&limit=1000")).json.events.length;
  const before = await warned();
  await service.end();
  await fs.rm(path.join(service.dir, "state/usage.db"));
  await service.serve();
  await passed();
  assert.equal(await warned(), before + 1);
});

test("warnings_are_for_people_and_for_prometheus_too_and_are_no_attempts", async () => {
  const { stdout } = await service.run("audit", "search", "--warnings");
  assert.match(stdout, /warning rotation_due_7d +[0-9A-Za-z]{14} +generation 1/);
  assert.ok((await gateway.keyward.events()).every(({ kind }) => kind !== "warning"));
  const metrics = await service.run("metrics");
  assert.match(metrics.stdout, /^keyward_warnings_total\{what="old_secret_used"\} [1-9]/m);
  await assertChainHolds(service);
});
