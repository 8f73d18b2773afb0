// leaks.test.mjs - whoever reports a key learns nothing; only a key that works is held back; no text of one is kept anywhere.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation, request } from "../lib/installation.mjs";
import { join } from "../lib/people.mjs";

const github = crypto.generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const other = crypto.generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const keysFile = (pair) => JSON.stringify({ public_keys: [
  { key_identifier: "abc123", key: pair.publicKey.export({ type: "spki", format: "pem" }), is_current: true }] });

let k, plain;
before(async () => {
  plain = await Installation.make();
  k = await Installation.make({ serve: false });
  await fs.writeFile(path.join(k.dir, "github-keys.json"), keysFile(github), { mode: 0o644 });
  await fs.appendFile(k.file, "leak_github_keys: github-keys.json\n");
  await k.serve();
});
after(async () => {
  await k.stop();
  await plain.stop();
});

const create = (it, ...more) => it.createKey("--name", "leaky", "--environment", "production", "--permission", "transactions", ...more);
const show = (it, id) => it.ok("keys", "show", id, "--json");
const socketOf = (it) => path.join(path.dirname(it.socket), "http.sock");

/** Until what was reported has been looked at: the desk goes on in the order in which it was given reports. */
async function settled(it, is) {
  for (let tries = 0; tries < 200; tries++) {
    const events = (await it.call("GET", "/v1/events?kind=leak&limit=1000")).json.events;
    if (is(events)) return events;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.fail("the reports were not looked at");
}
const leaksOf = (it, id, n = 1) => settled(it, (all) => all.filter((e) => e.key_id === id).length >= n).then((all) => all.filter((e) => e.key_id === id));
const countOf = (events, what) => events.filter((e) => e.what === what).reduce((sum, e) => sum + e.count, 0);

async function report(it, body) {
  const answer = await it.call("POST", "/v1/leaks", body);
  assertInContract("POST", "/v1/leaks", answer);
  return answer;
}

test("a report of a key that works freezes what moves money, and is on the record", async () => {
  const key = await create(k);
  const answer = await report(k, { key: key.secret, url: "https://paste.example/1", note: "in a shared log" });
  assert.equal(answer.status, 202);
  const [leak] = await leaksOf(k, key.id);
  assert.equal(leak.kind, "leak");
  assert.equal(leak.what, "froze_transact");
  assert.deepEqual([leak.by, leak.account, leak.environment, leak.url, leak.note, leak.old_secret],
    ["anybody", "main", "production", "https://paste.example/1", "in a shared log", false]);
  const now = await show(k, key.id);
  assert.deepEqual([now.frozen, now.state], ["transact", "active"]);
  const { freezes } = (await k.call("GET", "/v1/freezes")).json, held = freezes.find(({ id }) => id === now.id);
  assert.deepEqual([held.by, held.reason, Math.abs(Date.parse(held.since) - Date.now()) < 60_000], ["leak-desk", "reported as leaked", true]);
  const { events: changes } = (await k.call("GET", `/v1/events?kind=change&key=${key.id}`)).json;
  assert.equal(changes[0].actor, "leak-desk");
  const explained = (await k.call("GET", `/v1/events/${leak.request_id}`)).json.explanation.join("\n");
  assert.match(explained, /reported as leaked: key .* of account "main", with its current secret/);
  await report(k, { key: key.secret });
  assert.equal((await leaksOf(k, key.id, 2))[0].what, "done_before");
});

test("D4_whatever_the_text_is_the_answer_is_the_same", async () => {
  const right = await create(k), revoked = await create(k), wrong = await create(k), expired = await create(k);
  await k.ok("keys", "revoke", revoked.id, "--yes");
  const tail = right.secret.slice(-49);
  const texts = [right.secret, revoked.secret, "", "no key", "x".repeat(4096), right.secret.slice(0, -1), right.secret + " ",
    right.secret.replace("_live_", "_test_"), expired.secret.slice(0, 22) + tail, wrong.secret.slice(0, 22) + tail];
  const answers = [];
  for (const key of texts) answers.push(await report(k, { key }));
  answers.push(await report(k, { keys: texts }));
  const shape = ({ status, headers, text }) => JSON.stringify([status, text,
    Object.entries(headers).map(([name, value]) => [name, ["date", "x-request-id"].includes(name) ? "" : value])]);
  assert.equal(new Set(answers.map(shape)).size, 1, answers.map(shape).join("\n"));
  await leaksOf(k, right.id, 2);
  assert.deepEqual([(await show(k, wrong.id)).frozen, (await show(k, revoked.id)).state], ["nothing", "revoked"]);
});

test("the old secret of a rotation that is open counts, and one that has ended does not", async () => {
  const key = await create(k);
  const { secret } = await k.ok("keys", "rotate", key.id, "--json");
  await report(k, { key: key.secret });
  const [leak] = await leaksOf(k, key.id);
  assert.equal(leak.old_secret, true);
  assert.notEqual(secret, key.secret);
  const ended = await create(k);
  await k.ok("keys", "rotate", ended.id, "--overlap", "0", "--json");
  const before = countOf(await settled(k, () => true), "over");
  await report(k, { key: ended.secret });
  await settled(k, (all) => countOf(all, "over") === before + 1);
  assert.equal((await show(k, ended.id)).frozen, "nothing");
});

test("what is no report is refused by what it says, not by the key", async () => {
  assertProblem(await report(k, {}), 400, "missing");
  assertProblem(await report(k, { key: "x", keys: ["x"] }), 400, "missing");
  assertProblem(await report(k, { keys: [] }), 400, "range");
  assertProblem(await report(k, { keys: Array(101).fill("x") }), 400, "range");
  assertProblem(await report(k, { key: "x", who: "me" }), 400, "unknown_member");
});

test("the key's text is left out of url and note, whole, encoded, or its secret alone", async () => {
  const key = await create(k);
  const secret = key.secret.slice(23, 66);
  await report(k, { key: key.secret, url: `https://x.example/?k=${encodeURIComponent(key.secret)}&a=1`, note: `see ${secret} there` });
  const [leak] = await leaksOf(k, key.id);
  assert.ok(!JSON.stringify(leak).includes(secret), JSON.stringify(leak));
  assert.match(leak.url, /^https:\/\/x\.example/);
});

test("U_no_text_of_a_reported_key_is_in_a_file_or_in_the_log", async () => {
  const key = await create(k), secret = key.secret.slice(23);
  await report(k, { keys: [key.secret, key.secret.slice(0, -1)], note: `${key.secret} ${secret}` });
  await leaksOf(k, key.id);
  assert.equal((await k.call("POST", "/v1/drain")).status, 200);
  for (const entry of await fs.readdir(k.dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.path ?? entry.parentPath, entry.name);
    assert.ok(!(await fs.readFile(file)).includes(secret.slice(0, 43)), file);
  }
  assert.ok(!k.log.includes(secret.slice(0, 43)));
  assert.match(k.log, new RegExp(`key ${key.id} was reported as leaked`));
});

test("whose key it was is not told who has reported it, in whatever way he asks", async () => {
  const key = await create(k), source = "203.0.113.99", viewer = await join(k, { email: "viewer@main.example", role: "viewer" });
  await request(socketOf(k), "POST", "/v1/leaks", { "content-type": "application/json", "x-real-ip": source }, JSON.stringify({ key: key.secret }));
  const [leak] = await leaksOf(k, key.id), at = (it, query) => it.call("GET", `/v1/events${query}`);
  assert.equal(leak.source, source);
  const told = await at(viewer, `/${leak.request_id}`);
  assert.equal(told.json.event.key_id, key.id);
  assert.ok(!told.text.includes(source) && !/\nfrom /.test(told.json.explanation.join("\n")), told.text);
  assert.ok((await at(k, `/${leak.request_id}`)).text.includes(source));
  assert.equal((await at(k, `?kind=leak&source=${source}`)).json.events.length, 1);
  assert.equal((await at(viewer, `?kind=leak&source=${source}`)).json.events.length, 0);
  assert.equal((await at(viewer, `?kind=leak&key=${key.id}`)).json.events.length, 1);
});

test("strangers have sixty reports in ten minutes from one source, and then wait", async () => {
  const headers = (source) => ({ "content-type": "application/json", "x-real-ip": source });
  const send = (source) => request(socketOf(plain), "POST", "/v1/leaks", headers(source), JSON.stringify({ key: "no key" }));
  for (let i = 0; i < 60; i++) assert.equal((await send("203.0.113.7")).status, 202);
  const late = await send("203.0.113.7");
  assertInContract("POST", "/v1/leaks", late);
  assertProblem(late, 429, "too_many_reports");
  assert.ok(Number(late.headers["retry-after"]) > 500);
  assert.equal((await send("203.0.113.8")).status, 202, "another source");
  await settled(plain, (all) => countOf(all, "not_a_key") === 61);
});

test("a thousand reports at once are looked at or told to come again, and other calls are answered meanwhile", async () => {
  const key = await create(plain);
  const strangers = (events) => countOf(events, "unknown_key") + countOf(events, "not_a_key");
  const before = strangers(await settled(plain, () => true));
  const texts = Array.from({ length: 1000 }, (_, i) => (i === 500 ? key.secret : `mk_live_${String(i).padStart(14, "0")}`));
  const answers = [];
  const send = async () => { /* as many as a socket lets wait */
    for (let text; (text = texts.pop()) !== undefined;) answers.push(await plain.call("POST", "/v1/leaks", { key: text }));
  };
  const all = Promise.all(Array.from({ length: 100 }, send));
  assert.equal((await plain.call("GET", `/v1/keys/${key.id}`)).status, 200);
  await all;
  assert.ok(answers.every(({ status }) => status === 202 || status === 503));
  const taken = answers.filter(({ status }) => status === 202).length;
  await settled(plain, (events) => strangers(events) >= before + taken - 1);
});

for (const [action, what, frozen, state] of [["notify", "told", "nothing", "active"], ["freeze_all", "froze_all", "all", "active"],
  ["disable", "disabled", "nothing", "disabled"], ["revoke", "revoked", "nothing", "revoked"]])
  test(`leak_action ${action}`, async () => {
    const it = await Installation.make({ serve: false });
    try {
      await fs.appendFile(it.file, `leak_action: ${action}\n`);
      await it.serve();
      const key = await create(it);
      await report(it, { key: key.secret });
      assert.equal((await leaksOf(it, key.id))[0].what, what);
      const now = await show(it, key.id);
      assert.deepEqual([now.frozen, now.state], [frozen, state]);
    } finally {
      await it.stop();
    }
  });

/* ---- GitHub ---- */

const signed = (body, pair = github) => crypto.sign("sha256", Buffer.from(body), pair.privateKey).toString("base64");
async function match(it, body, headers) {
  const answer = await it.call("POST", "/v1/leaks/github", body, headers);
  assertInContract("POST", "/v1/leaks/github", answer);
  return answer;
}
const head = (body, { id = "abc123", pair } = {}) => ({ "github-public-key-identifier": id, "github-public-key-signature": signed(body, pair) });

test("GitHub's signed report is acted on, and known as GitHub's", async () => {
  const key = await create(k);
  const body = JSON.stringify([{ token: key.secret, type: "keyward_api_key", url: "https://github.com/o/r/blob/1/x", source: "content", more: 1 },
    { token: "no key", type: "keyward_api_key", url: "", source: "content" }]);
  const answer = await match(k, body, head(body));
  assert.deepEqual([answer.status, answer.json], [202, { accepted: true }]);
  const [leak] = await leaksOf(k, key.id);
  assert.deepEqual([leak.by, leak.what, leak.url, leak.note], ["github", "froze_transact", "https://github.com/o/r/blob/1/x", "keyward_api_key, content"]);
});

test("a report that is tampered with, not signed, or signed by another is refused, and nothing is done", async () => {
  const key = await create(k);
  const body = JSON.stringify([{ token: key.secret, type: "t", url: "u", source: "s" }]);
  const refused = [[body + " ", head(body)], [body, {}], [body, head(body, { pair: other })], [body, head(body, { id: "unknown" })],
    [body, { ...head(body), "github-public-key-signature": "AAAA" }], [body, { "github-public-key-signature": signed(body) }]];
  for (const [text, headers] of refused) assertProblem(await match(k, text, headers), 401, "bad_signature");
  assert.equal((await show(k, key.id)).frozen, "nothing");
  for (const odd of ["{}", "[1]", "[{}]", "not json"]) assert.equal((await match(k, odd, head(odd))).status, 400);
});

test("new keys of GitHub need no restart; without keys there is no such call; with bad ones serve does not start", async () => {
  const body = "[]";
  await fs.writeFile(path.join(k.dir, "github-keys.json"), keysFile(other));
  assert.equal((await match(k, body, head(body, { pair: other }))).status, 202);
  assertProblem(await match(k, body, head(body)), 401, "bad_signature");
  assertProblem(await match(plain, body, head(body)), 404, "not_found");
  const it = await Installation.make({ serve: false });
  await fs.appendFile(it.file, "leak_github_keys: none.json\n");
  const { code, stderr } = await it.run("serve", "--config", it.file);
  assert.notEqual(code, 0);
  assert.match(stderr, /leak_github_keys: .*none\.json/);
  await fs.rm(it.folder, { recursive: true });
});
