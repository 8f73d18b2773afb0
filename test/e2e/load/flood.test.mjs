// flood.test.mjs - thousands of wrong keys a second from the address of a valid client.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import net from "node:net";
import { once } from "node:events";
import path from "node:path";
import { until } from "../lib/check.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { countBy, Load, LOAD_LOCATIONS } from "../lib/load.mjs";
import { assertAllRecorded, assertChainHolds } from "../lib/on_record.mjs";
import { requestBytes } from "../lib/raw.mjs";
import { otherSecret, unknownId } from "../../../tools/run/key_text.mjs";

const LASTS_MS = 4000, AT_ONCE = 50, CONNECTIONS = 4, MOST = 200000;
let gateway, service;
before(async () => {
  gateway = await startGateway({ sandbox: LOAD_LOCATIONS, nginx: { workers: 2 } });
  service = gateway.keyward.service;
});
after(() => gateway.stop());

/** Many requests in one write: half with an unknown id, half with a wrong secret. */
function volley(key) {
  const one = (wrong) => requestBytes("GET /pay/x HTTP/1.1", [["Host", "api.test"], ["x-api-key", wrong]]);
  const pair = Buffer.concat([one(otherSecret(key)), one(unknownId(key))]);
  return Buffer.concat(Array(AT_ONCE / 2).fill(pair));
}

/** Reads until so many answers have come; counts them by status and code. */
async function answersTo(socket, n, counts) {
  let text = "";
  const codes = () => [...text.matchAll(/"statusCode":(\d+).*?"code":"(\w+)"/g)].map(([, status, code]) => `${status} ${code}`);
  for (let found = []; found.length < n; found = codes()) {
    const [data] = await once(socket, "data", { signal: AbortSignal.timeout(20000) });
    text += data.toString("latin1");
  }
  for (const code of codes()) counts[code] = (counts[code] ?? 0) + 1;
}

/** One connection's share of the flood. */
async function pour(key, counts) {
  const socket = net.connect(gateway.port, "127.0.0.1");
  const bytes = volley(key);
  const ends = performance.now() + LASTS_MS;
  for (let sent = 0; performance.now() < ends && sent < MOST / CONNECTIONS; sent += AT_ONCE) {
    socket.write(bytes);
    await answersTo(socket, AT_ONCE, counts);
  }
  socket.destroy();
}

async function flood(key) {
  const counts = {};
  await Promise.all(Array.from({ length: CONNECTIONS }, () => pour(key, counts)));
  return counts;
}

const sum = (list) => list.reduce((all, n) => all + n, 0);
const bySum = (events) => sum(events.map((event) => event.count));
const FAILURES = ["unknown_key", "wrong_secret", "too_many_failures"];

async function sizeOfRecord() {
  const folder = path.join(service.dir, "state/audit");
  const names = await fs.readdir(folder);
  return sum(await Promise.all(names.map(async (name) => (await fs.stat(path.join(folder, name))).size)));
}

test("D14_a_flood_of_wrong_keys_hurts_no_valid_client_and_is_counted_to_the_last", async (t) => {
  const { key } = await gateway.keyward.createKey({ name: "valid", permission: "transactions", more: ["--rate", "none"] });
  const load = await new Load(gateway.port, { key, pauseMs: 20 }).start(2);
  t.after(() => load.stop());
  const began = Date.now();
  const counts = await flood(key);
  const seconds = Math.ceil((Date.now() - began) / 1000);
  await load.stop();
  const attempts = sum(Object.values(counts));
  t.diagnostic(`${attempts} wrong keys in ${LASTS_MS} ms; ${load.answers.length} valid requests`);
  assert.ok(attempts > 1000 * (LASTS_MS / 1000), `${attempts} are no flood`);

  assert.deepEqual(Object.keys(counts).sort(), ["401 invalid_key", "429 too_many_failures"]);
  assert.ok(counts["401 invalid_key"] >= 100 && counts["401 invalid_key"] <= 100 + 2 * (seconds + 1), JSON.stringify(counts));
  assert.deepEqual(countBy(load.answers, (answer) => answer.status), { 200: load.answers.length });

  await assertAllRecorded(gateway.keyward, load.answers);
  const events = await until(async () => {
    const failures = (await gateway.keyward.events()).filter((event) => FAILURES.includes(event.reason));
    return bySum(failures) >= attempts && failures;
  });
  assert.equal(bySum(events), attempts, "the record adds up to what was sent");
  const over = events.filter((event) => event.reason === "too_many_failures");
  assert.equal(bySum(over), counts["429 too_many_failures"]);
  const { decision, summary, gap = 0, ...others } = countBy(events, (event) => event.kind); /* a gap: the ring was full */
  assert.deepEqual(others, {});
  assert.ok(decision <= 20 * (seconds + 3), `${decision} one by one`);
  assert.ok(summary + gap <= 2 * 3 * 20 * (seconds + 3), `${summary} summaries, ${gap} gaps`);
  assert.ok(await sizeOfRecord() < 1 << 20, `the record takes ${await sizeOfRecord()} bytes`);
  await assertChainHolds(service);
});

test("D14_after_the_flood_right_keys_go_on_and_wrong_ones_are_still_refused", async () => {
  const { pay } = gateway.keys;
  assert.equal((await gateway.ask("GET /pay/x", { key: pay })).status, 200);
  const statuses = []; /* a few failures have become free again meanwhile: 100 in 60 s */
  for (let i = 0; i < 50; i++) statuses.push((await gateway.ask("GET /pay/x", { key: otherSecret(pay.key) })).status);
  assert.deepEqual(Object.keys(countBy(statuses, (status) => status)).filter((status) => !["401", "429"].includes(status)), []);
  assert.equal(statuses.at(-1), 429);
  assert.equal((await gateway.ask("GET /pay/x")).status, 401, "without a key nothing is counted against the address");
});
