// metrics.test.mjs - the numbers for Prometheus: they parse, they are right, and strangers can put nothing into them.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { until } from "../lib/check.mjs";
import { readExposition, valueOf } from "../lib/exposition.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { KEY } from "../lib/installation.mjs";
import { build } from "../lib/nginx.mjs";

const repository = new URL("../../../", import.meta.url);
let gateway, service, failing;
before(async () => {
  failing = path.join(os.tmpdir(), `keyward-metrics-${process.pid}.failing`);
  process.env.FAILING_SYNC = failing;
  process.env.FAILING_PART = ".seg";
  process.env.LD_PRELOAD = path.join(build, "test/e2e/tools/failing_sync.so");
  gateway = await startGateway({});
  service = gateway.keyward.service;
});
after(async () => {
  await gateway.stop();
  await fs.rm(failing, { force: true });
});

const scrape = async () => readExposition(await service.ok("metrics"));
const decisions = (metrics, reason, kept = "event") => valueOf(metrics, "keyward_decisions_total", { reason, kept });

/** Everything decided before is on the record, and so in the numbers. */
async function settled() {
  await service.call("POST", "/v1/drain");
  return scrape();
}

test("metrics_are_served_as_prometheus_text", async () => {
  const answer = await service.call("GET", "/metrics");
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
  assert.equal(answer.headers["cache-control"], "no-store");
  readExposition(answer.text);
  assert.equal((await service.call("GET", "/metrics?x=1")).status, 400);
});

test("decisions_are_counted_by_reason_as_they_come_onto_the_record", async () => {
  const was = await settled();
  for (let i = 0; i < 3; i++) assert.equal((await gateway.ask("GET /pay/x", { key: gateway.keys.pay })).status, 200);
  assert.equal((await gateway.ask("POST /pay/x", { key: gateway.keys.read })).status, 403);
  assert.equal((await gateway.ask("GET /pay/x")).status, 401);
  const is = await settled();
  for (const [reason, n] of [["allowed", 3], ["permission_denied", 1], ["missing_key", 1], ["key_revoked", 0]])
    assert.equal(decisions(is, reason) - decisions(was, reason), n, reason);
});

