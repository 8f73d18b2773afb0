// reads.test.mjs - whoever reads the record through the API is on it himself: once for a page that asks all the time, each export.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { Installation } from "../lib/installation.mjs";
import { join } from "../lib/people.mjs";

let k, owner, key;
before(async () => {
  k = await Installation.make();
  owner = await join(k, { email: "owner@main.example", role: "owner", operator: true });
  key = await k.createKey("--name", "one", "--environment", "sandbox");
});
after(() => k.stop());

/** Read by the command line on the host, which asks nobody. */
const reads = async (...args) => (await k.run("audit", "search", "--reads", "--oldest-first", "--json", ...args)).stdout.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));
const ask = async (target, by = owner) => {
  const answer = await by.call("GET", target);
  assert.equal(answer.status, 200, answer.text);
  return answer;
};

test("I7_a_page_that_asks_every_few_seconds_is_on_the_record_once_for_each_filter", async () => {
  const before = (await reads()).length;
  for (let i = 0; i < 5; i++) await ask(`/v1/events?key=${key.id}&limit=${10 + i}&from=2026-01-0${1 + i}T00:00:00Z`);
  await ask(`/v1/events?key=${key.id}&reason=unknown_key`);
  const found = (await reads()).slice(before);
  assert.deepEqual(found.map((one) => [one.what, one.filter]), [
    ["searched", `key=${key.id}&from=2026-01-01T00:00:00Z`], ["searched", `key=${key.id}&reason=unknown_key`]]);
  for (const one of found) {
    assert.equal(one.kind, "read");
    assert.equal(one.actor, `member:${one.member}`);
    assert.match(one.request_id, /^[0-9a-f]{32}$/);
    assert.ok(one.source);
  }
});

test("I7_each_export_explain_verify_and_list_of_days_is_on_the_record", async () => {
  const before = (await reads()).length;
  const first = await ask("/v1/events?format=ndjson&kind=change");
  await ask("/v1/events?format=ndjson&kind=change");
  await owner.call("GET", `/v1/events/${first.headers["x-request-id"]}`);
  await ask("/v1/audit/verify?days=1");
  await ask("/v1/audit/days");
  assert.deepEqual((await reads()).slice(before).map((one) => [one.what, one.filter]), [
    ["exported", "kind=change"], ["exported", "kind=change"], ["explained", `request=${first.headers["x-request-id"]}`], ["verified", "days=1"], ["listed_days", undefined]]);
});

test("I7_a_policy_that_is_tried_on_past_attempts_is_on_the_record", async () => {
  const before = (await reads()).length;
  const { status, text } = await owner.call("POST", "/v1/policy/dry-run", { policy: { read: ["GET /x"] }, from: "2026-01-01T00:00:00Z", until: "2026-01-02T00:00:00Z" });
  assert.equal(status, 200, text);
  assert.deepEqual((await reads()).slice(before).map((one) => [one.what, one.filter]), [["tried_policy", "from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z"]]);
});

test("I7_they_are_found_by_kind_member_and_request_and_explained", async () => {
  const [one] = await reads();
  const answer = await ask(`/v1/events?kind=read&member=${one.member}`);
  assertInContract("GET", "/v1/events", answer);
  assert.ok(answer.json.events.every((line) => line.kind === "read") && answer.json.events.length > 1);
  const byRequest = (await ask(`/v1/events?request=${one.request_id}`)).json.events;
  assert.deepEqual(byRequest, [one]);
  const explained = (await ask(`/v1/events/${one.request_id}`)).json.explanation.join("\n");
  assert.match(explained, /"member:\w{14}" searched the record\nasked for "key=/);
  assert.equal((await reads("--member", one.member)).length, (await reads()).filter((line) => line.member === one.member).length);
  assert.match((await k.run("audit", "tail", "--reads")).stdout, /read searched\s+"member:\w{14}"/);
});

test("I7_an_administrator_of_the_socket_is_on_the_record_too", async () => {
  await ask("/v1/events?kind=leak", k);
  assert.ok((await reads()).some((one) => /^uid:\d+$/.test(one.actor) && one.filter === "kind=leak" && one.member === undefined));
  assert.equal((await k.run("audit", "verify")).code, 0);
});

test("I7_what_looks_like_a_key_in_a_filter_is_not_written_down", async () => {
  const before = (await reads()).length;
  assert.equal((await owner.call("GET", `/v1/events?key=${key.key}`)).status, 400);
  assert.equal((await reads()).length, before, "what was refused has read nothing");
});

test("I7_whoever_reads_in_sixty_ways_within_a_minute_is_shown_nothing_and_fills_no_record", async () => {
  const last = async () => (await k.ok("audit", "verify", "--json")).records;
  const head = async () => (await k.call("GET", "/v1/audit/verify?days=1")).json.lastBatch;
  const export_ = () => owner.call("GET", "/v1/events?format=ndjson&kind=leak&account=other");
  let refused;
  for (let i = 0; i <= 60 && refused === undefined; i++) {
    const answer = await export_();
    if (answer.status !== 200) refused = answer;
  }
  assert.equal(refused?.status, 429, "sixty were on the record one by one");
  assert.equal(refused.json.code, "too_many_readings");
  assert.ok(Number(refused.headers["retry-after"]) > 0);
  assertInContract("GET", "/v1/events", refused);
  const [records, batch] = [await last(), await head()];
  for (let i = 0; i < 30; i++) for (const target of ["/v1/events?reason=unknown_key", `/v1/events/${"0".repeat(32)}`, "/v1/audit/days", "/v1/audit/verify?days=1"])
    assert.equal((await owner.call("GET", target)).status, 429, target);
  assert.ok(await last() - records <= 2 && await head() - batch <= 2, "what was refused is not on the record");
  await ask("/v1/events?kind=sign_in&reason=unknown_key", k);
});

test("I7_the_pages_of_one_export_are_one", async () => {
  let next = "";
  for (let i = 0; i < 5; i++) {
    const lines = (await ask(`/v1/events?format=ndjson&kind=read&limit=2${next}`, k)).text.trim().split("\n");
    next = `&cursor=${JSON.parse(lines.at(-1)).next}`;
  }
  const found = (await reads()).filter((one) => /^uid:/.test(one.actor) && one.filter === "kind=read");
  assert.equal(found.length, 2, "its beginning, and that it was gone on with");
});
