// plain_words.test.mjs - what the pages say is so, what they ask for can be typed, and what was typed stays; in addresses stands no secret.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { dialog, headline, press } from "../lib/hands.mjs";

let dashboard, owner, operator;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
  operator = await dashboard.member({ email: "operator@shop.example", role: "owner", operator: true });
});
after(() => dashboard.stop());

const visit = (t, at, more) => dashboard.visit(t, { as: owner, at, ...more });
const create = (name) => dashboard.sites.keyward.createKey({ name, permission: "read_only" });

test("a key can be revoked whatever its name is made of: it is typed as it is seen", async (t) => {
  const { status, json } = await dashboard.service.call("POST", "/v1/keys", { name: "Two  spaces\u200b and ﬁne", account: "main", environment: "sandbox", permissions: ["read_only"] });
  assert.equal(status, 201);
  const page = await visit(t, `/keys/${json.id}`);
  await press(page, "Revoke key");
  const question = dialog(page, "Revoke this key");
  await question.getByRole("textbox").fill("Two spaces and");
  assert.ok(await question.getByRole("button", { name: "Revoke key" }).isDisabled());
  await question.getByRole("textbox").fill("Two spaces and fine");
  await press(question, "Revoke key");
  await page.getByText("for good. Its record stays").waitFor();
});

test("of a rotation that was cancelled it is not said that the old secret is refused", async (t) => {
  const { id } = await create("Cancelled");
  assert.equal((await dashboard.service.call("POST", `/v1/keys/${id}/rotate`, { overlap: "1h" })).status, 201);
  assert.equal((await dashboard.service.call("POST", `/v1/keys/${id}/rotation/cancel`)).status, 200);
  const page = await visit(t, `/keys/${id}`);
  const section = page.getByRole("region", { name: "Rotation" });
  await section.waitFor();
  assert.doesNotMatch(await section.textContent(), /old secret/);
});

test("an address with a whole key in it loses it before anything is asked", async (t) => {
  const { key, id } = await create("In an address");
  const secret = key.split("_").at(-1);
  const page = await visit(t, null, { as: operator });
  const asked = [];
  page.on("request", (request) => { if (request.url().includes("/v1/")) asked.push(request.url()); });
  await page.goto(`${dashboard.origin}/activity?key=${key}`);
  await headline(page, "Activity").waitFor();
  await page.waitForURL(`**/activity?key=${id}`);
  await page.goto(`${dashboard.origin}/members`);
  await page.getByLabel("Account").fill(key);
  await page.getByLabel("Account").press("Enter");
  await page.waitForURL("**/members?account=*");
  assert.ok(!page.url().includes(secret));
  assert.deepEqual(asked.filter((url) => url.includes(secret)), []);
});

test("the number of keys that were never used leads to those keys alone", async (t) => {
  await create("Never touched");
  const page = await visit(t, "/");
  const link = page.getByRole("list", { name: "What wants looking after" }).getByRole("link", { name: /never used/ });
  assert.match(await link.getAttribute("href"), /unused=ever/);
  await link.click();
  await page.getByRole("link", { name: "Never touched" }).waitFor();
  assert.ok(await page.getByRole("checkbox", { name: "Never used" }).isChecked());
  for (const cell of await page.getByRole("table", { name: "Keys" }).locator('[data-label="Last use"]').allTextContents()) assert.equal(cell, "never");
});

test("who made a key is said by name, and by id to whom the name is not shown", async (t) => {
  const named = await dashboard.member({ email: "maker@shop.example", role: "developer" });
  const { json } = await named.call("POST", "/v1/keys", { name: "Made by somebody", account: "main", environment: "sandbox", permissions: ["read_only"] });
  const page = await visit(t, `/keys/${json.id}`);
  await page.getByRole("region", { name: "What it may do" }).getByRole("link", { name: "maker@shop.example" }).click();
  await headline(page, "maker@shop.example").waitFor();
});

