// tokens.test.mjs - tokens when the disk refuses, no decision can be made, or the key is overdue: what ends them ends them, and what is
// told of them is what is in force.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { until } from "../lib/check.mjs";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { build } from "../lib/nginx.mjs";
import { tokenClient } from "../lib/tokens.mjs";

const DAY_S = 86_400;
let k, client, clock, failing, run;
before(async () => {
  k = await Installation.make({ serve: false });
  [clock, failing, run] = [path.join(k.folder, "shift"), path.join(k.folder, "failing"), path.join(k.dir, "run")];
  const tools = ["shifted_clock", "failing_sync"].map((name) => path.join(build, `test/e2e/tools/${name}.so`));
  k.env = { LD_PRELOAD: tools.join(":"), SHIFTED_CLOCK: clock, FAILING_SYNC: failing };
  await k.serve();
  client = tokenClient(k);
});
after(() => k.stop());

async function make(...more) {
  const { id, secret } = await k.createKey("--name", "exchanged", "--environment", "sandbox", "--permission", "transactions", ...more);
  return { id, key: secret };
}

async function introspect({ accessToken }) {
  const answer = await k.call("POST", "/v1/tokens/introspect", { token: accessToken });
  assertInContract("POST", "/v1/tokens/introspect", answer);
  return answer.json;
}

const endAll = async ({ id }) => {
  const answer = await k.call("POST", `/v1/keys/${id}/tokens/end`);
  assertInContract("POST", "/v1/keys/{id}/tokens/end", answer);
  return answer;
};

test("X4_all_tokens_of_a_key_end_though_one_could_not_be_saved", async () => {
  const key = await make(), pairs = [];
  for (let i = 0; i < 3; i++) pairs.push(await client.pair(key));
  fs.writeFileSync(`${failing}.once`, "");
  assertProblem(await endAll(key), 507, "unsaved");
  for (const pair of pairs) assert.deepEqual(await introspect(pair), { active: false });
  await until(async () => (await endAll(key)).status === 200);
  for (const pair of pairs) assertProblem(await client.refresh(pair.refreshToken), 401, "token_ended");
});

/** As long as no keyring can be made, nothing can be decided by who has none yet. */
async function withoutDecisions(work) {
  await k.end();
  await k.serve();
  fs.mkdirSync(path.join(run, "keyring.new"));
  fs.rmSync(path.join(run, "keyring"));
  try {
    return await work();
  } finally {
    fs.rmdirSync(path.join(run, "keyring.new"));
    await until(() => fs.existsSync(path.join(run, "keyring")));
  }
}

test("a_token_is_given_up_though_nothing_can_be_decided", async () => {
  const key = await make(), first = await client.pair(key), second = await client.pair(key);
  const { json: next } = await client.refresh(second.refreshToken);
  const answers = await withoutDecisions(async () => {
    assert.equal((await client.exchange(key)).status, 503);
    return [await client.revoke(first.accessToken), await client.revoke(second.refreshToken)];
  });
  assert.deepEqual(answers.map(({ status }) => status), [200, 200], JSON.stringify(answers));
  for (const pair of [first, next]) assert.deepEqual(await introspect(pair), { active: false });
  await until(async () => (await client.exchange(key)).status === 200);
});

/** Goes so many seconds from now on, and accepts that. */
async function goTo(seconds) {
  fs.writeFileSync(clock, `+${seconds}`);
  await until(async () => (await k.run("clock", "show")).code === 1);
  await k.ok("clock", "accept");
}

test("a_token_of_a_key_that_is_overdue_is_introspected_as_one_that_only_reads", async () => {
  const keys = [];
  for (const onOverdue of ["read_only", "alert"]) keys.push(await make("--rotation-days", "1", "--on-overdue", onOverdue));
  await goTo(DAY_S - 600);
  const pairs = [];
  for (const key of keys) pairs.push(await client.pair(key, { expiresIn: 3600 }));
  const scopes = async () => Promise.all(pairs.map(async (pair) => (await introspect(pair)).scope));
  assert.deepEqual(await scopes(), ["transactions", "transactions"]);
  await goTo(DAY_S + 600);
  assert.deepEqual(await scopes(), ["read_only", "transactions"]);
});
