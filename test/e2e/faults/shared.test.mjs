// shared.test.mjs - the shared files are cut, deleted, replaced and filled with garbage while nginx serves requests.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import crypto from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { until } from "../lib/check.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { countBy, Load, LOAD_LOCATIONS } from "../lib/load.mjs";
import { workersOf } from "../lib/nginx.mjs";
import { assertChainHolds } from "../lib/on_record.mjs";
import { otherSecret, unknownId } from "../../../tools/run/key_text.mjs";

const WITHIN_MS = 10000, STEADY = 20;
let gateway, service, right, limited, revoked;
before(async () => {
  gateway = await startGateway({ sandbox: LOAD_LOCATIONS, nginx: { workers: 2 } });
  service = gateway.keyward.service;
  const create = (name, ...more) => gateway.keyward.createKey({ name, permission: "transactions", more });
  right = await create("right", "--rate", "none");
  limited = await create("limited", "--rate", "50/s:50", "--quota", "1000000/day");
  revoked = await create("revoked");
  await service.ok("keys", "revoke", revoked.id, "--yes");
});
after(() => gateway.stop());

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const file = (name) => path.join(gateway.run, name);
const sizeOf = async (name) => (await fs.stat(file(name))).size;
const ringNames = async () => (await fs.readdir(file("rings"))).filter((name) => /^\d+$/.test(name)).map((name) => `rings/${name}`);

/** Writes into a file as it lies there: its inode stays. */
async function write(name, bytes, at = 0) {
  const handle = await fs.open(file(name), "r+");
  await handle.write(bytes, 0, bytes.length, at);
  await handle.close();
}

async function fill(name, from = 0) {
  await write(name, crypto.randomBytes((await sizeOf(name)) - from), from);
}

async function replace(name) {
  await fs.writeFile(file(`${name}.x`), crypto.randomBytes(await sizeOf(name)));
  await fs.rename(file(`${name}.x`), file(name));
}

async function cut(name, part) {
  await fs.truncate(file(name), Math.floor((await sizeOf(name)) * part));
}

async function flip(name, step) {
  const bytes = await fs.readFile(file(name));
  for (let i = step - 1; i < bytes.length; i += step) bytes[i] ^= 0x55;
  await write(name, bytes);
}

const each = (action) => async () => {
  for (const name of await ringNames()) await action(name);
};

/** Every word of the limits as if it were far in the future. The misses of sources and the lines of keys are behind the
 *  header's page. */
const future = async () => write("limits", Buffer.alloc((await sizeOf("limits")) - 4096, 0xff), 4096);

const damages = [
  ["keyring_emptied", () => cut("keyring", 0)],
  ["keyring_cut_to_a_page", () => fs.truncate(file("keyring"), 4096)],
  ["keyring_cut_in_half", () => cut("keyring", 0.5)],
  ["keyring_deleted", () => fs.rm(file("keyring"))],
  ["keyring_replaced_by_garbage", () => replace("keyring")],
  ["keyring_filled_with_garbage", () => fill("keyring")],
  ["keyring_filled_with_garbage_behind_its_header", () => fill("keyring", 4096)],
  ["keyring_with_every_100th_byte_flipped", () => flip("keyring", 100)],
  ["rings_filled_with_garbage", each((name) => fill(name))],
  ["rings_filled_with_garbage_behind_their_headers", each((name) => fill(name, 4096))],
  ["rings_with_positions_far_ahead", each((name) => write(name, Buffer.alloc(16, 0x7f), 128))],
  ["rings_emptied", each((name) => cut(name, 0))],
  ["rings_cut_in_half", each((name) => cut(name, 0.5))],
  ["rings_deleted", each((name) => fs.rm(file(name)))],
  ["folder_of_rings_deleted", () => fs.rm(file("rings"), { recursive: true })],
  ["limits_filled_with_garbage", () => fill("limits")],
  ["limits_filled_with_garbage_behind_their_header", () => fill("limits", 4096)],
  ["limits_far_in_the_future", future],
  ["limits_emptied", () => cut("limits", 0)],
  ["limits_cut_in_half", () => cut("limits", 0.5)],
  ["limits_deleted", () => fs.rm(file("limits"))],
];

async function ask(key) {
  const answer = await gateway.ask("GET /pay/x", { key });
  return answer === undefined ? "no answer" : `${answer.status} ${answer.json?.code ?? ""}`.trim();
}

/** Asks with a key again and again until it was allowed many times in a row. */
async function untilAllowed(key) {
  const outcomes = [];
  for (const deadline = Date.now() + WITHIN_MS; outcomes.slice(-STEADY).filter((one) => one === "200").length < STEADY; ) {
    assert.ok(Date.now() < deadline, `not allowed again within ${WITHIN_MS} ms: ${JSON.stringify(countBy(outcomes, (one) => one))}`);
    outcomes.push(await ask(key.key));
    await pause(40);
  }
}

/** Strangers go on trying while everything is in disorder. Ends with the outcomes. */
function strangers() {
  const keys = [otherSecret(right.key), unknownId(right.key), revoked.key];
  const outcomes = [];
  let going = true;
  const done = (async () => {
    for (let i = 0; going && i < 5000; i++, await pause(2)) outcomes.push(await ask(keys[i % keys.length]));
  })();
  return { outcomes, stop: () => ((going = false), done) };
}

for (const [name, damage] of damages)
  test(`X11_${name}`, async (t) => {
    const pids = await until(async () => (await workersOf(gateway.nginx)).length === 2 && workersOf(gateway.nginx));
    const serve = service.child.pid;
    const load = await new Load(gateway.port, { key: right.key, pauseMs: 2 }).start(2);
    const wrong = strangers();
    t.after(() => Promise.all([load.stop(), wrong.stop()]));
    await damage();
    await pause(300);
    await Promise.all([untilAllowed(right), untilAllowed(limited)]);
    await Promise.all([load.stop(), wrong.stop()]);
    const outcomes = countBy(wrong.outcomes, (one) => one);
    assert.ok(wrong.outcomes.length > 10);
    assert.equal(outcomes["200"], undefined, `a wrong key was allowed: ${JSON.stringify(outcomes)}`);
    assert.equal(outcomes["no answer"], undefined, JSON.stringify(outcomes));
    assert.equal(countBy(load.answers, (answer) => answer.status)[0], undefined, "a connection broke");
    assert.deepEqual(await workersOf(gateway.nginx), pids, "a worker died");
    assert.equal(service.child.exitCode ?? service.child.signalCode, null, service.log.slice(-500));
    assert.equal(service.child.pid, serve);
  });

test("X11_after_all_of_it_changes_and_the_record_work", async () => {
  const { id, key } = await gateway.keyward.createKey({ name: "later", permission: "transactions" });
  const { answer, events } = await gateway.watch(() => gateway.ask("GET /pay/x", { key }));
  assert.equal(answer.status, 200);
  assert.deepEqual(events.map((event) => [event.reason, event.key_id]), [["allowed", id]]);
  await service.ok("keys", "revoke", id, "--yes");
  assert.equal(await ask(key), "401 key_revoked");
  await assertChainHolds(service);
});
