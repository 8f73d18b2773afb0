// last_use.test.mjs - a request through the gateway is the last use of its key: shown, found by, and there after a restart.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startGateway } from "../lib/gateway.mjs";
import { assertProblem } from "../lib/installation.mjs";

let gateway, service;
before(async () => {
  gateway = await startGateway();
  service = gateway.keyward.service;
});
after(() => gateway.stop());

const shown = async (id) => (await service.call("GET", `/v1/keys/${id}`)).json;
const found = async (query) => (await service.call("GET", `/v1/keys?${query}`)).json.keys.map((key) => key.name);

/** An attempt is on the record within a tenth of a second; asking for the record waits for it. */
async function use(key, line = "GET /read/x") {
  const answer = await gateway.ask(line, { key });
  assert.equal((await service.call("POST", "/v1/drain")).status, 200);
  return answer;
}

test("a new key was never used", async () => {
  const { lastUsedAt, lastUsedFrom } = await shown(gateway.keys.full.id);
  assert.deepEqual([lastUsedAt, lastUsedFrom], [null, null]);
  assert.match(await service.ok("keys", "show", gateway.keys.full.id), /^Last used +never$/m);
  const made = await service.createKey("--name", "new", "--environment", "sandbox");
  assert.deepEqual([made.lastUsedAt, made.lastUsedFrom], [null, null]);
});

test("a request makes the last use of its key appear, and of no other", async () => {
  const from = Math.floor(Date.now() / 1000) * 1000;
  await use(gateway.keys.read);
  const { lastUsedAt, lastUsedFrom } = await shown(gateway.keys.read.id);
  assert.equal(lastUsedFrom, "127.0.0.1");
  assert.ok(Date.parse(lastUsedAt) >= from && Date.parse(lastUsedAt) <= Date.now(), lastUsedAt);
  assert.equal((await shown(gateway.keys.pay.id)).lastUsedAt, null);
  const list = (await service.call("GET", "/v1/keys")).json.keys;
  assert.deepEqual(list.filter((key) => key.lastUsedAt !== null).map((key) => key.id), [gateway.keys.read.id]);
  const text = await service.ok("keys", "show", gateway.keys.read.id);
  assert.ok(text.split("\n").includes(`Last used    ${lastUsedAt} from 127.0.0.1`), text);
});

test("what is refused is a use when the secret was right, and none when it was not", async () => {
  assert.equal((await use(gateway.keys.pay, "GET /closed/x")).status, 403);
  assert.equal((await shown(gateway.keys.pay.id)).lastUsedAt, null); /* the route was refused before the key was looked at */
  assert.equal((await use(gateway.keys.pay, "GET /unlisted")).status, 403);
  assert.notEqual((await shown(gateway.keys.pay.id)).lastUsedAt, null);
  const { id, key } = gateway.keys.full;
  assert.equal((await use({ key: key.replace(/.$/, (c) => (c === "0" ? "1" : "0")) })).status, 401);
  assert.equal((await shown(id)).lastUsedAt, null);
});

test("the list has a column for it where it fits", async () => {
  const narrow = await service.ok("keys", "list", "--name", "reader");
  assert.match(narrow.split("\n")[0], /EXPIRES +LAST USED$/);
  assert.ok(narrow.split("\n")[1].endsWith((await shown(gateway.keys.read.id)).lastUsedAt.slice(0, 10)), narrow);
  await service.createKey("--name", "a name of which nobody could say that it is short", "--environment", "sandbox", "--expires", "90d");
  assert.match((await service.ok("keys", "list", "--name", "nobody")).split("\n")[0], /EXPIRES$/);
});

test("after a restart keys are found by their last use", async () => {
  const before = await shown(gateway.keys.read.id);
  await service.end();
  await service.serve();
  assert.deepEqual(await shown(gateway.keys.read.id), before);
  assert.deepEqual(await found("usedAfter=1h"), ["reader", "payer"]);
  assert.deepEqual(await found(`usedAfter=${encodeURIComponent(new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, ""))}`), []);
  const unused = await found("usedBefore=1h");
  assert.ok(unused.includes("everything") && !unused.includes("reader"), unused);
  const names = async (...args) => (await service.ok("keys", "list", "--json", ...args)).keys.map((key) => key.name);
  assert.deepEqual(await names("--used-after", "1h"), ["reader", "payer"]);
  assert.deepEqual(await names("--unused-since", "1h"), unused);
});

test("a key that was used just now is not found as unused, saved or not", async () => {
  assert.ok((await found("usedBefore=1m")).includes("everything"));
  await use(gateway.keys.full);
  assert.ok(!(await found("usedBefore=1m")).includes("everything"));
});

test("a time that is none is refused, and named", async () => {
  for (const name of ["usedAfter", "usedBefore"])
    for (const value of ["x", "", "-1d", "2026-02-30"]) assertProblem(await service.call("GET", `/v1/keys?${name}=${value}`), 400, "syntax", name);
  const { code, stderr } = await service.run("keys", "list", "--unused-since", "yesterday");
  assert.equal(code, 65);
  assert.match(stderr, /^keyward: keys list: --unused-since: /);
});
