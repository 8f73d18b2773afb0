// retention.test.mjs - days of the record close, are told of, and go when they are old, and by no clock that jumped.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { until } from "../lib/check.mjs";
import { assertInContract } from "../lib/contract.mjs";
import { Installation, makeFolder, run } from "../lib/installation.mjs";
import { build } from "../lib/nginx.mjs";
import { Receiver } from "../lib/receiver.mjs";

const DAY = 24 * 3600, LOOK_MS = 12_000;
/* The clock begins at noon, so that no midnight comes in between. */
const TO_NOON = (DAY * 1.5 - Math.floor(Date.now() / 1000) % DAY) % DAY;
const clockAhead = (days) => fs.writeFile(shift, `+${days * DAY + TO_NOON}`);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let k, r, folder, shift, audit, key, first, told;
before(async () => {
  folder = await makeFolder();
  r = await Receiver.start(folder);
  k = await Installation.make({ serve: false });
  shift = path.join(k.folder, "shift");
  k.env = { LD_PRELOAD: path.join(build, "test/e2e/tools/shifted_clock.so"), SHIFTED_CLOCK: shift };
  await fs.appendFile(k.file, `record_days: 2\nwebhook_allow_private: [127.0.0.1]\nwebhook_ports: [${r.port}]\nwebhook_ca_file: ${r.certificate.file}\n`);
  await clockAhead(0);
  await k.serve();
  audit = path.join(k.dir, "state/audit");
  key = path.join(k.dir, "audit.pub");
  const made = await k.call("POST", "/v1/webhooks", { url: r.url("/days"), events: ["record.day_closed"] });
  assert.equal(made.status, 201, made.text);
  await k.createKey("--name", "one", "--environment", "sandbox");
  await k.ok("audit", "verify");
  first = (await segments())[0];
});
after(async () => {
  await k.stop();
  r.stop();
  await fs.rm(folder, { recursive: true, force: true });
});

const segments = async () => (await fs.readdir(audit)).filter((name) => name.endsWith(".seg")).sort();
const verify = (...args) => k.run("audit", "verify", ...args);
async function kept(text) {
  const file = path.join(folder, "head");
  await fs.writeFile(file, text);
  return file;
}

async function daysOf(query = "") {
  const answer = await k.call("GET", `/v1/audit/days${query}`);
  assertInContract("GET", "/v1/audit/days", answer);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

test("X5_a_clock_that_jumped_drops_no_day_of_the_record", async () => {
  await clockAhead(10);
  await until(async () => (await k.call("GET", "/v1/clock")).json.jumped);
  await pause(LOOK_MS);
  assert.deepEqual(await segments(), [first]);
  assert.equal(r.at("/days").length, 0, "the day goes on");
});

test("a_day_that_is_closed_is_told_with_its_signed_end", async () => {
  await clockAhead(2);
  await k.ok("clock", "accept");
  await k.createKey("--name", "two days later", "--environment", "sandbox");
  const [came] = await r.until("/days", 1, { type: "record.day_closed" });
  told = JSON.parse(came.body).data;
  assert.equal(`${told.day}.seg`, first);
  assert.equal(told.kind, "day");
  assert.equal(told.account, null);
  const { days, next } = await daysOf();
  assert.equal(next, null);
  assert.deepEqual(days.map((day) => day.closed), [false, true]);
  const { kind: _, id: __, account: ___, ...day } = told;
  assert.deepEqual(day, days[1]);
  const page = await daysOf("?limit=1");
  assert.deepEqual(page.days.map((one) => one.day), [days[0].day]);
  assert.deepEqual((await daysOf(`?limit=1&cursor=${page.next}`)).days, [days[1]]);
  assert.deepEqual((await k.ok("audit", "days", "--json")).days.map((one) => one.day), days.map((one) => one.day));
  assert.match(await k.ok("audit", "days"), new RegExp(`${told.day}\\s+closed\\s+${told.records}\\s`));
});

test("I4_a_head_that_was_kept_elsewhere_is_held_against_the_record", async () => {
  for (const args of [["--head", await kept(`${told.head}\n`)], ["--head", told.lastHash, "--day", told.day]]) {
    const held = await verify(...args);
    assert.equal(held.code, 0, held.stderr);
  }
  const other = told.lastHash.replace(/^./, (c) => (c === "0" ? "1" : "0"));
  const wrong = await verify("--head", other, "--day", told.day);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /no batch of this day has the hash that was kept elsewhere/);
  const forged = await verify("--head", await kept(told.head.replace(told.lastHash, other)));
  assert.match(forged.stderr, /the head is not signed with this key/);
  for (const [args, says] of [[["--day", told.day], /--day goes with --head/], [["--head", "00", "--day", told.day], /64 hexadecimal/],
    [["--head", told.lastHash, "--day", "2026-02-30"], /a day is written/], [["--head", await kept("no head")], /it holds no line/]])
    assert.match((await verify(...args)).stderr, says);
});

