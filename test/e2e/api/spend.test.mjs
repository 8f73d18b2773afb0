// spend.test.mjs - what a key may spend: exactly the limit, whoever asks at once and whatever is killed.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { Browser, join } from "../lib/people.mjs";

let k, n = 0;
before(async () => (k = await Installation.make()));
after(() => k.stop());

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const requestId = () => randomBytes(16).toString("hex");

async function makeKey(...more) {
  const { id } = await k.createKey("--name", `pays ${n++}`, "--account", "main", "--environment", "sandbox", "--permission", "transactions", ...more);
  return id;
}

const ask = (key, more = {}) => ({ key, reference: `payment ${n++}`, currency: "NGN", amount: "10.00", destination: "0123456789", requestId: requestId(), ...more });
const post = (target, body, by = k) => by.call("POST", target, body);
const reserve = (body, by = k) => post("/v1/spend", body, by);

async function rules(key, ...list) {
  const { headers } = await k.call("GET", `/v1/keys/${key}/spend-rules`);
  const answer = await k.call("PUT", `/v1/keys/${key}/spend-rules`, { rules: list }, { "if-match": headers.etag });
  assert.equal(answer.status, 200, answer.text);
  assertInContract("PUT", "/v1/keys/{id}/spend-rules", answer);
  return answer.json;
}

async function usedOf(key, window = "perDay") {
  const answer = await k.call("GET", `/v1/keys/${key}/spend-rules`);
  assertInContract("GET", "/v1/keys/{id}/spend-rules", answer);
  return answer.json.rules[0].used[window].used;
}

async function listed(key) {
  const answer = await k.call("GET", `/v1/spend?key=${key}&limit=1000`);
  assertInContract("GET", "/v1/spend", answer);
  return answer.json.reservations;
}

const spent = (list) => list.reduce((sum, one) => sum + (one.state === "reserved" ? Number(one.amount) : Number(one.committed ?? 0)), 0);
const codes = (answers) => answers.map(({ status, json }) => json.code ?? status).sort();

test("a key without rules has no spend limits, and is told so", async () => {
  const key = await makeKey(), answer = await reserve(ask(key));
  assertInContract("POST", "/v1/spend", answer);
  assert.deepEqual([answer.status, answer.json.limited, answer.json.state], [201, false, "reserved"]);
});

test("64 at once against a limit get exactly the limit", async () => {
  const key = await makeKey();
  await rules(key, { currency: "NGN", perDay: "400.00" });
  const answers = await Promise.all(Array.from({ length: 64 }, () => reserve(ask(key))));
  assert.deepEqual(codes(answers), [...Array(40).fill(201), ...Array(24).fill("spend_per_day")]);
  assert.equal(await usedOf(key), "400.00");
  for (const answer of answers) assertInContract("POST", "/v1/spend", answer);
});

test("E9_a reference sent fifty times at once reserves once", async () => {
  const key = await makeKey(), body = ask(key);
  await rules(key, { currency: "NGN", perDay: "400.00" });
  const answers = await Promise.all(Array.from({ length: 50 }, () => reserve(body)));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
  assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
  assert.equal(answers.filter(({ headers }) => headers["idempotent-replayed"] === undefined).length, 1);
  assert.equal(await usedOf(key), "10.00");
  for (const other of [{ amount: "10.01" }, { destination: "x" }, { currency: "USD" }, { requestId: requestId() }])
    assertProblem(await reserve({ ...body, ...other }), 409, "reference_used");
});

test("less than was reserved may be committed, never more, and only once", async () => {
  const key = await makeKey();
  await rules(key, { currency: "NGN", perDay: "100.00" });
  const { json } = await reserve(ask(key, { amount: "100" })), target = `/v1/spend/${json.id}`;
  assertProblem(await post(`${target}/commit`, { amount: "100.01" }), 409, "more_than_reserved");
  const first = await post(`${target}/commit`, { amount: "60.00" }), again = await post(`${target}/commit`, { amount: "60" });
  for (const answer of [first, again]) assertInContract("POST", "/v1/spend/{id}/commit", answer);
  assert.deepEqual([first.status, first.json.committed, again.text], [200, "60.00", first.text]);
  assertProblem(await post(`${target}/commit`, {}), 409, "already_committed");
  assertProblem(await post(`${target}/release`), 409, "already_committed");
  assert.equal(await usedOf(key), "60.00");
});

test("what is released or expires is given back, and cannot be committed", async () => {
  const key = await makeKey();
  await rules(key, { currency: "NGN", perDay: "100.00" });
  const one = await reserve(ask(key, { amount: "100.00" }));
  const released = await post(`/v1/spend/${one.json.id}/release`);
  assertInContract("POST", "/v1/spend/{id}/release", released);
  assertProblem(await post(`/v1/spend/${one.json.id}/commit`, {}), 409, "already_released");
  const two = await reserve(ask(key, { amount: "100.00", expiresInS: 1 }));
  assert.equal(two.status, 201, two.text);
  await pause(1100);
  assertProblem(await post(`/v1/spend/${two.json.id}/commit`, {}), 409, "reservation_expired");
  assert.equal((await k.call("GET", `/v1/spend/${two.json.id}`)).json.state, "expired");
  assert.equal((await reserve(ask(key, { amount: "100.00" }))).status, 201);
});

