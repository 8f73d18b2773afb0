// log_ins.test.mjs - two hundred log-ins at once while keys are being decided: they wait their turn or are told to come again,
// none is answered wrongly, none is lost, and decisions go on as before.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { startGateway } from "../lib/gateway.mjs";
import { countBy, Load, LOAD_LOCATIONS } from "../lib/load.mjs";
import { assertAllRecorded } from "../lib/on_record.mjs";
import { assertProblem } from "../lib/installation.mjs";
import { Browser, join, PASSWORD } from "../lib/people.mjs";

const LOG_INS = 200, MEMBERS = 10, NGINX_WAITS_MS = 30_000; /* proxy_read_timeout of the shipped site */
let gateway, k, emails, nBusy;
before(async () => {
  gateway = await startGateway({ sandbox: LOAD_LOCATIONS, nginx: { workers: 2 } });
  k = gateway.keyward.service;
  emails = Array.from({ length: MEMBERS }, (_, i) => `member${i}@shop.example`);
  for (const email of emails) await join(k, { email, role: "developer" });
});
after(() => gateway.stop());

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Somebody at an address of his own, with the right password or a wrong one. He comes again for as long as he is told to. */
async function logIn(n) {
  const browser = new Browser(k, { source: `198.18.0.${n}` }), isRight = n % 2 === 0, answers = [];
  for (;;) {
    const begun = performance.now();
    const answer = await browser.signIn(emails[(n >> 1) % MEMBERS], isRight ? PASSWORD : `${PASSWORD}!`);
    answers.push({ ...answer, tookMs: performance.now() - begun });
    if (answer.status !== 503) return { isRight, answers, browser };
    await pause(Number(answer.headers["retry-after"]) * 1000);
  }
}

/** The 99th of a hundred, and the middle one, of how long the requests took that were begun in between. */
function timesOf(load, from, until) {
  const all = load.answers.filter(({ begun }) => begun >= from && begun < until).map(({ begun, ended }) => ended - begun).sort((a, b) => a - b);
  return { n: all.length, median: all[Math.floor(all.length / 2)], p99: all[Math.floor(all.length * 0.99)] };
}

test("F14_200_log_ins_at_once_are_all_answered_rightly_and_decisions_go_on", async (t) => {
  const { key } = await gateway.keyward.createKey({ name: "valid", permission: "transactions", more: ["--rate", "none"] });
  const load = await new Load(gateway.port, { key, pauseMs: 5, most: 60000 }).start(2);
  t.after(() => load.stop());
  const quiet = performance.now();
  await pause(3000);
  const began = performance.now();
  const all = Array.from({ length: LOG_INS }, (_, n) => logIn(n));
  await pause(500);
  const asked = performance.now();
  assert.deepEqual((await new Browser(k).call("GET", "/v1/health")).json, { status: "ok" });
  assert.equal((await k.call("GET", "/v1/health")).status, 200);
  const othersMs = performance.now() - asked;
  const done = await Promise.all(all);
  const ended = performance.now();
  await load.stop();

  const answers = done.flatMap(({ answers: those }) => those), busy = answers.filter(({ status }) => status === 503);
  nBusy = busy.length;
  assert.ok(nBusy > 0, "the queue has an end");
  for (const answer of busy) assertProblem(answer, 503, "busy");
  for (const { isRight, answers: those } of done) {
    if (isRight) assert.equal(those.at(-1).status, 201, those.at(-1).text);
    else assertProblem(those.at(-1), 401, "sign_in_failed");
  }
  assert.ok(answers.every(({ tookMs }) => tookMs < NGINX_WAITS_MS), "nobody waits in vain");
  const cookies = new Set(done.filter(({ isRight }) => isRight).map(({ browser }) => browser.cookie));
  assert.equal(cookies.size, LOG_INS / 2, "each has a session of his own");

  const { median, p99 } = timesOf(load, began, ended), before = timesOf(load, quiet, began);
  const slowest = Math.max(...answers.map(({ tookMs }) => tookMs));
  t.diagnostic(`log-ins: ${busy.length} told to come again, ${Math.round(ended - began)} ms, the slowest ${Math.round(slowest)} ms; others' calls ${Math.round(othersMs)} ms`);
  t.diagnostic(`decisions: median ${before.median.toFixed(2)} → ${median.toFixed(2)} ms, p99 ${before.p99.toFixed(2)} → ${p99.toFixed(2)} ms`);
  assert.deepEqual(countBy(load.answers, ({ status }) => status), { 200: load.answers.length });
  assert.ok(p99 < Math.max(20 * before.p99, 250), "a decision waits for no log-in");
  assert.ok(othersMs < 10_000, "nor does another call");
  await assertAllRecorded(gateway.keyward, load.answers);
});

/** Refusals of which there were too many in a second are counted, and the count is on the record. */
test("F14_each_log_in_is_on_the_record_once", async () => {
  const { json } = await k.call("GET", "/v1/events?kind=sign_in&limit=1000"), counts = {};
  for (const { what, why = "", source = "198.18.0.0", count } of json.events)
    if (source.startsWith("198.18.0.")) counts[`${what} ${why}`.trim()] = (counts[`${what} ${why}`.trim()] ?? 0) + count;
  assert.deepEqual(counts, { signed_in: LOG_INS / 2, "sign_in_failed wrong_password": LOG_INS / 2, "sign_in_failed busy": nBusy });
});
