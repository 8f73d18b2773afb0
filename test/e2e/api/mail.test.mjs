// mail.test.mjs - links by mail: to whom they are for and nobody else, encrypted, again when the mail server was away; and what
// strangers learn when they ask for one, which is nothing.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import { after, before, test } from "node:test";
import { until } from "../lib/check.mjs";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { certificateFor, Mailbox } from "../lib/mailbox.mjs";
import { Browser, codeOf, HOST, join, PASSWORD } from "../lib/people.mjs";

const FROM = "keyward@shop.example", LINK = new RegExp(`^https://${HOST}/accept#([0-9A-Za-z]{14}_[0-9A-Za-z]{43})$`, "m");
const login = { user: "keyward", password: "a secret of the mail server" };
let k, mailbox, certificate, owner, sources = 0;

/** Lines for keyward.yaml. */
const settings = (url, more = {}) => Object.entries({ public_url: `https://${HOST}`, mail_server: url, mail_from: FROM, ...more })
  .map(([name, value]) => `${name}: ${value}\n`).join("");
const stranger = () => new Browser(k, { source: `198.51.100.${++sources}` });
const ask = (email, browser = stranger()) => browser.call("POST", "/v1/reset", { email });
const linkTo = async (email, n = 1) => LINK.exec((await until(() => mailbox.to(email)[n - 1])).text)[1];

before(async () => {
  k = await Installation.make({ serve: false });
  certificate = certificateFor(k.folder, "127.0.0.2");
  mailbox = await Mailbox.open({ certificate, login });
  await fs.writeFile(`${k.folder}/password`, `${login.password}\n`, { mode: 0o600 });
  await fs.appendFile(k.file, settings(mailbox.url, { mail_user: login.user, mail_password_file: `${k.folder}/password`, mail_ca_file: certificate.file }));
  await k.serve();
  owner = await join(k, { email: "owner@shop.example", role: "owner", operator: true });
});
after(async () => {
  await k.stop();
  await mailbox.close();
  assert.doesNotMatch(k.log, /[0-9A-Za-z]{14}_[0-9A-Za-z]{43}/, "no link in the log");
  assert.ok(!k.log.includes(login.password));
});

test("an invitation goes to whom it is for, and nobody else sees the link", async () => {
  const invited = await owner.call("POST", "/v1/members", { email: "anna@shop.example", name: "Anna", role: "developer" });
  assertInContract("POST", "/v1/members", invited);
  assert.deepEqual([invited.json.mailed, invited.json.secret, invited.json.url], [true, null, null]);
  const link = await linkTo("anna@shop.example"), [mail] = mailbox.to("anna@shop.example");
  assert.equal(mail.from, FROM);
  assert.ok(mail.isSafe, "after STARTTLS");
  assert.ok(!invited.text.includes(link.slice(15)));
  const { headers } = mail;
  assert.deepEqual([headers.from, headers.to, headers["auto-submitted"], headers["content-type"]],
    [[`Keyward <${FROM}>`], ["Anna <anna@shop.example>"], ["auto-generated"], ["text/plain; charset=utf-8"]]);
  assert.ok(Math.abs(Date.parse(headers.date[0]) - Date.now()) < 60_000, headers.date[0]);
  assert.match(headers["message-id"][0], /^<[0-9A-Za-z]{22}@shop\.example>$/);
  assert.match(mail.text, /^Hello Anna,\n\n/);
  assert.ok(mail.raw.split("\r\n").every((line) => line.length <= 78 && /^[\x20-\x7e]*$/.test(line)), mail.raw);
  assert.equal((await stranger().call("POST", "/v1/links/accept", { link, password: PASSWORD })).status, 201);
});

test("the installation says that links are mailed", async () => {
  const { json } = await owner.call("GET", "/v1/installation");
  assert.deepEqual([json.mail, json.publicUrl], [true, `https://${HOST}`]);
});

