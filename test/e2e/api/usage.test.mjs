// usage.test.mjs - usage, counted from what went through a real gateway: by key, account, reason and class; and counted exactly
// once, whatever becomes of the process and of its file.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { assertProblem } from "../lib/installation.mjs";
import { Browser, join } from "../lib/people.mjs";

let g, k, theirs, file;
const times = async (n, action) => { for (let i = 0; i < n; i++) await action(); };
const usage = async (query = "", by = k) => {
  const answer = await by.call("GET", `/v1/usage${query}`);
  assertInContract("GET", "/v1/usage", answer);
  return answer;
};
const counts = async (query, by) => (({ allowed, denied }) => [allowed, denied])((await usage(query, by)).json);
const sum = (list, name) => list.reduce((all, one) => all + one[name], 0);

before(async () => {
  g = await startGateway();
  k = g.keyward.service;
  file = path.join(k.dir, "state/usage.db");
  await k.ok("accounts", "create", "shop");
  theirs = await g.keyward.createKey({ name: "theirs", permission: "read_only", more: ["--account", "shop", "--quota", "3/day"] });
  await times(4, () => g.ask("GET /read/1", { key: g.keys.read }));
  await times(2, () => g.ask("POST /pay/1", { key: g.keys.read })); /* permission_denied */
  await times(5, () => g.ask("GET /read/1", { key: theirs })); /* three, then quota_exceeded */
  await g.ask("POST /pay/1", { key: g.keys.live, port: g.livePort });
  await g.ask("GET /read/1", { key: `${g.keys.read.key.slice(0, -1)}${g.keys.read.key.endsWith("0") ? 1 : 0}` });
  await g.ask("GET /read/1");
  await g.ask("GET /public");
});
after(() => g.stop());

test("a key: how often, why not, and from where", async () => {
  const { json } = await usage(`?key=${theirs.id}`);
  assert.deepEqual([json.allowed, json.denied, json.step], [3, 2, "hour"]);
  assert.deepEqual(json.reasons, [{ reason: "quota_exceeded", count: 2 }]);
  assert.deepEqual(json.classes, [{ class: "read", allowed: 3, denied: 2 }]);
  assert.deepEqual(json.sources.map(({ lastAt, ...rest }) => rest), [{ source: "127.0.0.0/24", allowed: 3, denied: 2 }]);
  assert.ok(Math.abs(Date.parse(json.sources[0].lastAt) - Date.now()) < 120_000);
});

const withoutLast = (list) => list.map(({ lastAt, ...rest }) => rest);

test("routes: of a key, an account and everything, by the line of the policy", async () => {
  assert.deepEqual(withoutLast((await usage(`?key=${theirs.id}`)).json.routes), [{ route: "GET /read/**", allowed: 3, denied: 2 }]);
  assert.deepEqual(withoutLast((await usage("?account=shop")).json.routes), [{ route: "GET /read/**", allowed: 3, denied: 2 }]);
  const { json } = await usage();
  assert.deepEqual(withoutLast(json.routes), [{ route: "GET /read/**", allowed: 7, denied: 4 }, { route: "POST /pay/**", allowed: 1, denied: 2 }, { route: "GET /public", allowed: 1, denied: 0 }]);
  assert.deepEqual(withoutLast((await usage("?environment=production")).json.routes), [{ route: "POST /pay/**", allowed: 1, denied: 0 }]);
  assert.ok(Math.abs(Date.parse(json.routes[0].lastAt) - Date.now()) < 120_000);
});

test("without a file of places there are no countries, and that is said", async () => {
  const { json } = await usage();
  assert.deepEqual([json.places, json.countries], [false, []]);
});

test("how long decisions took: in order, and about what the record says", async () => {
  const took = (await g.keyward.events()).map(({ latency_ns }) => latency_ns).sort((a, b) => a - b);
  const { latency } = (await usage()).json;
  assert.equal(latency.count, took.length);
  assert.equal(latency.maxNs, took.at(-1));
  assert.ok(latency.medianNs <= latency.p95Ns && latency.p95Ns <= latency.p99Ns && latency.p99Ns <= latency.maxNs);
  const half = took[Math.ceil(took.length / 2) - 1];
  assert.ok(Math.abs(latency.medianNs - half) <= half / 8, `${latency.medianNs} of ${half}`);
  await k.ok("accounts", "create", "idle");
  assert.equal((await usage("?account=idle")).json.latency, null);
});

test("everything: what belongs to no account too", async () => {
  const { json } = await usage();
  assert.deepEqual([json.allowed, json.denied], [9, 6]);
  assert.deepEqual(json.sources, []);
  const reasons = Object.fromEntries(json.reasons.map(({ reason, count }) => [reason, count]));
  assert.deepEqual([reasons.permission_denied, reasons.quota_exceeded, reasons.missing_key], [2, 2, 1]);
  assert.equal(sum(json.reasons, "count"), json.denied);
  const sorted = json.reasons.map(({ count }) => count);
  assert.deepEqual(sorted, [...sorted].sort((a, b) => b - a));
  assert.deepEqual(json.classes.find((one) => one.class === "public"), { class: "public", allowed: 1, denied: 0 });
});

