// sign_in.test.mjs - invited, signed in, with and without a second factor, and out again: over http.sock, as a browser does.
import assert from "node:assert/strict";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import { after, before, test } from "node:test";
import { assertInContract, contract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { Browser, codeOf, HOST, join, PASSWORD } from "../lib/people.mjs";

let k, owner;
before(async () => {
  k = await Installation.make();
  owner = await join(k, { email: "owner@shop.example", role: "owner" });
});
after(() => k.stop());

const alike = ({ status, headers, json }) => ({ status, type: headers["content-type"], ...json, requestId: undefined });

test("an invitation is used once, and looking at it changes nothing", async () => {
  const invited = await k.call("POST", "/v1/members", { email: "Anna@Shop.example", role: "developer", account: "main" });
  const link = invited.json.secret, browser = new Browser(k);
  assert.equal(invited.json.email, "anna@shop.example");
  for (let twice = 0; twice < 2; twice++) {
    const { json } = await browser.call("POST", "/v1/links/open", { link });
    assert.deepEqual([json.kind, json.email, json.account, json.role], ["invitation", "anna@shop.example", "main", "developer"]);
  }
  assertProblem(await browser.call("POST", "/v1/links/accept", { link, password: "short" }), 400, "weak_password", "password");
  const accepted = await browser.call("POST", "/v1/links/accept", { link, password: PASSWORD, name: "Anna" });
  assert.equal(accepted.status, 201);
  assertInContract("POST", "/v1/links/accept", accepted);
  assert.equal((await browser.call("GET", "/v1/session")).json.member.name, "Anna");
  for (const target of ["/v1/links/open", "/v1/links/accept"])
    assertProblem(await browser.call("POST", target, { link, ...(target.endsWith("open") ? {} : { password: PASSWORD }) }), 404, "link_dead");
});

test("F1_a_log_in_makes_a_new_cookie_and_the_old_one_is_never_valid", async () => {
  const browser = new Browser(k);
  browser.cookie = "a".repeat(43);
  assert.equal((await browser.signIn("owner@shop.example")).status, 201);
  assert.notEqual(browser.cookie, "a".repeat(43));
  const old = new Browser(k);
  old.cookie = "a".repeat(43);
  assertProblem(await old.call("GET", "/v1/session"), 401, "unauthenticated");
});

test("F1_a_session_that_the_browser_had_ends_when_somebody_signs_in_there", async () => {
  const planted = await join(k, { email: "planted@shop.example", role: "viewer" }), browser = new Browser(k);
  browser.cookie = planted.cookie;
  assert.equal((await browser.signIn(owner.email)).status, 201);
  assert.equal((await browser.call("GET", "/v1/session")).json.member.email, owner.email);
  assertProblem(await planted.call("GET", "/v1/session"), 401, "unauthenticated");
  const before = browser.cookie;
  assertProblem(await browser.signIn(owner.email, "not the right one at all"), 401, "sign_in_failed");
  assert.equal(browser.cookie, before);
  assert.equal((await browser.call("GET", "/v1/session")).status, 200, "a failed log-in ends nothing");
});

test("F3_a_cookie_is_dead_after_log_out_password_change_and_removal", async () => {
  const member = await join(k, { email: "leaver@shop.example", role: "viewer" });
  const other = new Browser(k), gone = new Browser(k);
  await other.signIn(member.email);
  gone.cookie = other.cookie;
  assert.equal((await other.call("DELETE", "/v1/session")).status, 200);
  assertProblem(await gone.call("GET", "/v1/session"), 401, "unauthenticated");

  await other.signIn(member.email);
  const before = member.cookie, fresh = `${PASSWORD} again`;
  const changed = await member.call("POST", "/v1/me/password", { currentPassword: PASSWORD, newPassword: fresh });
  assertInContract("POST", "/v1/me/password", changed);
  assert.equal(changed.status, 200, changed.text);
  assert.notEqual(member.cookie, before);
  assertProblem(await other.call("GET", "/v1/session"), 401, "unauthenticated");
  gone.cookie = before;
  assertProblem(await gone.call("GET", "/v1/session"), 401, "unauthenticated");
  assert.equal((await member.call("GET", "/v1/session")).status, 200);

  assert.equal((await owner.call("DELETE", `/v1/members/${member.id}`)).json.state, "removed");
  assertProblem(await member.call("GET", "/v1/session"), 401, "unauthenticated");
  assertProblem(await new Browser(k).signIn(member.email, fresh), 401, "sign_in_failed");
});

test("F3_a_call_whose_body_comes_after_the_removal_is_refused", async () => {
  const member = await join(k, { email: "slow@shop.example", role: "admin" });
  const body = JSON.stringify({ email: "late@shop.example", role: "viewer" });
  const socket = net.connect(member.socket), chunks = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.write(["POST /v1/members HTTP/1.1", `Host: ${HOST}`, `Origin: https://${HOST}`, `Cookie: __Host-keyward=${member.cookie}`,
    `X-CSRF-Token: ${member.csrf}`, "Content-Type: application/json", `Content-Length: ${body.length}`, "Connection: close", "", body.slice(0, 5)].join("\r\n"));
  await new Promise((resolve) => setTimeout(resolve, 300)); /* the headers have been read by then */
  assert.equal((await k.call("DELETE", `/v1/members/${member.id}`)).status, 200);
  socket.write(body.slice(5));
  await once(socket, "close");
  assert.match(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 401 /);
});

test("F3_a_call_whose_empty_body_ends_after_the_removal_is_refused", async () => {
  const member = await join(k, { email: "slow.empty@shop.example", role: "admin" }), other = await join(k, { email: "other.admin@shop.example", role: "admin" });
  const socket = net.connect(member.socket), chunks = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.write([`POST /v1/members/${other.id}/link HTTP/1.1`, `Host: ${HOST}`, `Origin: https://${HOST}`, `Cookie: __Host-keyward=${member.cookie}`,
    `X-CSRF-Token: ${member.csrf}`, "Transfer-Encoding: chunked", "Connection: close", "", ""].join("\r\n"));
  await new Promise((resolve) => setTimeout(resolve, 300)); /* the headers have been read by then */
  assert.equal((await k.call("DELETE", `/v1/members/${member.id}`)).status, 200);
  socket.write("0\r\n\r\n");
  await once(socket, "close");
  assert.match(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 401 /);
});

test("F3_a_new_password_by_a_link_and_a_new_factor_end_all_sessions", async () => {
  const member = await join(k, { email: "resetter@shop.example", role: "viewer" });
  const { json: link } = await k.call("POST", `/v1/members/${member.id}/link`);
  const elsewhere = new Browser(k), fresh = `${PASSWORD} anew`;
  assert.equal((await elsewhere.call("POST", "/v1/links/accept", { link: link.secret, password: fresh })).status, 201);
  assertProblem(await member.call("GET", "/v1/session"), 401, "unauthenticated");
  await member.signIn(member.email, fresh);
  await member.setUpTotp();
  assertProblem(await elsewhere.call("GET", "/v1/session"), 401, "unauthenticated");
  assert.equal((await member.call("GET", "/v1/session")).status, 200);

  const { json: again } = await k.call("POST", `/v1/members/${member.id}/link`);
  const answer = await elsewhere.call("POST", "/v1/links/accept", { link: again.secret, password: PASSWORD });
  assert.deepEqual([answer.status, answer.json.next], [202, "totp"], "a link takes the place of the password, not of the second factor");
  assertProblem(await member.call("GET", "/v1/session"), 401, "unauthenticated");
});

test("F5_what_another_site_sends_is_refused", async () => {
  const body = { email: "x@shop.example", role: "viewer" };
  const rows = [{ origin: "https://evil.example", "sec-fetch-site": "cross-site" }, { origin: undefined }, { origin: "null" },
    { origin: undefined, "sec-fetch-site": undefined }, { origin: `http://${HOST}` }, { "sec-fetch-site": "same-site" }];
  for (const headers of rows) assertProblem(await owner.call("POST", "/v1/members", body, headers), 403, "cross_site");
  for (const token of [undefined, "", "x".repeat(43)])
    assertProblem(await owner.call("POST", "/v1/members", body, { "x-csrf-token": token }), 403, "csrf_token");
  assertProblem(await owner.call("GET", "/v1/session", undefined, { "sec-fetch-site": "cross-site" }), 403, "cross_site");
  assertProblem(await new Browser(k).call("POST", "/v1/session", { email: owner.email, password: PASSWORD },
    { origin: "https://evil.example", "sec-fetch-site": "cross-site" }), 403, "cross_site");
});

test("F5_no_GET_changes_anything", async () => {
  for (const [target, methods] of Object.entries(contract.paths).filter(([, methods]) => methods.get === undefined)) {
    const answer = await owner.call("GET", target.replace("{id}", owner.id));
    assertProblem(answer, 405, "method_not_allowed");
    assert.equal(answer.headers.allow, Object.keys(methods).map((method) => method.toUpperCase()).join(", "));
  }
});

test("F10_the_unknown_the_wrong_and_the_locked_are_answered_alike", async () => {
  const member = await join(k, { email: "target@shop.example", role: "viewer" });
  const browser = new Browser(k, { source: "198.51.100.9" });
  const unknown = alike(await browser.signIn("nobody@shop.example"));
  const wrong = [];
  for (let i = 0; i < 6; i++) wrong.push(alike(await browser.signIn(member.email, "not the right one at all")));
  const locked = alike(await browser.signIn(member.email));
  for (const answer of [...wrong, locked]) assert.deepEqual(answer, unknown);
  assert.equal(unknown.code, "sign_in_failed");
  assert.equal((await new Browser(k, { source: "198.51.100.10" }).signIn(member.email)).status, 201, "another place is not locked");
});

/** How many hundredths of a second of a processor the program has used (proc(5)): other than the time, that of the program
 *  alone, however busy the machine is. */
function ticksUsed() {
  const fields = fs.readFileSync(`/proc/${k.child.pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

test("F10_each_of_them_costs_the_work_of_one_hash", async (t) => {
  const wrong = "not the right one at all", member = await join(k, { email: "timed@shop.example", role: "viewer" });
  assert.equal((await k.call("POST", "/v1/members", { email: "invited@shop.example", role: "viewer", account: "main" })).status, 201);
  const locked = new Browser(k, { source: "198.51.102.1" });
  for (let i = 0; i < 5; i++) await locked.signIn(member.email, wrong);
  const kinds = { wrong: [member.email], unknown: ["nobody@shop.example"], invited: ["invited@shop.example"], locked: [member.email, locked] };
  const used = {};
  for (const [kind, [email, same]] of Object.entries(kinds)) {
    const before = ticksUsed();
    for (let i = 0; i < 16; i++)
      assertProblem(await (same ?? new Browser(k, { source: `198.51.102.${10 + i}` })).signIn(email, kind === "locked" ? PASSWORD : wrong), 401, "sign_in_failed");
    used[kind] = ticksUsed() - before;
  }
  t.diagnostic(`hundredths of a second of 16 each: ${JSON.stringify(used)}`);
  const all = Object.values(used);
  assert.ok(Math.min(...all) >= 8 && Math.max(...all) < 2 * Math.min(...all), "none of them is spared it");
});

test("F10_a_source_that_is_past_its_fifty_has_no_more_work_done_for_it", async () => {
  const wrong = "not the right one at all", member = await join(k, { email: "worked@shop.example", role: "viewer" });
  const browser = new Browser(k, { source: "198.51.103.1" });
  for (let n = 0; n < 50; n += 10) await Promise.all(Array.from({ length: 10 }, () => browser.signIn(member.email, wrong)));
  const before = ticksUsed();
  const answers = await Promise.all(Array.from({ length: 64 }, (_, n) => browser.signIn(n % 2 ? member.email : "nobody@shop.example", wrong)));
  const used = ticksUsed() - before;
  for (const answer of answers) assertProblem(answer, 401, "sign_in_failed");
  assert.ok(used < 50, `${used} hundredths of a second`);
  assert.equal((await new Browser(k, { source: "198.51.103.2" }).signIn(member.email)).status, 201, "another place is not locked");
});

test("F11_a_code_is_good_once_and_five_wrong_ones_end_the_log_in", async () => {
  const member = await join(k, { email: "careful@shop.example", role: "admin" });
  const { secret, codes, step } = await member.setUpTotp();
  assert.equal(codes.length, 10);

  const browser = new Browser(k, { source: "198.51.100.20" });
  const half = await browser.signIn(member.email);
  assertInContract("POST", "/v1/session", half);
  assert.deepEqual([half.status, half.json.next], [202, "totp"]);
  assert.equal(browser.cookie, undefined);
  const next = codeOf(secret, 1, step);
  for (const used of [codeOf(secret, 0, step), codeOf(secret, -1, step)]) /* that one, and what lies before it */
    assertProblem(await browser.call("POST", "/v1/session/totp", { ticket: half.json.ticket, code: used }), 401, "code_refused");
  const done = await browser.call("POST", "/v1/session/totp", { ticket: half.json.ticket, code: next });
  assertInContract("POST", "/v1/session/totp", done);
  assert.equal(done.status, 201, done.text);
  assertProblem(await browser.call("POST", "/v1/session/totp", { ticket: half.json.ticket, code: next }), 401, "code_refused");
  const twice = await browser.signIn(member.email);
  assertProblem(await browser.call("POST", "/v1/session/totp", { ticket: twice.json.ticket, code: next }), 401, "code_refused");

  const guesser = new Browser(k, { source: "198.51.100.21" });
  const { json } = await guesser.signIn(member.email);
  for (let i = 0; i < 5; i++) assertProblem(await guesser.call("POST", "/v1/session/totp", { ticket: json.ticket, code: "000000" }), 401, "code_refused");
  assertProblem(await guesser.call("POST", "/v1/session/totp", { ticket: json.ticket, recoveryCode: codes[0] }), 401, "code_refused");

  const lost = new Browser(k, { source: "198.51.100.22" });
  const again = await lost.signIn(member.email);
  const back = await lost.call("POST", "/v1/session/totp", { ticket: again.json.ticket, recoveryCode: codes[0].toUpperCase() });
  assert.equal(back.status, 201, back.text);
  assert.equal(back.json.member.recoveryCodes, 9);
  const { json: changes } = await k.call("GET", "/v1/events?kind=change&limit=1");
  assert.equal(changes.events[0].actor, `member:${member.id}`);
  const third = await new Browser(k, { source: "198.51.100.23" }).signIn(member.email);
  assertProblem(await lost.call("POST", "/v1/session/totp", { ticket: third.json.ticket, recoveryCode: codes[0] }, { cookie: undefined }), 401, "code_refused");
});

test("a_new_password_takes_the_present_one", async () => {
  const member = await join(k, { email: "changer@shop.example", role: "viewer" }), newPassword = `${PASSWORD} again`;
  const change = (currentPassword) => member.call("POST", "/v1/me/password", { currentPassword, newPassword });
  assertProblem(await member.call("POST", "/v1/me/password", { newPassword }), 400, "missing", "currentPassword");
  for (let i = 0; i < 5; i++) assertProblem(await change("not the right one at all"), 400, "wrong_password", "currentPassword");
  assertProblem(await change(PASSWORD), 401, "unauthenticated");
  assert.equal((await new Browser(k, { source: "198.51.100.70" }).signIn(member.email)).status, 201, "nothing was changed");
});

test("F11_five_wrong_codes_for_a_fresh_proof_end_the_session_from_wherever_they_come", async () => {
  const member = await join(k, { email: "guessed@shop.example", role: "viewer" });
  await member.setUpTotp();
  for (let i = 0; i < 5; i++) {
    assert.equal((await member.call("GET", "/v1/session")).status, 200);
    assertProblem(await member.call("POST", "/v1/session/step-up", { code: "abcdef" }, { "x-real-ip": `198.51.100.${i}` }), 403, "code_refused");
  }
  assertProblem(await member.call("GET", "/v1/session"), 401, "unauthenticated");
});

test("nobody_can_sign_in_to_a_new_installation", async () => {
  const fresh = await Installation.make();
  try {
    const { json } = await fresh.call("GET", "/v1/members");
    assert.deepEqual(json.members.filter(({ state }) => state === "active"), []);
    for (const email of ["root", "admin", "admin@localhost", "keyward"])
      assertProblem(await new Browser(fresh).signIn(email, email), 401, "sign_in_failed");
  } finally {
    await fresh.stop();
  }
});

test("a_password_alone_is_no_fresh_proof_for_who_has_a_second_factor", async () => {
  const member = await join(k, { email: "two.factors@shop.example", role: "admin" });
  await member.setUpTotp();
  const until = async () => (await member.call("GET", "/v1/session")).json.steppedUpUntil, first = await until();
  assert.ok(Date.parse(first) > Date.now());
  await new Promise((resolve) => setTimeout(resolve, 1100)); /* moments are whole seconds */
  assert.equal((await member.call("POST", "/v1/me/password", { currentPassword: PASSWORD, newPassword: `${PASSWORD} again` })).status, 200);
  assert.equal(await until(), first);
});

test("sessions are listed with place and device, and ended one by one", async () => {
  const member = await join(k, { email: "two@shop.example", role: "viewer", agent: "Chrome" });
  const other = new Browser(k, { source: "2001:db8::7", agent: "Safari" });
  await other.signIn(member.email);
  const listed = await member.call("GET", "/v1/sessions");
  assertInContract("GET", "/v1/sessions", listed);
  assert.deepEqual(listed.json.sessions.map(({ source, agent, current }) => [source, agent, current]).sort(),
    [["2001:db8::7", "Safari", false], ["203.0.113.7", "Chrome", true]]);
  const { id } = listed.json.sessions.find(({ current }) => !current);
  assertProblem(await owner.call("DELETE", `/v1/sessions/${id}`), 404, "not_found");
  assert.equal((await member.call("DELETE", `/v1/sessions/${id}`)).status, 200);
  assertProblem(await other.call("GET", "/v1/session"), 401, "unauthenticated");
});

test("a session says where the call came from that asks about it, wherever it began", async () => {
  const browser = await join(k, { email: "moving@shop.example", role: "viewer", source: "198.51.100.77" });
  const here = async (source) => (await browser.call("GET", "/v1/session", undefined, { "x-real-ip": source })).json.source;
  assert.equal((await browser.signIn("moving@shop.example")).json.source, "198.51.100.77");
  assert.equal(await here("2001:db8::7"), "2001:db8::7");
  assert.equal(await here("::ffff:203.0.113.9"), "203.0.113.9");
  for (const nowhere of [undefined, "unix:", "localhost"]) assert.equal(await here(nowhere), null, nowhere);
});

test("log-ins, failed ones too, are on the record", async () => {
  const browser = new Browser(k, { source: "192.0.2.77" });
  await browser.signIn("stranger@shop.example", "whatever it may be");
  await browser.signIn(owner.email);
  const { json } = await k.call("GET", "/v1/events?kind=sign_in&source=192.0.2.77");
  assert.deepEqual(json.events.map(({ what, why, email }) => [what, why, email]),
    [["signed_in", undefined, owner.email], ["sign_in_failed", "unknown_email", "stranger@shop.example"]]);
});

test("F11_codes_that_come_at_once_sign_one_in", async () => {
  const member = await join(k, { email: "at.once@shop.example", role: "admin" });
  const { secret, step } = await member.setUpTotp(), code = codeOf(secret, 1, step);
  const browsers = Array.from({ length: 4 }, (_, i) => new Browser(k, { source: `198.51.100.${30 + i}` }));
  const tickets = await Promise.all(browsers.map(async (browser) => (await browser.signIn(member.email)).json.ticket));
  const answers = await Promise.all(browsers.map((browser, i) => browser.call("POST", "/v1/session/totp", { ticket: tickets[i], code })));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 401, 401, 401]);
});

test("F10_strangers_lock_no_owner_out_of_a_place_that_he_knows", async () => {
  const member = await join(k, { email: "known@shop.example", role: "owner" });
  const { secret, step } = await member.setUpTotp(), home = new Browser(k, { source: member.from["x-real-ip"] });
  const guess = (n) => new Browser(k, { source: `198.51.101.${n % 25}` }).signIn(member.email, "not the right one at all");
  for (let n = 0; n < 100; n += 10) await Promise.all(Array.from({ length: 10 }, (_, i) => guess(n + i)));
  assertProblem(await new Browser(k, { source: "198.51.101.99" }).signIn(member.email), 401, "sign_in_failed");

  const { json, status, text } = await home.signIn(member.email);
  assert.equal(status, 202, text);
  const done = await home.call("POST", "/v1/session/totp", { ticket: json.ticket, code: codeOf(secret, 1, step) });
  assert.equal(done.status, 201, done.text);
  const { json: events } = await k.call("GET", "/v1/events?kind=sign_in&limit=1000");
  assert.deepEqual(events.events.filter(({ email, why }) => email === member.email && why === "locked").map(({ source }) => source), ["198.51.101.99"]);
  const other = new Browser(k, { source: "198.51.100.66" });
  other.cookie = home.cookie;
  other.csrf = home.csrf;
  assertProblem(await other.call("POST", "/v1/session/step-up", { code: "000000" }), 403, "code_refused");
  const locked = (await k.call("GET", "/v1/events?kind=sign_in&source=198.51.100.66")).json.events.map(({ why }) => why);
  assert.deepEqual(locked, ["wrong_code"], "whoever is signed in is judged, not locked");
});
