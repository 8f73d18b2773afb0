// slow_calls.test.mjs - calls that another thread works on: who asks may lose meanwhile what he had when he asked.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { Browser, join } from "../lib/people.mjs";

let k;
before(async () => {
  k = await Installation.make();
  await k.ok("accounts", "create", "shop");
  await k.createKey("--name", "theirs", "--account", "shop", "--environment", "sandbox");
});
after(() => k.stop());

/** A day of the record whose index is a pipe: whoever searches all of it waits there until the pipe is written to. Lets him go on. */
async function holdSearches() {
  const day = path.join(k.dir, "state/audit/2001-01-01");
  await fs.writeFile(`${day}.seg`, "");
  assert.equal(spawnSync("mkfifo", [`${day}.idx`]).status, 0);
  return async () => {
    await (await fs.open(`${day}.idx`, "w")).close();
    await fs.rm(`${day}.idx`);
    await fs.rm(`${day}.seg`);
  };
}

async function until(is) {
  for (let tries = 0; tries < 400; tries++) {
    if (await is()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.fail("it never came to it");
}

test("E7_who_sees_less_when_the_answer_is_there_does_not_get_it", async () => {
  const maker = await join(k, { email: "was.operator@main.example", role: "owner", operator: true });
  const made = await maker.call("POST", "/v1/management-tokens", { name: "all", scopes: ["events:read"], expires: "90d" });
  assert.equal(made.status, 201, made.text);
  const program = new Browser(k), ask = () => program.call("GET", "/v1/events?from=2000-01-01", undefined, { authorization: `Bearer ${made.json.secret}` });
  const letGo = await holdSearches();
  const asked = ask();
  await until(async () => (await k.call("GET", "/v1/management-tokens")).json.tokens.some(({ lastUsedAt }) => lastUsedAt !== null));
  const { headers } = await k.call("GET", `/v1/members/${maker.id}`);
  const demoted = await k.call("PATCH", `/v1/members/${maker.id}`, { operator: false }, { "if-match": headers.etag });
  assert.equal(demoted.json.operator, false, demoted.text);
  await letGo();
  const answer = await asked;
  assertProblem(answer, 503, "unavailable");
  assertInContract("GET", "/v1/events", answer);
  const again = await ask();
  assert.equal(again.status, 200, again.text);
  assert.ok(!again.text.includes("theirs"), "another account's");
});