test("each parameter narrows, and each answer is the sum of its buckets", async () => {
  assert.deepEqual(await counts("?account=shop"), [3, 2]);
  assertProblem(await usage("?account=nobody"), 404, "not_found");
  assert.deepEqual(await counts("?environment=production"), [1, 0]);
  assert.deepEqual(await counts("?environment=sandbox&account=main"), [4, 2]);
  assert.deepEqual(await counts(`?key=${theirs.id}&environment=production`), [0, 0]);
  assert.deepEqual(await counts("?until=2h"), [0, 0]);
  for (const [query, step, ms] of [["?from=90m", "minute", 60_000], ["?from=12h", "hour", 3_600_000], ["?from=100d", "day", 86_400_000]]) {
    const { json } = await usage(query);
    assert.deepEqual([json.step, json.allowed, json.denied], [step, 9, 6]);
    assert.deepEqual([sum(json.buckets, "allowed"), sum(json.buckets, "denied")], [9, 6]);
    json.buckets.forEach(({ time }, i) => assert.equal(Date.parse(time), Date.parse(json.from) + i * ms));
    assert.equal(Date.parse(json.from) + json.buckets.length * ms, Date.parse(json.until));
  }
});

test("what was decided before the call is in the answer", async () => {
  const [allowed] = await counts(`?key=${g.keys.pay.id}`);
  await times(7, () => g.ask("GET /pay/1", { key: g.keys.pay }));
  const { json } = await usage(`?key=${g.keys.pay.id}`);
  assert.equal(json.allowed, allowed + 7);
  assert.ok(Date.now() - Date.parse(json.recordedUntil) < 5000, json.recordedUntil);
});

test("a question that cannot be one is refused, and names the parameter", async () => {
  for (const [query, field] of [["step=week", "step"], ["from=2d&step=minute", "step"], ["from=10d&step=minute", "step"], ["from=70d&step=hour", "step"],
    ["from=32d&step=hour", "step"], ["from=500d", "from"], ["from=yesterday", "from"], ["until=x", "until"], ["from=1h&until=2h", "from"],
    ["from=2026-01-01&until=2026-01-01", "from"], ["from=1d&until=9999-12-31T23:59:59Z", "step"], ["key=x", "key"], ["account=A", "account"], ["environment=test", "environment"]]) {
    const { status, json } = await usage(`?${query}`);
    assert.deepEqual([status, json.field], [400, field], query);
  }
  assert.equal((await usage("?reason=allowed")).status, 400);
  assert.equal((await usage("?from=30d&step=hour")).json.buckets.length, 721);
});

test("E7_usage_of_another_account_is_not_there", async () => {
  const member = await join(k, { email: "viewer@shop.example", role: "viewer", account: "shop" });
  const token = await join(k, { email: "owner@shop.example", role: "owner", account: "shop" })
    .then((owner) => owner.call("POST", "/v1/management-tokens", { name: "t", scopes: ["events:read"], expires: "90d" }));
  const program = new Browser(k);
  const byToken = { call: (method, target) => program.call(method, target, undefined, { authorization: `Bearer ${token.json.secret}`, "sec-fetch-site": undefined, origin: undefined }) };
  for (const by of [member, byToken]) {
    assert.deepEqual(await counts("", by), [3, 2]);
    assert.deepEqual(await counts("?account=shop", by), [3, 2]);
    const { json } = await usage("", by);
    assert.deepEqual([withoutLast(json.routes), json.latency.count], [[{ route: "GET /read/**", allowed: 3, denied: 2 }], 5]);
    assert.deepEqual((await usage("?account=main", by)).json.routes, []);
    assert.deepEqual(await counts(`?key=${theirs.id}`, by), [3, 2]);
    const shown = ({ status, json }) => ({ status, ...json, requestId: undefined, from: undefined, until: undefined, recordedUntil: undefined, message: json.message?.replace(/ key \w+/, "") });
    assert.deepEqual(shown(await usage("?account=main", by)), shown(await usage("?account=nobody", by)));
    assert.deepEqual(await counts("?account=main", by), [0, 0]);
    const [mine, none] = [await usage(`?key=${g.keys.read.id}`, by), await usage(`?key=${"0".repeat(14)}`, by)];
    assertProblem(mine, 404, "not_found");
    assert.deepEqual(shown(mine), shown(none));
    assertProblem(await usage(`?key=${g.keys.read.id}&account=main`, by), 404, "not_found");
  }
  assertProblem(await usage(`?key=${theirs.id}&account=main`), 404, "not_found");
});