test("a_day_that_is_too_old_is_dropped_and_the_record_says_so", async () => {
  const copy = path.join(folder, "copy");
  await clockAhead(3);
  await k.ok("clock", "accept");
  await until(async () => !(await segments()).includes(first), 30);
  assert.ok(!(await fs.readdir(audit)).some((name) => name.startsWith(told.day)));
  const held = await verify();
  assert.equal(held.code, 0, held.stderr);
  assert.match(held.stdout, /It begins with \d{4}-\d\d-\d\d, batch \d+: retention has dropped the days before/);
  const json = (await verify("--json")).json;
  assert.equal(json.begin.keptFrom, json.begin.day);
  assert.equal(json.begin.batch, told.lastBatch + 1);
  assert.match((await k.run("audit", "search", "--events", "--json")).stdout, new RegExp(`retention: from ${json.begin.day}, dropped 1-${told.lastBatch}"`));
  assert.match((await verify("--head", told.lastHash, "--day", told.day)).stderr, /retention has dropped this day/);
  assert.match(k.log, /1 days of the record are old enough and were dropped/);
  await fs.cp(audit, copy, { recursive: true });
  await fs.rm(path.join(copy, `${json.begin.day}.seg`));
  const cut = await run(["audit", "verify", "--dir", copy, "--key", key]);
  assert.equal(cut.code, 1);
  assert.match(cut.stderr, /the days before it are missing, and retention had kept them/);
});

test("a_restart_tells_no_day_twice_and_drops_none_that_is_kept", async () => {
  const before = (await r.until("/days", 2)).length;
  await k.end("SIGKILL");
  await k.serve();
  await pause(LOOK_MS);
  const ids = r.at("/days").map((one) => JSON.parse(one.body).id);
  assert.equal(ids.length, before);
  assert.equal(new Set(ids).size, before);
  assert.equal((await segments()).length, 2);
});

/* What is known when the machine starts: the file as another boot had left it, or nothing but the record. */
const wrongStarts = {
  "gone": (clock) => fs.rm(clock),
  "another boot's": (clock, was) => fs.writeFile(clock, `${"0".repeat(32)}${was.slice(32)}`),
};
for (const [name, leave] of Object.entries(wrongStarts))
  test(`X5_a_start_with_a_wrong_clock_drops_no_day_of_the_record: the saved time is ${name}`, async () => {
    const clock = path.join(k.dir, "state/clock"), before = await segments();
    await k.end("SIGTERM");
    await leave(clock, await fs.readFile(clock, "utf8"));
    await clockAhead(4000);
    await k.serve();
    assert.match(k.log, /the wall clock is 399\d days ahead of all that is known.*`keyward clock accept`/);
    await pause(LOOK_MS);
    await k.end("SIGTERM");
    await k.serve();
    await pause(LOOK_MS);
    for (const day of before) assert.ok((await segments()).includes(day), day);
    assert.ok((await k.call("GET", "/v1/clock")).json.doubtMs > 3990 * DAY * 1000);
    assert.match((await k.run("clock", "show")).stdout, /^Doubt +399\d days ahead .*`keyward clock accept`$/m);
    await clockAhead(3);
    await until(async () => (await k.call("GET", "/v1/clock")).json.jumped);
    await k.ok("clock", "accept");
    assert.equal((await verify()).code, 0);
  });