test("on admin.sock the link is shown and not mailed: the way back in", async () => {
  const [{ id }] = (await k.call("GET", "/v1/members")).json.members;
  const { json } = await k.call("POST", `/v1/members/${id}/link`);
  assert.deepEqual([json.mailed, json.url], [false, `https://${HOST}/accept#${json.secret}`]);
  assert.equal(mailbox.to("owner@shop.example").length, 0);
});

test("a link for a new password that an admin makes goes to the member alone", async () => {
  const member = await join(k, { email: "forgot@shop.example", role: "viewer" });
  const made = await owner.call("POST", `/v1/members/${member.id}/link`);
  assertInContract("POST", "/v1/members/{id}/link", made);
  assert.deepEqual([made.json.mailed, made.json.secret, made.json.link], [true, null, "reset"]);
  const password = `${PASSWORD} anew`;
  assert.equal((await stranger().call("POST", "/v1/links/accept", { link: await linkTo(member.email), password })).status, 201);
  assert.equal((await stranger().signIn(member.email, password)).status, 201);
});

test("whoever forgot the password is sent a link, which is good once, and asks for the code all the same", async () => {
  const member = await join(k, { email: "careful@shop.example", role: "viewer" });
  const { secret } = await member.setUpTotp();
  const asked = await ask("Careful@shop.example");
  assertInContract("POST", "/v1/reset", asked);
  const link = await linkTo(member.email), browser = stranger(), password = `${PASSWORD} anew`;
  const half = await browser.call("POST", "/v1/links/accept", { link, password });
  assert.deepEqual([half.status, half.json.next], [202, "totp"], half.text);
  assert.equal((await browser.call("POST", "/v1/session/totp", { ticket: half.json.ticket, code: codeOf(secret, 1) })).status, 201);
  assertProblem(await stranger().call("POST", "/v1/links/accept", { link, password }), 404, "link_dead");
  assertProblem(await member.call("GET", "/v1/session"), 401, "unauthenticated");
});

test("a second link voids the first", async () => {
  const member = await join(k, { email: "twice@shop.example", role: "viewer" });
  await ask(member.email);
  const first = await linkTo(member.email, 1);
  await ask(member.email);
  const second = await linkTo(member.email, 2);
  assertProblem(await stranger().call("POST", "/v1/links/open", { link: first }), 404, "link_dead");
  assert.equal((await stranger().call("POST", "/v1/links/open", { link: second })).json.kind, "reset");
});

test("the unknown, the invited, the removed and the asked for too often are answered alike, and get none", async () => {
  const member = await join(k, { email: "known@shop.example", role: "viewer" }), gone = await join(k, { email: "gone@shop.example", role: "viewer" });
  await owner.call("DELETE", `/v1/members/${gone.id}`);
  const { json: guest } = await k.call("POST", "/v1/members", { email: "guest@shop.example", role: "viewer", account: "main" });
  const shown = ({ status, text, headers }) => ({ status, text, headers: Object.keys(headers).sort() });
  const want = shown(await ask(member.email));
  for (const email of ["nobody@shop.example", "guest@shop.example", gone.email, "no address", ""]) assert.deepEqual(shown(await ask(email)), want, email);
  for (let i = 0; i < 6; i++) assert.deepEqual(shown(await ask(member.email)), want);
  await until(() => mailbox.to(member.email).length === 5); /* five an hour, from wherever */
  await ask("owner@shop.example");
  await until(() => mailbox.to("owner@shop.example").length === 1); /* what was asked before has been looked at */
  assert.equal(mailbox.to(member.email).length, 5);
  for (const email of ["guest@shop.example", gone.email, "nobody@shop.example"]) assert.equal(mailbox.to(email).length, 0, email);
  assert.equal((await stranger().call("POST", "/v1/links/open", { link: guest.secret })).json.kind, "invitation", "an open invitation stays");
  assert.equal((await member.call("GET", "/v1/session")).status, 200, "nobody was signed out");
  assert.equal((await stranger().signIn(member.email)).status, 201, "nobody was locked out");
});