test("an attempt with a wrong secret is seen by whose key it names, as on the record", async () => {
  const owner = await join(k, { email: "viewer@main.example", role: "viewer" });
  const seen = (await owner.call("GET", "/v1/events?kind=event&limit=1000")).json.events;
  const { json } = await usage("", owner);
  assert.equal(json.allowed + json.denied, seen.length);
});

/** What the record says, attempt by attempt. */
async function onRecord() {
  const events = (await g.keyward.events()).filter(({ kind }) => kind !== "gap");
  return [true, false].map((is) => sum(events.filter(({ allowed }) => allowed === is), "count"));
}

/** What a restart finds to be counted is counted soon, and `recordedUntil` says when. */
async function caughtUp() {
  const [{ lastAt }] = (await k.call("GET", "/v1/audit/days?limit=1")).json.days;
  for (let tries = 0; tries < 100; tries++) {
    const { json } = await usage();
    if (Date.parse(json.recordedUntil) >= Date.parse(lastAt)) return [json.allowed, json.denied];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return assert.fail("it never came so far");
}

test("the command line shows the same", async () => {
  const json = await k.ok("usage", "--key", theirs.id, "--from", "12h", "--step", "hour", "--json");
  assert.deepEqual([json.allowed, json.denied, json.buckets.length], [3, 2, 13]);
  const text = await k.ok("usage", "--key", theirs.id, "--account", "shop", "--environment", "sandbox");
  for (const line of [/^Requests +3 allowed, 2 denied$/m, /^quota_exceeded +2$/m, /^read +3 +2$/m, /^127\.0\.0\.0\/24 +3 +2$/m,
    /^ALLOWED +DENIED +ROUTE$/m, /^3 +2 +GET \/read\/\*\*$/m, /^Decided +half in [\d.]+ us, 95% in [\d.]+ us, 99% in [\d.]+ us, the longest [\d.]+ us$/m, /^Countries +not known: /m]) assert.match(text, line);
  assert.equal(text.match(/^\d{4}-\d\d-\d\dT[\d:]+Z +\d/gm).length, 1, "empty steps are left out");
  for (const [args, code, said] of [
    [["--from", "yesterday"], 65, /--from: A time is written like/],
    [["--from", "1h", "--until", "2h"], 65, /--from: "from" has to lie before "until"/],
    [["--account", "nope"], 1, /There is no account of that id/],
  ]) {
    const { code: got, stderr } = await k.run("usage", ...args);
    assert.deepEqual([got, said.test(stderr)], [code, true], `${args}: ${got} ${stderr}`);
  }
  const refused = await k.run("usage", "--step", "week");
  assert.match(refused.stderr, /--step/);
  assert.notEqual(refused.code, 0);
});

test("X1_killed_at_any_moment_each_attempt_is_counted_exactly_once", async () => {
  let stop = false;
  const traffic = (async () => { while (!stop) await g.ask("GET /read/1", { key: g.keys.full }); })();
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100 + 130 * i));
    const asking = usage().catch(() => {}); /* it is just counting when it dies */
    await k.end("SIGKILL");
    await asking;
    await k.serve();
  }
  stop = true;
  await traffic;
  assert.deepEqual(await caughtUp(), await onRecord());
});

test("a file that is missing, or damaged, is counted anew from the record", async () => {
  const want = await onRecord();
  await k.end();
  await fs.rm(file);
  await k.serve();
  assert.deepEqual(await caughtUp(), want);
  await k.end();
  await fs.writeFile(file, "this is no database, and it is long enough to be looked at as one, or so it may seem to be");
  await k.serve();
  assert.deepEqual(await caughtUp(), want);
  assert.match(k.log, /usage\.db is damaged(, or of another version)?: it is moved aside/);
  await fs.access(`${file}.damaged`);
});

test("damaged while it serves, it is noticed, and nothing else is disturbed", async () => {
  const want = await onRecord();
  const handle = await fs.open(file, "r+");
  await handle.write(Buffer.alloc(4096, 0xa5), 0, 4096, 0);
  await handle.close();
  await g.ask("GET /read/1", { key: g.keys.full });
  assert.equal((await k.call("GET", "/v1/keys")).status, 200);
  let now;
  for (let tries = 0; tries < 100 && `${now}` !== `${[want[0] + 1, want[1]]}`; tries++) {
    const { status, json } = await usage();
    assert.equal(status, 200);
    now = [json.allowed, json.denied];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.deepEqual(now, [want[0] + 1, want[1]]);
});

test("the file is nobody else's to read, and no secret is in it", async () => {
  assert.equal((await fs.stat(file)).mode & 0o777, 0o600);
  const bytes = (await fs.readFile(file)).toString("latin1");
  for (const { key } of Object.values(g.keys)) assert.ok(!bytes.includes(key.slice(-40)));
});