const LIMITS = [
  ["spend_per_transaction", { perTransaction: "5.00" }, {}],
  ["spend_per_hour", { perHour: "9.99" }, {}],
  ["spend_per_month", { perMonth: "0" }, {}],
  ["spend_destination", { destinations: ["0123456780"], prefixes: ["acct_"] }, {}],
  ["spend_destination", { prefixes: ["0123456789x"] }, {}],
  ["spend_currency", {}, { currency: "USD" }],
  ["spend_decimals", {}, { amount: "1.001" }],
];
for (const [code, rule, more] of LIMITS)
  test(`${code}: ${JSON.stringify(rule)} refuses ${JSON.stringify(more)}`, async () => {
    const key = await makeKey();
    await rules(key, { currency: "NGN", ...rule });
    const answer = await reserve(ask(key, more));
    assertProblem(answer, 403, code);
    assertInContract("POST", "/v1/spend", answer);
    assert.equal(await usedOf(key), "0.00");
  });

test("a key that the gateway would refuse spends nothing", async () => {
  const revoked = await makeKey(), disabled = await makeKey();
  await k.ok("keys", "revoke", revoked, "--yes");
  await k.ok("keys", "disable", disabled);
  const { id: reader } = await k.createKey("--name", "reads", "--account", "main", "--environment", "sandbox");
  assertProblem(await reserve(ask(revoked)), 403, "key_revoked");
  assertProblem(await reserve(ask(disabled)), 403, "key_disabled");
  assertProblem(await reserve(ask(reader)), 403, "permission_denied");
  assertProblem(await reserve(ask("7Q2mK4T9xJ1aBd")), 404, "not_found");
});

const BAD = [
  ["amount", "syntax", ["", "1.", ".5", "-1", "+1", "1e3", "01", "1,000", " 1", "1.0.0", "0x1"]],
  ["amount", "range", ["0", "0.00", "1".repeat(19), "1.0000000000000000001"]],
  ["currency", "syntax", ["ngn", "NG", "ABCDEFGHIJK", "N N"]],
  ["requestId", "syntax", ["", "1234"]],
  ["reference", "syntax", ["", "x".repeat(101), "a\nb"]],
  ["destination", "syntax", ["", "x".repeat(129)]],
];
for (const [field, code, values] of BAD)
  test(`C1_a ${field} that cannot be one is refused`, async () => {
    for (const value of values) {
      const answer = await reserve(ask("7Q2mK4T9xJ1aBd", { [field]: value }));
      assertProblem(answer, 400, code, field);
    }
  });

test("who sees another account spends nothing, and sees neither its keys' reservations nor their rules", async () => {
  await k.call("POST", "/v1/accounts", { id: "shop", name: "The shop" });
  const token = await k.call("POST", "/v1/management-tokens", { name: "pays", scopes: ["spend", "events:read", "keys:read"], expires: "90d", account: "shop" });
  assert.equal(token.status, 201, token.text);
  const bearer = { authorization: `Bearer ${token.json.secret}`, origin: undefined, "sec-fetch-site": undefined };
  const stranger = { call: (method, target, body) => new Browser(k).call(method, target, body, bearer) };
  const key = await makeKey(), { json } = await reserve(ask(key));
  /* As with POST /v1/authorize, only who sees the whole installation may spend. */
  assertProblem(await reserve(ask(key), stranger), 403, "scope_missing");
  for (const [method, target, body] of [["GET", ""], ["POST", "/commit", {}], ["POST", "/release"]])
    assertProblem(await stranger.call(method, `/v1/spend/${json.id}${target}`, body), 403, "scope_missing");
  assertProblem(await stranger.call("GET", `/v1/spend?key=${key}`), 404, "not_found");
  assertProblem(await stranger.call("GET", `/v1/keys/${key}/spend-rules`), 404, "not_found");
});

test("spending asks for the scope of its own, and rules for what a key asks for", async () => {
  const viewer = await join(k, { email: "viewer@shop.example", role: "viewer" }), key = await makeKey();
  assertProblem(await reserve(ask(key), viewer), 403, "scope_missing");
  assertProblem(await viewer.call("PUT", `/v1/keys/${key}/spend-rules`, { rules: [] }, { "if-match": '"0"' }), 403, "scope_missing");
  const developer = await join(k, { email: "dev@shop.example", role: "developer" });
  const { id: live } = await k.createKey("--name", "live", "--account", "main", "--environment", "production", "--permission", "transactions");
  assertProblem(await developer.call("PUT", `/v1/keys/${live}/spend-rules`, { rules: [] }, { "if-match": '"0"' }), 403, "scope_missing");
  assert.equal((await developer.call("PUT", `/v1/keys/${key}/spend-rules`, { rules: [] }, { "if-match": '"0"' })).status, 200);
});

