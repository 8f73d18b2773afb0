// times.test.mjs - how long a proof, a session, a ticket and a link are good for, by a clock that the test sets and the program
// is told to believe.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { build } from "../lib/nginx.mjs";
import { Browser, codeOf, join, PASSWORD, stepNow } from "../lib/people.mjs";

const MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR, SEEN_MS = 400;
let k, file, ahead = 0;
before(async () => {
  k = await Installation.make({ serve: false });
  file = path.join(k.folder, "shift");
  k.env = { LD_PRELOAD: path.join(build, "test/e2e/tools/shifted_clock.so"), SHIFTED_CLOCK: file };
  await k.serve();
});
after(() => k.stop());

/** So many seconds pass for the program. */
async function pass(seconds) {
  fs.writeFileSync(file, `+${(ahead += seconds)}`);
  await new Promise((resolve) => setTimeout(resolve, SEEN_MS));
  assert.equal((await k.call("POST", "/v1/clock/accept")).status, 200);
}

const step = () => stepNow() + Math.floor(ahead / 30);
const invitation = (n) => ({ email: `new${n}@shop.example`, role: "viewer" });
const fails = async (browser, call, code) => assertProblem(await browser.call(...call), 403, code);

test("what_makes_a_way_in_takes_a_proof_of_the_last_five_minutes", async () => {
  const plain = await join(k, { email: "plain@shop.example", role: "admin" }), careful = await join(k, { email: "careful@shop.example", role: "admin" });
  const { secret } = await careful.setUpTotp();
  const waysIn = (by) => [["POST", "/v1/me/totp"], ["POST", `/v1/members/${by.id}/link`], ["POST", "/v1/members", invitation(1)]];
  assert.equal((await plain.call("POST", `/v1/members/${careful.id}/link`)).status, 200);
  await pass(5 * MINUTE);
  for (const call of waysIn(plain)) await fails(plain, call, "sign_in_again");
  await fails(plain, ["POST", "/v1/management-tokens", { name: "x", scopes: ["members:write"], expires: "90d" }], "sign_in_again");
  for (const call of [...waysIn(careful), ["POST", "/v1/me/recovery-codes"]]) await fails(careful, call, "step_up_required");
  await fails(careful, ["POST", "/v1/keys", { name: "x", environment: "production", permissions: ["transactions"] }], "step_up_required");

  assert.equal((await plain.signIn(plain.email)).status, 201);
  const old = careful.cookie, proved = await careful.call("POST", "/v1/session/step-up", { code: codeOf(secret, 0, step()) });
  assert.equal(proved.status, 200, proved.text);
  const stale = new Browser(k);
  stale.cookie = old;
  assertProblem(await stale.call("GET", "/v1/session"), 401, "unauthenticated");
  for (const by of [plain, careful])
    for (const [method, target, body] of waysIn(by).slice(0, 2)) assert.equal((await by.call(method, target, body)).status, 200);
  assert.equal((await careful.call("POST", "/v1/members", invitation(2))).status, 201);
});

test("what_lets_somebody_do_more_or_anything_less_takes_a_fresh_proof_too", async () => {
  const owner = await join(k, { email: "stale@shop.example", role: "owner" }), runner = await join(k, { email: "runner@shop.example", role: "owner", operator: true });
  const { id: raised } = await join(k, { email: "raised@shop.example", role: "viewer" });
  const { json: key } = await k.call("POST", "/v1/keys", { account: "main", name: "strong", environment: "production", permissions: ["full_access"] });
  const change = (id, body) => ["PATCH", `/v1/members/${id}`, body, { "if-match": '"2"' }];
  const enable = ["POST", `/v1/keys/${key.id}/enable`], loosen = ["PATCH", `/v1/keys/${key.id}`, { rate: "none" }, { "if-match": '"2"' }];
  assert.equal((await k.call("POST", `/v1/keys/${key.id}/disable`)).status, 200);
  await pass(5 * MINUTE);
  for (const call of [change(raised, { role: "owner" }), ["DELETE", `/v1/members/${raised}`]]) await fails(owner, call, "sign_in_again");
  const rotate = (rotationDays) => ["PATCH", `/v1/keys/${key.id}`, { rotationDays }, { "if-match": '"2"' }];
  for (const call of [enable, loosen, rotate(91), rotate(0)]) await fails(owner, call, "step_up_required");
  for (const call of [change(raised, { operator: true }), ["PUT", "/v1/policy", { public: ["GET /wallet/**"] }], ["POST", "/v1/clock/accept"]])
    await fails(runner, call, "step_up_required");
  assert.equal((await owner.call(...change(raised, { name: "No more than he was" }))).status, 200);
  assert.equal((await owner.call("PATCH", `/v1/keys/${key.id}`, { rate: "1/min", rotationDays: 30 }, { "if-match": '"2"' })).status, 200, "less is always possible");
  assert.equal((await owner.call("POST", `/v1/keys/${key.id}/revoke`)).status, 200);
});

test("a_session_ends_a_quarter_of_an_hour_after_it_was_last_used", async () => {
  const used = await join(k, { email: "used@shop.example", role: "viewer" }), left = new Browser(k);
  await left.signIn(used.email);
  await pass(10 * MINUTE);
  assert.equal((await used.call("GET", "/v1/session")).status, 200);
  await pass(10 * MINUTE);
  assert.equal((await used.call("GET", "/v1/sessions")).json.sessions.length, 1);
  assertProblem(await left.call("GET", "/v1/session"), 401, "unauthenticated");
});

test("a_log_in_waits_five_minutes_for_its_code", async () => {
  const member = await join(k, { email: "waits@shop.example", role: "viewer" }), { secret } = await member.setUpTotp(step());
  const { json } = await new Browser(k).signIn(member.email);
  await pass(5 * MINUTE);
  const send = (ticket) => new Browser(k).call("POST", "/v1/session/totp", { ticket, code: codeOf(secret, 0, step()) });
  assertProblem(await send(json.ticket), 401, "code_refused");
  assert.equal((await send((await new Browser(k).signIn(member.email)).json.ticket)).status, 201);
});

test("a_link_for_a_password_is_good_for_an_hour_and_an_invitation_for_seven_days", async () => {
  const member = await join(k, { email: "link@shop.example", role: "viewer" });
  const { json: reset } = await k.call("POST", `/v1/members/${member.id}/link`);
  const { json: invited } = await k.call("POST", "/v1/members", { ...invitation(3), account: "main" });
  const open = (link) => new Browser(k).call("POST", "/v1/links/open", { link }), accept = (link) => new Browser(k).call("POST", "/v1/links/accept", { link, password: PASSWORD });
  for (const link of [reset.secret, invited.secret]) assert.equal((await open(link)).status, 200);
  await pass(HOUR);
  for (const use of [open, accept]) assertProblem(await use(reset.secret), 404, "link_dead");
  assert.equal((await open(invited.secret)).status, 200);
  await pass(7 * DAY - HOUR);
  for (const use of [open, accept]) assertProblem(await use(invited.secret), 404, "link_dead");
});