test("whose credentials were made void comes back by the link of who did that, and by no letter", async () => {
  const void_ = await join(k, { email: "void@shop.example", role: "viewer" });
  assert.equal((await k.call("DELETE", `/v1/members/${void_.id}/credentials`)).status, 200);
  const { json: link } = await k.call("POST", `/v1/members/${void_.id}/link`);
  await ask(void_.email, stranger());
  const refused = async () => (await k.call("GET", "/v1/events?kind=sign_in&limit=200")).json.events.some(({ email, what }) => email === void_.email && what === "reset_refused");
  await until(refused);
  assert.equal(mailbox.to(void_.email).length, 0);
  assert.equal((await stranger().call("POST", "/v1/links/open", { link: link.secret })).json.kind, "reset");
});

test("who asked is on the record, and what came of it", async () => {
  await ask("unheard.of@shop.example");
  const found = await until(async () => {
    const { events } = (await k.call("GET", "/v1/events?limit=200")).json;
    return events.some(({ email }) => email === "unheard.of@shop.example") && events;
  });
  const of = (email) => found.filter((event) => event.email === email && String(event.what).startsWith("reset_")).map(({ what, why }) => `${what} ${why}`);
  assert.deepEqual(of("unheard.of@shop.example"), ["reset_refused unknown_email"]);
  assert.ok(of("known@shop.example").includes("reset_refused locked"), of("known@shop.example").join());
  assert.equal(of("known@shop.example").filter((each) => each.startsWith("reset_sent")).length, 5);
  assert.deepEqual(of("guest@shop.example"), ["reset_refused not_active"]);
});

test("names and addresses of any script arrive, and none of them makes a line of the header", async () => {
  const rows = { "jörg@bücher.example": "Jörg Müller-Lüdenscheidt, der Erste seines Namens", "dot@shop.example": "\"Bcc: all@shop.example\" <x@y>", "long@shop.example": "名".repeat(33) };
  for (const [email, name] of Object.entries(rows)) {
    const { status, text } = await owner.call("POST", "/v1/members", { email, name, role: "viewer" });
    assert.equal(status, 201, text);
    if (!/^[\x20-\x7e]*$/.test(email)) continue; /* needs a server for such addresses, as ours is when libcurl has IDN */
    const { headers, text: body } = await until(() => mailbox.to(email)[0]);
    assert.deepEqual(headers.to, [`${name} <${email}>`]);
    assert.equal(headers.bcc, undefined);
    assert.ok(body.startsWith(`Hello ${name},\n`));
  }
  for (const name of ["Anna\r\nBcc: all@shop.example", "Anna\nX", "Anna\u2028X"])
    assertProblem(await owner.call("POST", "/v1/members", { email: "injected@shop.example", name, role: "viewer" }), 400, "syntax", "name");
});

/** A keyward of its own that mails to somewhere. */
async function withMail(t, url, more) {
  const it = await Installation.make({ serve: false });
  t.after(() => it.stop());
  await fs.appendFile(it.file, settings(url, more));
  await it.serve();
  const admin = await join(it, { email: "owner@shop.example", role: "owner" });
  return { it, invite: (email) => admin.call("POST", "/v1/members", { email, role: "viewer" }) };
}

const box = async (t, options) => {
  const it = await Mailbox.open(options);
  t.after(() => it.close());
  return it;
};

test("a mail server that is away is tried again, and nobody waits for it", async (t) => {
  const away = await Mailbox.open({ certificate });
  await away.close();
  const { it, invite } = await withMail(t, away.url, { mail_ca_file: certificate.file });
  const before = Date.now(), { json } = await invite("late@shop.example");
  assert.ok(Date.now() - before < 1500);
  assert.equal(json.mailed, true);
  await until(() => /the mail to late@shop\.example was not sent, and will be tried again in 2 s: /.test(it.log));
  const back = await box(t, { port: away.port, certificate });
  await until(() => back.to("late@shop.example").length === 1);
  assert.match(back.to("late@shop.example")[0].text, LINK);
});

