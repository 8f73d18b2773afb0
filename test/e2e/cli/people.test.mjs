// people.test.mjs - accounts, members and management tokens from the command line; and the way back in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Installation } from "../lib/installation.mjs";
import { Browser, join, PASSWORD } from "../lib/people.mjs";

const LINK = /^https:\/\/.+\/accept#([0-9A-Za-z]{14}_[0-9A-Za-z]{43})$/m, TOKEN = /[a-z][a-z0-9]{1,7}_admin_[0-9A-Za-z]{14}_[0-9A-Za-z]{49}/g;
let k;
before(async () => (k = await Installation.make()));
after(async () => {
  assert.doesNotMatch(k.log, TOKEN);
  await k.stop();
});

async function fails(status, says, ...args) {
  const { code, stdout, stderr } = await k.run(...args);
  assert.equal(code, status, `${args.join(" ")}: ${stderr}`);
  assert.equal(stdout, "");
  assert.match(stderr, says);
}

const accept = (browser, text, password = PASSWORD, more = {}) =>
  browser.call("POST", "/v1/links/accept", { link: LINK.exec(text)?.[1] ?? text, password, ...more });

test("an account is shown, changed, suspended and resumed", async () => {
  await k.ok("accounts", "create", "shop");
  const { id } = await k.createKey("--name", "x", "--environment", "sandbox", "--account", "shop");
  assert.match(await k.ok("accounts", "change", "shop", "--name", "The shop", "--allow-ip", "10.0.0.0/8"), /^Changed\./);
  assert.match(await k.ok("accounts", "show", "shop"), /Name +The shop\nState +active\nAddresses +10\.0\.0\.0\/8/);
  assert.deepEqual((await k.ok("accounts", "change", "shop", "--allow-ip", "none", "--json")).allowIp, []);
  assert.match(await k.ok("accounts", "suspend", "shop"), /^Suspended: .*refused/);
  assert.equal((await k.ok("accounts", "show", "shop", "--json")).state, "suspended");
  assert.match(await k.ok("accounts", "resume", "shop"), /^Resumed/);
  assert.equal((await k.ok("keys", "show", id, "--json")).account, "shop");
});

test("accounts: mistakes", async () => {
  await fails(1, /no account of that id/, "accounts", "show", "nope");
  await fails(65, /^keyward: accounts show: ID: .*accounts list/, "accounts", "show", "../keys");
  await fails(64, /nothing is to be changed/, "accounts", "change", "main");
  await fails(65, /--allow-ip/, "accounts", "change", "main", "--allow-ip", "x");
});

test("where nobody is yet, the list shows who is awaited, and a link from the host lets him in", async () => {
  const { members: [{ id, state, link }] } = await k.ok("members", "list", "--json");
  assert.deepEqual([state, link], ["invited", "setup"]);
  const invited = await k.ok("members", "link", id);
  assert.match(invited, /can be\s+used once, and ends at \d{4}-/);
  const browser = new Browser(k);
  assert.equal((await accept(browser, invited, PASSWORD, { email: "you@example.com" })).status, 201);
  assert.deepEqual((await k.ok("members", "list", "--json")).members.map(({ role, operator, state }) => [role, operator, state]), [["owner", true, "active"]]);
  assert.equal((await accept(new Browser(k), invited, PASSWORD, { email: "you@example.com" })).status, 404, "once");
});

test("members are named by id or address, changed and removed", async () => {
  const made = await k.ok("members", "invite", "Bea@shop.example", "--role", "viewer", "--name", "Bea", "--account", "shop", "--json");
  assert.match(made.secret, /^[0-9A-Za-z]{14}_/);
  assert.match(await k.ok("members", "list", "--account", "shop"), /bea@shop\.example +Bea +shop +viewer +invited +no +invitation/);
  assert.equal((await k.ok("members", "show", "BEA@shop.example", "--json")).id, made.id);
  assert.match(await k.ok("members", "change", "bea@shop.example", "--role", "owner", "--operator", "yes", "--name", "Beatrice"), /Name +Beatrice\n(.*\n)+Role +owner, and operator/);
  assert.equal((await k.ok("members", "change", made.id, "--operator", "no", "--json")).operator, false);
  assert.match(await k.ok("members", "remove", "bea@shop.example", "--yes"), /^Removed: /);
  assert.equal((await k.ok("members", "show", made.id, "--json")).state, "removed");
  assert.equal((await accept(new Browser(k), made.secret)).status, 404);
});

