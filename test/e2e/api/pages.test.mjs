// pages.test.mjs - a cursor tells nothing of what is there besides, and goes on with its own list alone; last uses of people.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { Browser, join } from "../lib/people.mjs";

let k, shop, main;
before(async () => {
  k = await Installation.make();
  await k.call("POST", "/v1/accounts", { id: "shop" });
  for (let i = 0; i < 3; i++)
    for (const account of ["main", "shop"]) await k.call("POST", "/v1/keys", { account, name: `${account} ${i}`, environment: "sandbox" });
  shop = await join(k, { email: "owner@shop.example", role: "owner", account: "shop" });
  main = await join(k, { email: "owner@main.example", role: "owner" });
  await join(k, { email: "second@shop.example", role: "viewer", account: "shop" });
});
after(() => k.stop());

const page = async (by, path, cursor) => (await by.call("GET", `${path}${path.includes("?") ? "&" : "?"}limit=1${cursor === undefined ? "" : `&cursor=${cursor}`}`)).json;

test("a cursor has no number in it, and is another one each time", async () => {
  const cursors = [await page(shop, "/v1/keys"), await page(shop, "/v1/keys"), await page(shop, "/v1/members"), await page(k, "/v1/accounts")]
    .map(({ next }) => next);
  for (const cursor of cursors) assert.match(cursor, /^[0-9a-f]{64}$/);
  assert.equal(new Set(cursors).size, 4);
});

test("pages follow one another to the end", async () => {
  const names = [];
  for (let next; next !== null;) {
    const one = await page(shop, "/v1/keys", next);
    names.push(...one.keys.map((key) => key.name));
    ({ next } = one);
  }
  assert.deepEqual(names, ["shop 0", "shop 1", "shop 2"]);
});

test("the newest come first where they are asked for, page by page, and what is made meanwhile does not come again", async () => {
  const names = [];
  for (let next; next !== null;) {
    const one = await page(shop, "/v1/keys?order=newest", next);
    names.push(...one.keys.map((key) => key.name));
    next = one.next;
    if (names.length === 1) await k.call("POST", "/v1/keys", { account: "shop", name: "meanwhile", environment: "sandbox", rotationDays: 5 });
  }
  assert.deepEqual(names, ["shop 2", "shop 1", "shop 0"]);
  const all = await page(k, "/v1/keys?order=newest");
  assert.deepEqual(all.keys.map((key) => key.name), ["meanwhile"]);
  assertProblem(await shop.call("GET", "/v1/keys?order=latest"), 400, "syntax", "order");
});

test("a cursor goes on in its own order alone", async () => {
  const [oldest, newest] = [await page(shop, "/v1/keys?order=oldest"), await page(shop, "/v1/keys?order=newest")];
  assert.equal((await shop.call("GET", `/v1/keys?cursor=${oldest.next}`)).status, 200, "oldest is what comes without");
  for (const target of [`order=newest&cursor=${oldest.next}`, `order=oldest&cursor=${newest.next}`, `cursor=${newest.next}`])
    assertProblem(await shop.call("GET", `/v1/keys?${target}`), 400, "syntax", "cursor");
});

test("keys are found by when they are to be rotated, days from now", async () => {
  const make = async (name, more) => (await k.call("POST", "/v1/keys", { account: "shop", name, environment: "sandbox", ...more })).json.id;
  const due = async (when) => (await shop.call("GET", `/v1/keys?q=due&dueBefore=${when}`)).json.keys.map((key) => key.name);
  await make("due never", { rotationDays: 0 });
  await make("due soon", { rotationDays: 10 });
  await make("due late", { rotationDays: 100 });
  await k.call("POST", `/v1/keys/${await make("due, but revoked", { rotationDays: 10 })}/revoke`);
  assert.deepEqual([await due("9d"), await due("11d"), await due("2099-01-01")], [[], ["due soon"], ["due soon", "due late"]]);
  assert.deepEqual([await due("1970-01-01"), await due("239h"), await due("14460m")], [[], [], ["due soon"]]);
  for (const when of ["", "soon", "30", "-1d"]) assertProblem(await shop.call("GET", `/v1/keys?dueBefore=${when}`), 400, "syntax", "dueBefore");
});

