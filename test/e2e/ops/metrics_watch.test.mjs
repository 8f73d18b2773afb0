// metrics_watch.test.mjs - the numbers of alerts, webhooks, letters and counting: right, also after a restart, and in health and doctor.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import { after, before, test } from "node:test";
import { takeOn, testAlert } from "../lib/alerts.mjs";
import { until } from "../lib/check.mjs";
import { readExposition, valueOf } from "../lib/exposition.mjs";
import { Installation, run } from "../lib/installation.mjs";
import { certificateFor, Mailbox } from "../lib/mailbox.mjs";
import { HOST, join } from "../lib/people.mjs";
import { Receiver } from "../lib/receiver.mjs";
import { makeWebhook } from "../lib/webhooks.mjs";

let k, receiver, mailbox, certificate, owner, dev;
before(async () => {
  k = await Installation.make({ serve: false });
  receiver = await Receiver.start(k.folder);
  certificate = certificateFor(k.folder, "127.0.0.2");
  mailbox = await Mailbox.open({ certificate });
  await fs.appendFile(k.file, [`public_url: https://${HOST}`, `mail_server: ${mailbox.url}`, "mail_from: keyward@main.example",
    `mail_ca_file: ${certificate.file}`, "webhook_retries: [1s, 3s]", "webhook_off_after: 30s", "webhook_allow_private: [127.0.0.1]",
    `webhook_ports: [${receiver.port}]`, `webhook_ca_file: ${receiver.certificate.file}`, ""].join("\n"));
  await k.serve();
  owner = await join(k, { email: "owner@main.example", role: "owner" });
  dev = await join(k, { email: "dev@main.example", role: "developer" });
});
after(async () => {
  await k.stop();
  receiver.stop();
  await mailbox.close();
});

const scrape = async () => readExposition(await k.ok("metrics"));
const number = async (name, labels) => valueOf(await scrape(), name, labels);
const becomes = (name, labels, want) => until(async () => (await number(name, labels)) === want);
const notices = (what, outcome) => number("keyward_notices_total", { what, outcome });
const raised = () => number("keyward_alerts_total", { detector: "test", severity: "low" });
const open = () => number("keyward_alerts_open", { severity: "low" });
const tryOut = async (id) => assert.equal((await owner.call("POST", `/v1/webhooks/${id}/test`)).status, 202);

test("alerts_are_counted_when_they_are_raised_and_open_until_somebody_takes_them_on", async () => {
  const first = await testAlert(owner);
  await testAlert(dev);
  assert.deepEqual([await raised(), await open()], [2, 2]);
  await takeOn(owner, first.id, "comment", { comment: "looking" });
  assert.equal(await open(), 2);
  await takeOn(owner, first.id, "acknowledge");
  await takeOn(owner, first.id, "acknowledge", { comment: "once more" });
  await takeOn(owner, first.id, "resolve");
  assert.deepEqual([await raised(), await open()], [2, 1]);
});

test("deliveries_are_counted_by_what_becomes_of_them_and_while_they_wait", async () => {
  receiver.answers["/no"] = (_, response) => response.writeHead(500).end();
  const good = await makeWebhook(owner, { url: receiver.url("/yes"), events: ["policy.applied"] });
  const bad = await makeWebhook(owner, { url: receiver.url("/no"), events: ["policy.applied"] });
  const was = { delivered: await notices("webhook", "delivered"), again: await notices("webhook", "again"), failed: await notices("webhook", "failed") };
  await tryOut(good.id);
  await becomes("keyward_notices_total", { what: "webhook", outcome: "delivered" }, was.delivered + 1);
  await tryOut(bad.id);
  await until(async () => (await number("keyward_notices_waiting", { what: "webhook" })) === 1 && (await number("keyward_notices_oldest_seconds", { what: "webhook" })) > 0.5);
  await becomes("keyward_notices_total", { what: "webhook", outcome: "failed" }, was.failed + 1);
  assert.equal(await notices("webhook", "again"), was.again + 2);
  await becomes("keyward_notices_waiting", { what: "webhook" }, 0);
  assert.equal(await number("keyward_notices_oldest_seconds", { what: "webhook" }), 0);
  assert.equal(await number("keyward_notices_given_up", { what: "webhook" }), 0);
});

test("a_webhook_that_is_switched_off_is_counted", async () => {
  receiver.answers["/gone"] = (_, response) => response.writeHead(410).end();
  const was = await number("keyward_webhooks_off_total", { why: "gone" });
  const { id } = await makeWebhook(owner, { url: receiver.url("/gone"), events: ["policy.applied"] });
  await tryOut(id);
  await becomes("keyward_webhooks_off_total", { why: "gone" }, was + 1);
  assert.equal(await number("keyward_webhooks_off_total", { why: "failing" }), 0);
  const by = await number("keyward_webhooks_off_total", { why: "gone" });
  const other = await makeWebhook(owner, { url: receiver.url("/yes"), events: ["policy.applied"] });
  assert.equal((await owner.call("PATCH", `/v1/webhooks/${other.id}`, { state: "disabled" }, { "if-match": `"${other.version}"` })).status, 200);
  assert.equal(await number("keyward_webhooks_off_total", { why: "gone" }), by, "by hand is not by us");
});