/* Runs in the page: somebody looks at another tab for a moment. */
function goAwayAndComeBack() {
  for (const state of ["hidden", "visible"]) {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }
}

test("what is typed into an account stays when somebody else changes it meanwhile", async (t) => {
  const page = await visit(t, "/accounts/main", { expect: [/ 412 \(\) /] });
  const addresses = page.getByRole("textbox", { name: "Addresses" });
  await addresses.fill("203.0.113.7\n203.0.113.8");
  const { headers } = await dashboard.service.call("GET", "/v1/accounts/main");
  const theirs = await dashboard.service.call("PATCH", "/v1/accounts/main", { name: "Renamed meanwhile" }, { "if-match": headers.etag });
  assert.equal(theirs.status, 200, theirs.text);
  await page.waitForTimeout(5_100); /* what was read is not fresh any more */
  const read = page.waitForResponse(/\/v1\/accounts\/main$/);
  await page.evaluate(goAwayAndComeBack);
  await read;
  await headline(page, "Renamed meanwhile").waitFor();
  assert.equal(await addresses.inputValue(), "203.0.113.7\n203.0.113.8");
  await press(page, "Save changes");
  await page.getByRole("alert").getByText("Somebody else changed this account meanwhile").waitFor();
});

test("a member whose role was changed meanwhile is not changed again unseen: it is said, and read anew", async (t) => {
  const { id } = await dashboard.member({ email: "promoted@shop.example", role: "viewer" });
  const page = await visit(t, `/members/${id}`, { expect: [/ 412 \(\) /] });
  await page.getByRole("radio", { name: /^Developer/ }).click();
  const { headers } = await dashboard.service.call("GET", `/v1/members/${id}`);
  const theirs = await dashboard.service.call("PATCH", `/v1/members/${id}`, { role: "admin" }, { "if-match": headers.etag });
  assert.equal(theirs.status, 200, theirs.text);
  await press(page, "Change the role");
  await page.getByRole("alert").waitFor();
  await press(page, "Try again");
  await page.getByRole("alert").waitFor({ state: "hidden" });
  assert.ok(await page.getByRole("radio", { name: /^Admin/ }).isChecked());
});

/* The disk that is full is made up here: what the API says then is its own (test/e2e/small_disk). */
const unsaved = { statusCode: 507, error: "Insufficient Storage", code: "unsaved", message: "In force, not yet saved: look at the disks of the state folder and of the keys, then send the same again", requestId: "0123456789abcdef0123456789abcdef" };

test("a key that is revoked in force and not yet saved is not said to have failed, and the same press saves it", async (t) => {
  const { id } = await create("On a full disk");
  const page = await visit(t, `/keys/${id}`, { expect: [/ 507 \(Insufficient Storage\) /] });
  await page.route("**/revoke", async (route) => {
    await route.fulfill({ status: 507, json: unsaved });
  }, { times: 1 });
  await press(page, "Revoke key");
  const question = dialog(page, "Revoke this key");
  await question.getByRole("textbox").fill("On a full disk");
  await press(question, "Revoke key");
  await question.getByText("In force, but not saved").waitFor();
  await press(question, "Save it now");
  await page.getByText("for good. Its record stays").waitFor();
});

test("a rotation that is ended in force and not yet saved says so", async (t) => {
  const { id } = await create("Rotated on a full disk");
  assert.equal((await dashboard.service.call("POST", `/v1/keys/${id}/rotate`, { overlap: "1h" })).status, 201);
  const page = await visit(t, `/keys/${id}`, { expect: [/ 507 \(Insufficient Storage\) /] });
  await page.route("**/rotation/complete", (route) => route.fulfill({ status: 507, json: unsaved }));
  await press(page, "Complete now");
  const question = dialog(page, "Complete the rotation");
  await press(question, "End the old secret");
  await question.getByText("In force, not yet saved").waitFor();
});