test("rules are changed by version, and what loosens a production key asks for a fresh one-time password", async () => {
  const admin = await join(k, { email: "admin@shop.example", role: "admin" });
  const { id } = await k.createKey("--name", "live", "--account", "main", "--environment", "production", "--permission", "transactions");
  const put = (perDay, version) => admin.call("PUT", `/v1/keys/${id}/spend-rules`, { rules: [{ currency: "NGN", perDay }] }, { "if-match": `"${version}"` });
  assert.equal((await put("100.00", 0)).status, 200, "limits where there were none narrow");
  assertProblem(await put("50.00", 0), 412, "version_mismatch");
  assert.equal((await put("50.00", 1)).status, 200);
  assertProblem(await put("50.01", 2), 403, "step_up_required");
});

test("everything is on the record by name, under the gateway's request id", async () => {
  const key = await makeKey(), id = requestId();
  await rules(key, { currency: "NGN", perDay: "10.00" });
  const { json } = await reserve(ask(key, { requestId: id }));
  await reserve(ask(key, { requestId: id }));
  await post(`/v1/spend/${json.id}/commit`, {});
  const { json: found } = await k.call("GET", `/v1/events?kind=spend&request=${id}`);
  assert.deepEqual(found.events.map(({ what }) => what).reverse(), ["reserved", "refused", "committed"]);
  for (const event of found.events) assert.deepEqual([event.key_id, event.account, event.destination], [key, "main", "0123456789"]);
  assertInContract("GET", "/v1/events", await k.call("GET", `/v1/events?kind=spend&key=${key}`));
  assert.equal((await k.call("GET", `/v1/events?kind=spend&key=${key}&account=main`)).json.events.length, 3);
  for (const what of ["browser=true", "verdict=deny", "environment=production"])
    assert.deepEqual((await k.call("GET", `/v1/events?kind=spend&key=${key}&${what}`)).json.events, [], what);
});

/** Reserves and commits one after the other until serve is gone: what was acknowledged, by reference. */
async function spendUntilKilled(key, acknowledged) {
  for (;;) {
    const body = ask(key, { amount: "1.00" });
    const one = await reserve(body).catch(() => undefined);
    if (one === undefined) return;
    if (one.status !== 201) continue;
    acknowledged.set(body.reference, "reserved");
    if (n % 2 === 0) continue;
    const two = await post(`/v1/spend/${one.json.id}/commit`, {}).catch(() => undefined);
    acknowledged.set(body.reference, two?.status === 200 ? "committed" : "either");
    if (two === undefined) return;
  }
}

/** A batch of which only the length had come to the disk: what was still under way when the power went. */
async function tear() {
  const audit = `${k.dir}/state/audit`, last = (await fs.readdir(audit)).filter((name) => name.endsWith(".seg")).sort().at(-1);
  await fs.appendFile(`${audit}/${last}`, Buffer.alloc(300));
}

test("X1_killed again and again while it reserves, it loses nothing that it acknowledged, and passes no limit", async () => {
  const key = await makeKey(), acknowledged = new Map(), limit = 400;
  await rules(key, { currency: "NGN", perMonth: `${limit}.00` });
  for (let round = 0; round < 8; round++) {
    const spending = Promise.all(Array.from({ length: 8 }, () => spendUntilKilled(key, acknowledged)));
    await pause(40 + 31 * round);
    await k.end("SIGKILL");
    await spending;
    if (round % 2 === 1) await tear();
    await k.serve();
  }
  const list = await listed(key), there = new Map(list.map((one) => [one.reference, one.state]));
  for (const [reference, state] of acknowledged) {
    assert.ok(there.has(reference), `${reference} was acknowledged and is not there`);
    if (state !== "either") assert.equal(there.get(reference), state, reference);
  }
  assert.ok(acknowledged.size > 20, `${acknowledged.size} acknowledged`);
  assert.ok(spent(list) <= limit, `${spent(list)} of ${limit}`);
  assert.equal(Number(await usedOf(key, "perMonth")), spent(list), "the sums are those of the reservations");
  /* Each is on the record exactly once, though the record and the store are two files. */
  const lines = (await k.run("audit", "search", "--spends", "--key", key, "--json")).stdout.trim().split("\n").map((line) => JSON.parse(line));
  const reserved = lines.filter(({ what }) => what === "reserved").map(({ reservation }) => reservation).sort();
  assert.deepEqual(reserved, list.map(({ id }) => id).sort());
  assert.equal(new Set(lines.map(({ spend }) => spend)).size, lines.length);
  assert.equal((await k.run("audit", "verify")).code, 0);
});