test("letters_are_counted_those_about_alerts_and_those_with_links", async () => {
  const links = await notices("link", "delivered");
  assert.equal((await owner.call("POST", "/v1/members", { email: "new@main.example", role: "viewer" })).status, 201);
  await becomes("keyward_notices_total", { what: "link", outcome: "delivered" }, links + 1);
  const { port } = mailbox, again = await notices("letter", "again"), failed = await notices("letter", "failed"), sent = await notices("letter", "delivered");
  await mailbox.close();
  const other = await join(k, { email: "other@main.example", role: "developer" });
  await testAlert(other);
  await until(async () => (await number("keyward_notices_waiting", { what: "letter" })) >= 1);
  await until(async () => (await notices("letter", "again")) > again);
  mailbox = await Mailbox.open({ certificate, port });
  await until(async () => (await notices("letter", "delivered")) + (await notices("letter", "failed")) > sent + failed);
  await becomes("keyward_notices_waiting", { what: "letter" }, 0);
});

test("counting_is_seconds_behind_and_not_more", async () => {
  await k.call("POST", "/v1/drain");
  await k.ok("usage");
  assert.ok((await number("keyward_usage_lag_seconds")) < 8);
  await becomes("keyward_usage_waiting_batches", {}, 0);
  assert.equal(await number("keyward_location_made_time_seconds"), 0, "no file is named");
  assert.equal(await number("keyward_reports_total"), 0);
});

/* From here on, nobody is signed in any more. */
test("what_is_open_is_counted_anew_with_a_start_and_what_was_raised_begins_at_0", async () => {
  const was = await open(), { json } = await k.call("GET", "/v1/alerts?state=open&detector=test");
  assert.ok(was >= 2 && json.alerts.length === was);
  await k.end("SIGKILL");
  await k.serve();
  assert.deepEqual([await raised(), await open()], [0, was]);
  await takeOn(k, json.alerts[0].id, "resolve");
  assert.equal(await open(), was - 1);
});

const found = async () => (await run(["doctor", "--config", k.file, "--json"])).json.checks.filter(({ check }) => check === "watch");

test("nothing_is_said_of_files_that_are_in_order", async () => {
  for (const file of ["usage", "outbox"]) for (const name of ["unavailable", "damaged"]) assert.equal(await number(`keyward_file_${name}`, { file }), 0);
  assert.deepEqual(await found(), []);
  assert.match(await k.ok("health"), /Usage +in order, \d+ ms behind the record\nOutbox +in order; \d+ deliveries wait, the oldest for \d+ s, and \d+ letters, for \d+ s\n/);
});

test("a_file_that_was_damaged_is_told_of_until_somebody_has_looked", async () => {
  await k.end();
  for (const file of ["usage", "outbox"]) await fs.writeFile(`${k.dir}/state/${file}.db`, "no database at all, and long enough to be sure of it".repeat(20));
  await k.serve();
  for (const file of ["usage", "outbox"]) {
    await becomes("keyward_file_damaged", { file }, 1);
    await becomes("keyward_file_unavailable", { file }, 0);
  }
  const says = await found();
  assert.deepEqual(says.map(({ status }) => status), ["warn", "warn"]);
  assert.match(says[0].message, /usage\.db\.damaged lies there/);
  assert.match(await k.ok("health"), /Outbox +in order, beside a damaged one;/);
  for (const file of ["usage", "outbox"]) await fs.rm(`${k.dir}/state/${file}.db.damaged`);
  assert.equal(await number("keyward_file_damaged", { file: "outbox" }), 0);
  assert.deepEqual(await found(), []);
});

test("a_file_that_cannot_be_used_is_told_of_as_long_as_it_is_so", async () => {
  await k.end();
  for (const file of ["usage", "outbox"]) {
    for (const end of ["", "-wal", "-shm"]) await fs.rm(`${k.dir}/state/${file}.db${end}`, { force: true });
    await fs.mkdir(`${k.dir}/state/${file}.db`);
  }
  await k.serve();
  await k.call("POST", "/v1/drain");
  for (const file of ["usage", "outbox"]) await becomes("keyward_file_unavailable", { file }, 1);
  assert.match(await k.ok("health"), /Usage +cannot be used, .*\nOutbox +cannot be used;/);
  assert.deepEqual((await found()).map(({ message }) => /cannot use .*\/(usage|outbox)\.db at the moment/.exec(message)?.[1]), ["usage", "outbox"]);
  const { watch } = (await k.call("GET", "/v1/health")).json;
  assert.deepEqual([watch.usage.available, watch.outbox.available], [false, false]);
  for (const file of ["usage", "outbox"]) await fs.rmdir(`${k.dir}/state/${file}.db`);
  for (const file of ["usage", "outbox"]) await becomes("keyward_file_unavailable", { file }, 0);
});
