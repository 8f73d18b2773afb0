// first_run.test.mjs - the first owner of an installation: with the link that init tells, once, in time; and back in from the host.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { build } from "../lib/nginx.mjs";
import { Browser, HOST, PASSWORD } from "../lib/people.mjs";

const UNDONE = /nobody has set this installation up yet: .* `keyward members link ([0-9A-Za-z]{14})` makes a new one/;
const EMAIL = "first@shop.example";
let k, browser;
before(async () => {
  k = await Installation.make({ publicUrl: `https://${HOST}` });
  browser = new Browser(k);
});
after(() => k.stop());

const accept = (link, more = {}) => browser.call("POST", "/v1/links/accept", { link, password: PASSWORD, email: EMAIL, name: "First", ...more });
const restart = async () => {
  await k.end();
  k.log = "";
  await k.serve();
};

test("serve says at its start that nobody is there yet, and how that is mended, without the link", () => {
  const [, id] = UNDONE.exec(k.log);
  assert.equal(id, k.setup.link.slice(0, 14));
  assert.ok(!k.log.includes(k.setup.link.slice(15)));
});

test("the first member is an owner and operator of the first account, invited, without an address", async () => {
  const { members } = (await k.call("GET", "/v1/members")).json;
  assert.equal(members.length, 1);
  const { account, role, operator, state, email, link, linkEndsAt } = members[0];
  assert.deepEqual({ account, role, operator, state, email, link, linkEndsAt },
    { account: "main", role: "owner", operator: true, state: "invited", email: "", link: "setup", linkEndsAt: k.setup.endsAt });
});

test("the set-up link is looked at as often as one likes, and takes an address and a good password", async () => {
  assert.equal(k.setup.url, `https://${HOST}/accept#${k.setup.link}`);
  for (let i = 0; i < 3; i++) {
    const { json } = await browser.call("POST", "/v1/links/open", { link: k.setup.link });
    assert.deepEqual([json.kind, json.email, json.account, json.role], ["setup", "", "main", "owner"]);
  }
  assertProblem(await accept(k.setup.link, { email: undefined }), 400, "missing", "email");
  assertProblem(await accept(k.setup.link, { email: "no address" }), 400, "syntax", "email");
  assertProblem(await accept(k.setup.link, { password: "fourteen chars" }), 400, "weak_password", "password");
});

test("a newer link from the host voids the one before, and is an address too", async () => {
  const [{ id }] = (await k.call("GET", "/v1/members")).json.members;
  const answer = await k.call("POST", `/v1/members/${id}/link`);
  assertInContract("POST", "/v1/members/{id}/link", answer);
  assert.equal(answer.json.link, "setup");
  assert.equal(answer.json.url, `https://${HOST}/accept#${answer.json.secret}`);
  assertProblem(await accept(k.setup.link), 404, "link_dead");
  k.setup.link = answer.json.secret;
});

test("whoever uses it is signed in as the first owner, and nobody uses it again", async () => {
  const answer = await accept(k.setup.link);
  assertInContract("POST", "/v1/links/accept", answer);
  assert.equal(answer.status, 201, answer.text);
  const { member, scopes } = (await browser.call("GET", "/v1/session")).json;
  assert.deepEqual([member.email, member.name, member.role, member.operator], [EMAIL, "First", "owner", true]);
  assert.ok(scopes.includes("operate"));
  assertProblem(await accept(k.setup.link, { email: "second@shop.example" }), 404, "link_dead");
  assertProblem(await browser.call("POST", "/v1/links/open", { link: k.setup.link }), 404, "link_dead");
  await restart();
  assert.doesNotMatch(k.log, UNDONE);
  assert.equal((await browser.signIn(EMAIL)).status, 201);
});

test("a link that nobody used in seven days is over, and serve says so", async (t) => {
  const env = { LD_PRELOAD: path.join(build, "test/e2e/tools/shifted_clock.so") }, shift = path.join(k.folder, "shift");
  await fs.writeFile(shift, `-${7 * 86_400 + 60}`);
  const late = await Installation.make({ env: { ...env, SHIFTED_CLOCK: shift } });
  t.after(() => late.stop());
  const visitor = new Browser(late);
  assertProblem(await visitor.call("POST", "/v1/links/open", { link: late.setup.link }), 404, "link_dead");
  const body = { link: late.setup.link, password: PASSWORD, email: EMAIL };
  assertProblem(await visitor.call("POST", "/v1/links/accept", body), 404, "link_dead");
  assert.match(late.log, UNDONE);
  assert.match(late.log, /printed ended at /);
});

test("whoever forgot the password gets back in by a link from the host", async () => {
  const [{ id }] = (await k.call("GET", "/v1/members")).json.members;
  const { json } = await k.call("POST", `/v1/members/${id}/link`);
  assert.deepEqual([json.link, json.url], ["reset", `https://${HOST}/accept#${json.secret}`]);
  const password = `${PASSWORD} anew`;
  assert.equal((await browser.call("POST", "/v1/links/accept", { link: json.secret, password })).status, 201);
  assertProblem(await browser.signIn(EMAIL), 401, "sign_in_failed");
  assert.equal((await browser.signIn(EMAIL, password)).status, 201);
});
