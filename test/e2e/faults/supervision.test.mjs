// supervision.test.mjs - keyward serve as `make run` keeps it: killed, or with a disk that fails, it is soon making changes
// again, and nothing that was acknowledged is lost.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { until } from "../lib/check.mjs";
import { request } from "../lib/installation.mjs";
import { build } from "../lib/nginx.mjs";
import { freePort, Stack } from "../../../tools/run/stack.mjs";

const ROUNDS = 5, WITHIN_MS = 1000;
const ME = "/api/v1/user/me";
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
let folder, stack, steady, failing;
const acknowledged = []; /* {id, key, state} */

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "keyward-supervision-"));
  fs.chmodSync(folder, 0o711);
  failing = path.join(folder, "failing");
  process.env.FAILING_SYNC = failing;
  process.env.LD_PRELOAD = path.join(build, "test/e2e/tools/failing_sync.so");
  const [sandboxPort, productionPort, dashboardPort] = [await freePort(), await freePort(), await freePort()];
  stack = new Stack({ folder: path.join(folder, "run"), sandboxPort, productionPort, dashboardPort });
  await stack.start();
  steady = (await create("steady")).json.secret;
});
after(async () => {
  await stack.stop();
  fs.rmSync(folder, { recursive: true, force: true });
  fs.rmSync(stack.shared, { recursive: true, force: true });
});

const serve = () => stack.kept.find(({ name }) => name === "serve").child;
const log = () => fs.readFileSync(path.join(stack.folder, "serve.log"), "utf8");

/** A call of the management API; status 0 while nobody answers. */
async function call(method, target, body) {
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  return request(stack.socket, method, target, headers, body && JSON.stringify(body)).catch(() => ({ status: 0 }));
}

async function create(name) {
  const body = { name, account: "main", environment: "sandbox", permissions: ["read_only"], rate: "none" };
  const answer = await call("POST", "/v1/keys", body);
  if (answer.status === 201) acknowledged.push({ id: answer.json.id, key: answer.json.secret, state: "active" });
  return answer;
}

/** Tries to make keys until one is acknowledged: how long that took, in ms. */
async function untilAccepted() {
  const begun = performance.now();
  await until(async () => (await create("again")).status === 201);
  return performance.now() - begun;
}

async function ask(key) {
  const answer = await fetch(stack.url(stack.sandboxPort) + ME, { headers: { "x-api-key": key } });
  await answer.arrayBuffer();
  return answer.status;
}

/** A right key and a wrong one ask all the time. stop() ends with what they were told. */
function asking(t) {
  const told = { right: new Set(), wrong: new Set(), n: 0 };
  let going = true;
  const done = (async () => {
    for (; going; told.n++, await pause(5)) {
      told.right.add(await ask(steady));
      told.wrong.add(await ask(`${steady.slice(0, -1)}x`));
    }
  })();
  const stop = () => ((going = false), done.then(() => told));
  t.after(stop);
  return { stop };
}

function assertDecided({ right, wrong, n }) {
  assert.deepEqual([...right], [200]);
  assert.deepEqual([...wrong].filter((status) => status !== 401 && status !== 429), []);
  assert.ok(n > 10, `${n} requests`);
}

async function assertNothingLost() {
  for (const { id, key, state } of acknowledged) {
    assert.equal((await call("GET", `/v1/keys/${id}`)).json?.state, state, id);
    assert.equal(await ask(key), state === "active" ? 200 : 401, id);
  }
  await stack.keyward("audit", "verify");
}

async function createAndRevoke(name) {
  await create(name);
  const { id } = (await create(name)).json;
  assert.equal((await call("POST", `/v1/keys/${id}/revoke`)).status, 200);
  acknowledged.find((each) => each.id === id).state = "revoked";
}

test("X1_serve_killed_accepts_changes_within_a_second", async (t) => {
  const decisions = asking(t), took = [];
  for (let round = 0; round < ROUNDS; round++) {
    await createAndRevoke(`round ${round}`);
    const killed = serve();
    killed.kill("SIGKILL");
    await once(killed, "exit");
    took.push(await untilAccepted());
  }
  assertDecided(await decisions.stop());
  t.diagnostic(`accepting again took ${took.map(Math.round)} ms`);
  assert.ok(median(took) <= WITHIN_MS, `serving again took ${took.map(Math.round)} ms`);
  await assertNothingLost();
});

test("X4_an_fsync_that_fails_once_is_recovered_from_within_a_second", async (t) => {
  const decisions = asking(t), took = [], { pid } = serve();
  for (let round = 0; round < ROUNDS; round++) {
    await createAndRevoke(`disk ${round}`);
    fs.writeFileSync(`${failing}.once`, "");
    assert.equal((await create("not acknowledged")).status, 500);
    took.push(await untilAccepted());
  }
  assertDecided(await decisions.stop());
  t.diagnostic(`accepting again took ${took.map(Math.round)} ms`);
  assert.ok(median(took) <= WITHIN_MS, `accepting again took ${took.map(Math.round)} ms`);
  assert.equal(serve().pid, pid, "it goes on by itself");
  assert.match(log(), /opened anew and holds/);
  await assertNothingLost();
});

test("X4_a_revocation_whose_fsync_fails_is_in_force_and_saved_by_itself", async () => {
  const { id, secret } = (await create("to be revoked")).json;
  fs.writeFileSync(`${failing}.once`, "");
  const answer = await call("POST", `/v1/keys/${id}/revoke`);
  assert.equal(answer.status, 507, answer.text);
  assert.equal(await ask(secret), 401);
  acknowledged.find((each) => each.id === id).state = "revoked";
  await until(async () => (await call("GET", `/v1/keys/${id}`)).json?.state === "revoked");
  assert.equal(await ask(secret), 401);
  await assertNothingLost();
});

test("X4_a_disk_that_goes_on_failing_ends_serve_and_nothing_is_lost", async (t) => {
  const decisions = asking(t), first = serve();
  await createAndRevoke("dead disk"); /* so that there is a log to be emptied */
  fs.writeFileSync(failing, "");
  assert.equal((await create("not acknowledged")).status, 500);
  const [code] = first.exitCode === null ? await once(first, "exit") : [first.exitCode];
  assert.equal(code, 74, log().slice(-500));
  assert.match(log(), /the database failed and cannot be opened anew/);
  await until(() => serve().pid !== first.pid && serve().exitCode === 74); /* another start refuses too */
  fs.rmSync(failing);
  const took = await untilAccepted();
  assertDecided(await decisions.stop());
  assert.ok(took <= 2 * WITHIN_MS, `accepting again took ${Math.round(took)} ms`);
  await assertNothingLost();
});
