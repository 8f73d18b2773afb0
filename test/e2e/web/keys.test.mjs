// keys.test.mjs - a person's keys: found, made, changed, disabled and revoked on the pages of the dashboard.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { CLIPBOARD, clipboardOf, dialog, follow, headline, makeKey, press } from "../lib/hands.mjs";
import { KEY } from "../lib/installation.mjs";
import { SANDBOX } from "../lib/sites.mjs";

let dashboard, owner;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
});
after(() => dashboard.stop());

const create = (name, more = {}) => dashboard.sites.keyward.createKey({ name, permission: "read_only", ...more });
const visit = (t, at, more) => dashboard.visit(t, { as: owner, at, ...more });
const shown = (page) => page.getByRole("table", { name: "Keys" }).getByRole("link");
const statusOf = async (key) => (await dashboard.sites.ask(SANDBOX, "GET /read/x", { key })).status;

/** Asks until the gateways have heard of a change, or the test's patience ends. */
async function until(asked, wanted) {
  for (let tries = 0; tries < 200; tries++) {
    if ((await asked()) === wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`still not ${wanted}`);
}

test("the list shows names, states and environments, is searched and narrowed down, and the address tells how", async (t) => {
  await create("Nightly reports");
  await create("Live payments", { environment: "production" });
  const page = await visit(t, "/keys");
  await page.getByRole("row", { name: /Nightly reports.*Sandbox.*Read Only.*Active/ }).waitFor();
  await page.getByLabel("Search").fill("Live pay");
  await page.getByText("1 key", { exact: true }).waitFor();
  assert.deepEqual(await shown(page).allTextContents(), ["Live payments"]);
  assert.equal(new URL(page.url()).search, "?q=Live+pay");
  await page.getByLabel("Environment", { exact: true }).selectOption("sandbox");
  await page.getByText("No key matches").waitFor();
  await page.goto(`${dashboard.origin}/keys?environment=production`);
  await page.getByText("1 key", { exact: true }).waitFor();
  assert.equal(await page.getByLabel("Environment", { exact: true }).inputValue(), "production");
  await press(page, "Clear all");
  await page.getByRole("link", { name: "Nightly reports" }).waitFor();
});

test("a new key works, is shown once, and is nowhere any more when its page was left", async (t) => {
  const page = await visit(t, "/keys/new", { permissions: CLIPBOARD });
  const text = await makeKey(page, "Shown once");
  assert.match(text, new RegExp(`^${KEY.source}$`));
  await press(page, "Copy the key");
  assert.equal(await clipboardOf(page), text);
  await until(() => statusOf(text), 200);
  await follow(page, "Done");
  await headline(page, "Shown once").waitFor();
  assert.ok(!(await page.content()).includes(text));
  await page.goBack();
  await page.getByLabel(/^Name/).waitFor();
  assert.ok(!(await page.content()).includes(text));
  assert.ok(!page.url().includes(text));
});

test("who leaves without having copied the key is asked, and may stay", async (t) => {
  const page = await visit(t, "/keys/new");
  const text = await makeKey(page, "Nearly lost");
  const keys = page.getByRole("navigation").getByRole("link", { name: "Keys", exact: true });
  await keys.click();
  const question = dialog(page, "The key has not been copied");
  await press(question, "Stay and copy");
  await question.waitFor({ state: "hidden" });
  assert.equal(await page.getByLabel("The whole key").textContent(), text);
  await keys.click();
  await press(question, "Leave without it");
  await headline(page, "Keys").waitFor();
});

test("a copy that the browser refuses is none: the button says so, and who leaves then is asked, also by signing out", async (t) => {
  const leaver = await dashboard.member({ email: "leaver@shop.example", role: "developer" });
  const page = await visit(t, "/keys/new", { as: leaver });
  await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error("refused")); });
  await makeKey(page, "Not on the clipboard");
  await press(page, "Copy the key");
  await page.getByRole("button", { name: "Not copied: select the key" }).waitFor();
  await press(page, "Sign out");
  const question = dialog(page, "The key has not been copied");
  await press(question, "Stay and copy");
  await press(page, "Sign out");
  await press(question, "Leave without it");
  await headline(page, "Sign in").waitFor();
});