test("every_reason_there_is_has_its_number", async () => {
  const table = await fs.readFile(new URL("include/keyward/reason.h", repository), "utf8");
  const reasons = [...table.matchAll(/X\(KW_WHY_\w+, "(\w+)"/g)].map(([, name]) => name);
  assert.ok(reasons.includes("untrusted_peer") && reasons.length > 26);
  const metrics = await settled();
  for (const reason of reasons) for (const kept of ["event", "summary", "gap"]) assert.ok(decisions(metrics, reason, kept) >= 0, `${reason} ${kept}`);
});

test("what_was_only_counted_is_in_the_numbers_too", async () => {
  const was = await settled();
  const wrong = `${gateway.keys.pay.key.slice(0, 8)}${"0".repeat(62)}`;
  for (let i = 0; i < 60; i++) await gateway.ask("GET /pay/x", { key: wrong });
  const is = await settled();
  const all = (metrics) => ["event", "summary", "gap"].reduce((sum, kept) =>
    sum + decisions(metrics, "malformed_key", kept) + decisions(metrics, "too_many_failures", kept), 0);
  assert.equal(all(is) - all(was), 60);
  assert.ok(decisions(is, "malformed_key", "summary") > decisions(was, "malformed_key", "summary"), "a flood is summed up");
});

test("a_revocation_is_in_the_histogram_once", async () => {
  const { id } = await gateway.keyward.createKey({ name: "gone", permission: "read_only" });
  const count = (metrics) => metrics.get("keyward_revocation_seconds").samples.find(({ name }) => name.endsWith("_count")).value;
  const was = count(await scrape());
  await service.ok("keys", "revoke", id, "--yes");
  await service.ok("keys", "revoke", id, "--yes"); /* of a key that is revoked: nothing was published */
  const is = await scrape();
  assert.equal(count(is) - was, 1);
  const sum = is.get("keyward_revocation_seconds").samples.find(({ name }) => name.endsWith("_sum")).value;
  assert.ok(sum > 0 && sum < 10, `${sum} s`);
});

test("rings_lags_and_keyring_are_as_they_are", async () => {
  const metrics = await settled();
  const health = (await service.call("GET", "/v1/health")).json;
  assert.equal(valueOf(metrics, "keyward_build_info", { version: health.version }), 1);
  assert.equal(valueOf(metrics, "keyward_keyring_keys"), health.keys);
  assert.equal(valueOf(metrics, "keyward_keyring_accounts"), health.accounts);
  assert.ok(valueOf(metrics, "keyward_keyring_keys_max") >= health.keys);
  assert.equal(valueOf(metrics, "keyward_change_seq"), health.changeSeq);
  assert.equal(valueOf(metrics, "keyward_published_change_seq"), health.changeSeq);
  assert.equal(valueOf(metrics, "keyward_policy_version"), 1);
  for (const name of ["keyward_publish_lag_seconds", "keyward_changes_unsaved", "keyward_seals_failed_total"])
    assert.equal(valueOf(metrics, name), 0, name);
  assert.ok(valueOf(metrics, "keyward_heartbeat_age_seconds") < 2);
  assert.ok(valueOf(metrics, "keyward_record_lag_seconds") < 2);
  const rings = (await fs.readdir(`${gateway.run}/rings`)).filter((name) => /^\d{3}$/.test(name)).length;
  assert.equal(valueOf(metrics, "keyward_rings"), rings);
  assert.equal(valueOf(metrics, "keyward_ring_slots", { ring: "proved" }), rings * 16384);
  assert.equal(valueOf(metrics, "keyward_ring_slots", { ring: "unproved" }), rings * 4096);
});

test("the_record_lags_and_a_ring_fills_while_the_disk_refuses_the_record", async () => {
  await fs.writeFile(failing, "");
  for (let i = 0; i < 30; i++) assert.equal((await gateway.ask("GET /pay/x", { key: gateway.keys.pay })).status, 200);
  const lag = (metrics) => valueOf(metrics, "keyward_record_lag_seconds");
  await until(async () => lag(await scrape()) > 1);
  const metrics = await scrape();
  assert.equal(valueOf(metrics, "keyward_ring_waiting", { ring: "proved" }), 30);
  assert.equal(valueOf(metrics, "keyward_ring_fill_ratio", { ring: "proved" }), Math.floor(30e6 / 16384) / 1e6);
  const was = decisions(metrics, "allowed");
  await fs.rm(failing);
  await until(async () => valueOf(await scrape(), "keyward_ring_waiting", { ring: "proved" }) === 0);
  assert.ok(lag(await settled()) < 1);
  assert.equal(decisions(await scrape(), "allowed") - was, 30, "once, however often it was tried");
});

test("a_row_whose_seal_does_not_hold_is_counted", async () => {
  const { id } = await gateway.keyward.createKey({ name: "forged", permission: "read_only" });
  const { spawnSync } = await import("node:child_process");
  const change = spawnSync("sqlite3", [`${service.dir}/state/keyward.db`, `UPDATE keys SET name = 'other' WHERE id = '${id}'`]);
  assert.equal(change.status, 0, String(change.stderr));
  assert.equal((await service.call("GET", `/v1/keys/${id}`)).status, 500);
  assert.equal(valueOf(await scrape(), "keyward_seals_failed_total"), 1);
});

test("U_no_secret_and_nothing_a_stranger_sent_is_in_the_numbers", async () => {
  const before = (await service.ok("metrics")).split("\n").length;
  for (let i = 0; i < 20; i++) await gateway.ask(`GET /hidden-${i}`, { key: gateway.keys.full, headers: [["User-Agent", `agent-${i}`]] });
  await settled();
  const text = await service.ok("metrics");
  assert.equal(text.split("\n").length, before, "no line is added, whatever is asked");
  assert.deepEqual(text.match(KEY), null);
  const ids = Object.values(gateway.keys).map(({ id }) => id);
  for (const word of [...ids, "hidden-", "agent-", "127.0.0.1"]) assert.ok(!text.includes(word), word);
});

test("every_metric_of_the_example_rules_is_there_and_each_is_documented", async () => {
  const metrics = await scrape();
  const rules = await fs.readFile(new URL("packaging/prometheus/keyward.rules.yml", repository), "utf8");
  const used = new Set([...rules.matchAll(/^ *expr: (.*)$/gm)].flatMap(([, expr]) => expr.match(/keyward_[a-z_]+/g)));
  assert.ok(used.size >= 8);
  for (const name of used) assert.ok(metrics.has(name.replace(/_bucket$/, "")), name);
  const page = await fs.readFile(new URL("docs/operations.md", repository), "utf8");
  for (const name of metrics.keys()) assert.ok(page.includes(`\`${name}`), `docs/operations.md does not explain ${name}`);
});