test("a certificate that is not the server's, or nobody's we trust, gets no letter", async (t) => {
  const other = certificateFor(k.folder, "127.0.0.9", "other");
  for (const [mode, cert, ca] of [["starttls", other, other], ["starttls", certificate, other], ["tls", other, other], ["tls", certificate, other]]) {
    const wrong = await box(t, { mode, certificate: cert });
    const { it, invite } = await withMail(t, wrong.url, { mail_ca_file: ca.file });
    assert.equal((await invite("anna@shop.example")).json.mailed, true);
    await until(() => /the mail to anna@shop\.example was not sent/.test(it.log));
    assert.ok(wrong.connections > 0);
    assert.deepEqual([wrong.mails, wrong.said.filter((line) => /^(MAIL|AUTH)/.test(line))], [[], []], mode);
  }
});

test("TLS from the first byte works too; a server that offers none is told nothing, unless it is this machine", async (t) => {
  const safe = await box(t, { mode: "tls", certificate });
  await (await withMail(t, safe.url, { mail_ca_file: certificate.file })).invite("anna@shop.example");
  await until(() => safe.to("anna@shop.example").length === 1);
  const open = await box(t, { mode: "plain" });
  const { it, invite } = await withMail(t, open.url);
  await invite("anna@shop.example");
  await until(() => /the mail to anna@shop\.example was not sent/.test(it.log));
  assert.deepEqual(open.said.filter((line) => /^(MAIL|AUTH)/.test(line)), []);
  const own = await box(t, { mode: "plain", host: "127.0.0.1" });
  await (await withMail(t, own.url)).invite("anna@shop.example");
  await until(() => own.to("anna@shop.example").length === 1);
});

test("an address that the server refuses for good is given up at once", async (t) => {
  const strict = await box(t, { certificate, refuse: "550 no such mailbox" });
  const { it, invite } = await withMail(t, strict.url, { mail_ca_file: certificate.file });
  await invite("wrong@shop.example");
  await until(() => /the mail to wrong@shop\.example is given up: .*550/.test(it.log));
});

test("where no mail is sent, links are shown, and whoever asks for one is told whom to ask", async (t) => {
  const it = await Installation.make();
  t.after(() => it.stop());
  const admin = await join(it, { email: "owner@shop.example", role: "owner" });
  const { json } = await admin.call("POST", "/v1/members", { email: "anna@shop.example", role: "viewer" });
  assert.match(json.secret, /^[0-9A-Za-z]{14}_[0-9A-Za-z]{43}$/);
  assert.deepEqual([json.mailed, json.url], [false, null]);
  for (const email of ["owner@shop.example", "nobody@shop.example"])
    assertProblem(await new Browser(it).call("POST", "/v1/reset", { email }), 409, "no_mail");
});

test("settings that cannot be are named when the program starts", async (t) => {
  const it = await Installation.make({ serve: false });
  t.after(() => fs.rm(it.folder, { recursive: true }));
  const base = await fs.readFile(it.file, "utf8"), password = `${it.folder}/password`;
  await fs.writeFile(password, "x\n", { mode: 0o644 });
  const rows = [[settings("http://mail.example"), /mail_server: /], [settings("smtp://mail.example", { mail_from: "Keyward" }), /mail_from: /],
    [settings("smtp://mail.example", { mail_user: "x" }), /mail_user, mail_password_file: set both/],
    ["mail_server: smtp://mail.example\nmail_from: a@b.example\n", /set public_url too/], ["mail_from: a@b.example\n", /mail_server: set it/],
    [settings("smtp://mail.example", { mail_user: "x", mail_password_file: password }), /password may be read by others: chmod 600/]];
  for (const [more, why] of rows) {
    await fs.writeFile(it.file, base + more);
    const { code, stderr } = await it.run("serve", "--config", it.file);
    assert.notEqual(code, 0);
    assert.match(stderr, why);
  }
});
