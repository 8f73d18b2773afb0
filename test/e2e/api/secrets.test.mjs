// secrets.test.mjs - what people sign in with is in nothing that the program writes: the log, the record, the database, and
// the answers that others get.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { Installation } from "../lib/installation.mjs";
import { Browser, codeOf, fromBase32, join, PASSWORD } from "../lib/people.mjs";

const WRONG = "a wrong one that nobody is to read anywhere";
let k, secrets;
before(async () => {
  k = await Installation.make();
  secrets = await everythingOf(await join(k, { email: "anna@shop.example", role: "owner" }));
});
after(() => k.stop());

/** All that a member's browser is given or sends in a life: name → bytes. */
async function everythingOf(member) {
  const { secret, codes, step } = await member.setUpTotp(), browser = new Browser(k);
  const { json: half } = await browser.signIn(member.email);
  assert.equal((await browser.call("POST", "/v1/session/totp", { ticket: half.ticket, code: codeOf(secret, 1, step) })).status, 201);
  const { json: token } = await browser.call("POST", "/v1/management-tokens", { name: "x", scopes: ["keys:read"], expires: "90d" });
  const { json: link } = await browser.call("POST", `/v1/members/${member.id}/link`);
  await browser.signIn(member.email, WRONG);
  await browser.call("POST", "/v1/session", { email: PASSWORD, password: "the password in the wrong field" });
  await new Browser(k).call("POST", "/v1/session/totp", { ticket: half.ticket, recoveryCode: codes[0] });
  await new Browser(k).call("POST", "/v1/links/open", { link: link.secret });
  return { password: PASSWORD, wrong: WRONG, cookie: browser.cookie, csrf: browser.csrf, ticket: half.ticket, code: codes[0],
    token: token.secret, link: link.secret, totp: secret, "bytes of the totp": fromBase32(secret) };
}

async function* filesBelow(folder) {
  for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(at);
    else if (entry.isFile()) yield at;
  }
}

function assertNone(bytes, where) {
  for (const [name, secret] of Object.entries(secrets)) assert.ok(!bytes.includes(secret), `the ${name} is in ${where}`);
}

test("no_secret_of_a_member_is_in_a_file", async () => {
  assert.equal((await k.call("POST", "/v1/drain")).status, 200);
  let n = 0;
  for await (const file of filesBelow(k.dir)) {
    assertNone(await fs.readFile(file), file);
    n++;
  }
  assert.ok(n > 5, `${n} files`);
  assertNone(Buffer.from(k.log), "the log");
});

test("no_secret_of_a_member_is_in_an_answer_to_others", async () => {
  const operator = await join(k, { email: "operator@shop.example", role: "owner", operator: true });
  for (const target of ["/v1/members", "/v1/management-tokens", "/v1/events?limit=1000", "/v1/sessions", "/metrics"]) {
    const answer = await operator.call("GET", target);
    assert.equal(answer.status, 200, answer.text);
    assertNone(Buffer.from(answer.text), target);
  }
});
