// last_use.test.mjs - a request through the gateway is the last use of its key, and shown.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startGateway } from "../lib/gateway.mjs";

let gateway, service;
before(async () => {
  gateway = await startGateway();
  service = gateway.keyward.service;
});
after(() => gateway.stop());

const shown = async (id) => (await service.call("GET", `/v1/keys/${id}`)).json;

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
