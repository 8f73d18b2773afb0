// accounts.test.mjs - what operators do with accounts on their pages: made, changed, suspended and resumed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { dialog, headline, press } from "../lib/hands.mjs";
import { assertFine } from "../lib/looks.mjs";
import { SANDBOX } from "../lib/sites.mjs";

let dashboard, operator;
before(async () => {
  dashboard = await startDashboard();
  operator = await dashboard.member({ email: "operator@shop.example", role: "owner", operator: true });
});
after(() => dashboard.stop());

const create = (name, account) => dashboard.sites.keyward.createKey({ name, permission: "read_only", more: ["--account", account] });
const statusOf = async (key) => (await dashboard.sites.ask(SANDBOX, "GET /read/x", { key })).status;

test("an_account_is_made_and_its_page_opens", async (t) => {
  const page = await dashboard.visit(t, { as: operator, at: "/accounts" });
  await press(page, "Create account");
  const form = dialog(page, "Create account");
  await form.getByLabel(/^Id/).fill("bakery");
  await form.getByLabel(/^Name/).fill("The bakery");
  await press(form, "Create account");
  await headline(page, "The bakery").waitFor();
  assert.equal(new URL(page.url()).pathname, "/accounts/bakery");
});

test("an_id_that_is_taken_is_told_beside_its_field", async (t) => {
  const page = await dashboard.visit(t, { as: operator, at: "/accounts", expect: [/ 409 \(\) .*\/v1\/accounts$/] });
  await press(page, "Create account");
  const form = dialog(page, "Create account");
  await form.getByLabel(/^Id/).fill("main");
  await press(form, "Create account");
  await form.getByText(/main/).last().waitFor();
  assert.equal(await form.getByLabel(/^Id/).inputValue(), "main");
  await press(form, "Cancel");
});

test("a_suspended_accounts_keys_are_refused_until_it_is_resumed", async (t) => {
  await dashboard.service.ok("accounts", "create", "florist");
  const { key } = await create("Flowers", "florist");
  assert.equal(await statusOf(key), 200);
  const page = await dashboard.visit(t, { as: operator, at: "/accounts/florist" });
  await press(page, "Suspend account");
  const question = dialog(page, "Suspend account");
  await question.getByText("1 key of the sandbox will be refused").waitFor();
  await question.getByLabel(/to confirm/).fill("florist");
  await press(question, "Suspend account");
  await page.getByRole("heading", { name: "This account is suspended" }).waitFor();
  assert.equal(await statusOf(key), 403);
  await press(page, "Resume account");
  await page.getByRole("heading", { name: "Suspend this account" }).waitFor();
  assert.equal(await statusOf(key), 200);
});

test("who_changes_an_account_that_somebody_else_has_changed_is_told_and_overwrites_nothing", async (t) => {
  await dashboard.service.ok("accounts", "create", "tailor");
  const page = await dashboard.visit(t, { as: operator, at: "/accounts/tailor", expect: [/ 412 \(\) .*\/v1\/accounts\//] });
  await page.getByLabel("Name", { exact: true }).fill("Mine");
  await dashboard.service.ok("accounts", "change", "tailor", "--name", "Theirs");
  await press(page, "Save changes");
  await page.getByText("Somebody else changed this account meanwhile").waitFor();
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Mine");
  assert.equal((await dashboard.service.call("GET", "/v1/accounts/tailor")).json.name, "Theirs");
});

test("the_dialogs_of_an_account_look_right_to_everybody", async (t) => {
  await dashboard.service.ok("accounts", "create", "smith");
  for (const [button, at] of [["Create account", "/accounts"], ["Suspend account", "/accounts/smith"]])
    await assertFine(dashboard, t, button, operator, async (page) => {
      await page.goto(dashboard.origin + at);
      await press(page, button);
      await dialog(page, button).waitFor();
    });
});