test("a key is changed on its page, and only what was touched", async (t) => {
  const { id } = await create("Before", { more: ["--rate", "50/min"] });
  const page = await visit(t, `/keys/${id}`);
  await press(page, "Change");
  await dialog(page, "Change this key").getByLabel(/^Name/).fill("After");
  await press(page, "Change key");
  await headline(page, "After").waitFor();
  const { json } = await dashboard.service.call("GET", `/v1/keys/${id}`);
  assert.deepEqual([json.name, json.rate.count ?? json.rate], ["After", json.rate.count === undefined ? json.rate : 50]);
});

test("who changes what somebody else has changed meanwhile is told, keeps what he typed, and overwrites nothing", async (t) => {
  const { id } = await create("Both want it");
  const page = await visit(t, `/keys/${id}`, { expect: [/ 412 \(\) .*\/v1\/keys\//] });
  await press(page, "Change");
  const form = dialog(page, "Change this key");
  await form.getByLabel(/^Name/).fill("Mine");
  const { headers } = await dashboard.service.call("GET", `/v1/keys/${id}`);
  const theirs = await dashboard.service.call("PATCH", `/v1/keys/${id}`, { rotationDays: 30 }, { "if-match": headers.etag });
  assert.equal(theirs.status, 200, theirs.text);
  await press(form, "Change key");
  await form.getByText("Somebody changed this key meanwhile").waitFor();
  assert.equal(await form.getByLabel(/^Name/).inputValue(), "Mine");
  await press(form, "Change key");
  await headline(page, "Mine").waitFor();
  const { json } = await dashboard.service.call("GET", `/v1/keys/${id}`);
  assert.deepEqual([json.name, json.rotationDays], ["Mine", 30]);
});

test("a key that is disabled is refused at once, and let in again when it is enabled", async (t) => {
  const { id, key } = await create("Resting");
  await until(() => statusOf(key), 200);
  const page = await visit(t, `/keys/${id}`);
  for (const [button, state, status] of [["Disable", "Disabled", 401], ["Enable", "Active", 200]]) {
    await press(page, button);
    await press(page.getByRole("dialog"), `${button} key`);
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.getByText(state, { exact: true }).first().waitFor();
    await until(() => statusOf(key), status);
  }
});

test("a key is revoked by typing its name, and nothing less", async (t) => {
  const { id, key } = await create("Going away");
  const page = await visit(t, `/keys/${id}`);
  await press(page, "Revoke key");
  const question = dialog(page, "Revoke this key"), verb = question.getByRole("button", { name: "Revoke key" });
  await question.getByText(/let nothing in|was used/).waitFor();
  await question.getByLabel(/to confirm/).fill("Going awa");
  assert.ok(await verb.isDisabled());
  await question.getByLabel(/to confirm/).fill("Going away");
  await verb.click();
  await page.getByText("Every request with this key gets 401, for good.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Change" }).count(), 0);
  await until(() => statusOf(key), 401);
});

test("what the API refuses is said beside its field, and the fold that hides it opens", async (t) => {
  const page = await visit(t, "/keys/new", { expect: [/ 400 \(\) .*\/v1\/keys$/] });
  await page.getByLabel(/^Name/).fill("Wrong address");
  await press(page, "More");
  await press(page, "Add an address");
  await page.getByLabel("Address 1", { exact: true }).fill("300.1.2.3");
  await press(page, "Create sandbox key");
  await page.locator(".mantine-InputWrapper-error").first().waitFor();
  assert.equal(await page.getByLabel(/^Name/).inputValue(), "Wrong address");
});