test("keys are found by when they are to end, days from now, and those that have ended are not", async () => {
  const make = async (name, more) => (await k.call("POST", "/v1/keys", { account: "shop", name, environment: "sandbox", ...more })).json.id;
  const ending = async (when, more = "") => (await shop.call("GET", `/v1/keys?q=ends&expiresBefore=${when}${more}`)).json.keys.map((key) => key.name);
  await make("ends never");
  await make("ends soon", { expires: "10d" });
  await make("ends late", { expires: "100d" });
  await make("ends if it is not rotated", { rotationDays: 20, onOverdue: "expire", expires: "300d" });
  await k.call("POST", `/v1/keys/${await make("ends, but is revoked", { expires: "10d" })}/revoke`);
  await k.call("POST", `/v1/keys/${await make("ends disabled", { expires: "10d" })}/disable`);
  await make("ends at once", { expires: new Date(Date.now() + 1500).toISOString().replace(/\.\d+/, "") });
  await new Promise((resolve) => setTimeout(resolve, 1600));
  assert.deepEqual([await ending("9d"), await ending("11d", "&state=active"), await ending("11d")], [[], ["ends soon"], ["ends soon", "ends disabled"]]);
  assert.deepEqual(await ending("21d", "&state=active"), ["ends soon", "ends if it is not rotated"]);
  assert.deepEqual([await ending("101d", "&state=active"), await ending("1970-01-01"), await ending("99d", "&state=revoked")], [["ends soon", "ends late", "ends if it is not rotated"], [], []]);
  for (const when of ["", "soon", "30", "-1d"]) assertProblem(await shop.call("GET", `/v1/keys?expiresBefore=${when}`), 400, "syntax", "expiresBefore");
});

test("a cursor of another list, of another account, or made up is refused", async () => {
  const { next } = await page(shop, "/v1/keys");
  const refuse = async (by, target) => assertProblem(await by.call("GET", target), 400, "syntax", "cursor");
  await refuse(shop, `/v1/members?cursor=${next}`);
  await refuse(main, `/v1/keys?cursor=${next}`);
  await refuse(k, `/v1/keys?cursor=${next}`);
  await refuse(shop, `/v1/keys?cursor=${(await page(main, "/v1/keys")).next}`);
  await refuse(shop, `/v1/keys?cursor=${next.replace(/^./, (c) => (c === "0" ? "1" : "0"))}`);
  for (const cursor of ["7", "0", "", next.slice(2), `${next}00`, next.toUpperCase()]) await refuse(shop, `/v1/keys?cursor=${cursor}`);
});

test("the record has a cursor of the same kind, and counts nothing of what others have", async () => {
  const answer = await shop.call("GET", "/v1/events?limit=1");
  assertInContract("GET", "/v1/events", answer);
  const [event] = answer.json.events;
  assert.deepEqual(["ring", "position", "batch", "record", "change", "object"].filter((name) => name in event), []);
  assert.equal(event.account, "shop");
  const { next } = answer.json;
  assert.match(next, /^[0-9a-f]{88}$/);
  assert.equal((await shop.call("GET", `/v1/events?limit=1&cursor=${next}`)).status, 200);
  assertProblem(await main.call("GET", `/v1/events?cursor=${next}`), 400, "syntax", "cursor");
  assertProblem(await shop.call("GET", `/v1/keys?cursor=${next}`), 400, "syntax", "cursor");
  const ofMachine = (await k.call("GET", "/v1/events?limit=1&kind=change")).json.events[0];
  for (const name of ["batch", "record", "change", "object"]) assert.equal(typeof ofMachine[name], "number", name);
});

test("a cursor outlives a restart", async () => {
  const { next } = await page(k, "/v1/keys");
  await k.end();
  await k.serve();
  assert.deepEqual((await page(k, "/v1/keys", next)).keys.map((key) => key.name), ["shop 0"]);
});

test("members have their last sign-in, and nobody who has not come yet", async () => {
  const anna = await join(k, { email: "anna@shop.example", role: "developer", account: "shop", source: "198.51.100.9" });
  await k.call("POST", "/v1/members", { email: "bert@shop.example", role: "viewer", account: "shop" });
  const list = (await k.call("GET", "/v1/members?account=shop")).json.members;
  const of = (email) => list.find((member) => member.email === email);
  assert.equal(of("anna@shop.example").lastSignInFrom, "198.51.100.9");
  assert.ok(Math.abs(Date.parse(of("anna@shop.example").lastSignInAt) - Date.now()) < 60_000);
  assert.deepEqual([of("bert@shop.example").lastSignInAt, of("bert@shop.example").lastSignInFrom], [null, null]);
  const { lastSignInFrom } = (await k.call("GET", `/v1/members/${anna.id}`)).json;
  assert.equal(lastSignInFrom, "198.51.100.9");
});

test("a management token has its last use at once", async () => {
  const made = (await k.call("POST", "/v1/management-tokens", { name: "deploy", scopes: ["keys:read"], expires: "90d" })).json;
  assert.deepEqual([made.lastUsedAt, made.lastUsedFrom], [null, null]);
  const program = new Browser(k, { source: "198.51.100.10" });
  const answer = await program.call("GET", "/v1/keys", undefined,
    { authorization: `Bearer ${made.secret}`, origin: undefined, "sec-fetch-site": undefined });
  assert.equal(answer.status, 200, answer.text);
  const [token] = (await k.call("GET", "/v1/management-tokens")).json.tokens;
  assert.equal(token.lastUsedFrom, "198.51.100.10");
  assert.ok(Math.abs(Date.parse(token.lastUsedAt) - Date.now()) < 60_000);
});