test("members: mistakes", async () => {
  await fails(64, /--role is needed/, "members", "invite", "x@y.example");
  await fails(65, /--role: .*viewer/, "members", "invite", "x@y.example", "--role", "boss");
  await fails(65, /EMAIL: /, "members", "invite", "x", "--role", "viewer");
  await fails(65, /--account: /, "members", "invite", "x@y.example", "--role", "viewer", "--account", "nowhere");
  await fails(1, /nobody has the address/, "members", "show", "nobody@y.example");
  await fails(65, /ID: .*members list/, "members", "show", "x/../y");
  await fails(1, /no member of that id/, "members", "show", "0".repeat(14));
  await fails(64, /nothing is to be changed/, "members", "change", "you@example.com");
  await fails(65, /--operator: yes or no/, "members", "change", "you@example.com", "--operator", "maybe");
  await fails(64, /give --yes/, "members", "remove", "you@example.com");
  await fails(1, /keeps an owner/, "members", "remove", "you@example.com", "--yes");
});

test("a link for a new password leaves the phone as it was; the machine's administrator can take both away", async () => {
  const email = "owner@main.example", owner = await join(k, { email, role: "owner" });
  await owner.setUpTotp();
  const reset = await k.ok("members", "link", email);
  assert.match(reset, /new password/);
  assert.match(reset, new RegExp(`keyward members link ${owner.id} --without-totp`));
  assert.equal((await accept(new Browser(k), reset, `${PASSWORD} 2`)).status, 202, "the code is asked for");
  await fails(64, /give --yes/, "members", "link", email, "--without-totp");
  assert.equal((await new Browser(k).signIn(email, `${PASSWORD} 2`)).status, 202, "nothing was done");
  const link = await k.ok("members", "link", email, "--without-totp", "--yes");
  assert.equal((await new Browser(k).signIn(email, `${PASSWORD} 2`)).status, 401, "with what is left nobody comes in");
  const back = new Browser(k);
  assert.equal((await accept(back, link, `${PASSWORD} 3`)).status, 201);
  assert.equal((await back.call("GET", "/v1/session")).json.member.totp, false);
  assert.match(await k.ok("audit", "search", "--changes"), new RegExp(`by "uid:${process.getuid()}": member ${owner.id}`));
});

test("a token is shown once, and revoked", async () => {
  assert.match(await k.ok("tokens", "list"), /There are no management tokens\. This makes one:\n\n {2}keyward tokens create/);
  const said = await k.ok("tokens", "create", "--name", "deploy", "--scope", "keys:read", "--scope", "events:read", "--expires", "90d", "--account", "main");
  assert.equal(said.match(TOKEN).length, 1);
  assert.match(said, /shown once/);
  const asks = (text) => new Browser(k).call("GET", "/v1/keys", undefined, { authorization: `Bearer ${text}`, "sec-fetch-site": undefined });
  assert.equal((await asks(said.match(TOKEN)[0])).status, 200);
  const listed = await k.ok("tokens", "list", "--account", "main");
  assert.match(listed, /deploy +main +- +keys:read, events:read +active/);
  assert.doesNotMatch(listed, TOKEN);
  const [{ id }] = (await k.ok("tokens", "list", "--json")).tokens;
  await fails(64, /give --yes/, "tokens", "revoke", id);
  assert.match(await k.ok("tokens", "revoke", id, "--yes"), /^Revoked/);
  assert.equal((await asks(said.match(TOKEN)[0])).status, 401);
  assert.match((await k.ok("tokens", "create", "--name", "n", "--scope", "keys:read", "--expires", "1d", "--json")).secret, new RegExp(`^${TOKEN.source}$`));
});

test("tokens: mistakes, and every scope in the help", async () => {
  await fails(64, /--name, --scope and --expires/, "tokens", "create", "--name", "x");
  await fails(65, /--scope: /, "tokens", "create", "--name", "x", "--scope", "keys:raed", "--expires", "1d");
  await fails(65, /--expires: /, "tokens", "create", "--name", "x", "--scope", "keys:read", "--expires", "soon");
  await fails(65, /ID: .*tokens list/, "tokens", "revoke", "x", "--yes");
  await fails(1, /no management token/, "tokens", "revoke", "0".repeat(14), "--yes");
  const words = (await k.ok("tokens", "create", "--help")).match(/^ {2}[a-z]+(:[a-z]+)?$/gm);
  assert.equal(words.length, 20);
});
