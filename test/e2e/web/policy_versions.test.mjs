// policy_versions.test.mjs - the next policy tried out on its page before it is in force, then put in force, and the way back; limits of new keys.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { dialog, press } from "../lib/hands.mjs";
import { assertFine } from "../lib/looks.mjs";
import { SANDBOX } from "../lib/sites.mjs";

const NEXT = "read:\n  - GET /read/**  # as before\nmanage:\n  - \"GET /pay/**\"\n";
let dashboard, operator, key;
before(async () => {
  dashboard = await startDashboard();
  operator = await dashboard.member({ email: "operator@shop.example", role: "owner", operator: true });
  await operator.setUpTotp(); /* another policy wants a proof that is not older than five minutes */
  key = await dashboard.sites.keyward.createKey({ name: "Payments", permission: "transactions" });
  await dashboard.sites.ask(SANDBOX, "GET /pay/7", { key });
});
after(() => dashboard.stop());

/** On the policy page, the next policy typed and tried out. */
async function tried(page) {
  await page.getByLabel("Policy file").fill(NEXT);
  await press(page, "Dry run");
  await page.getByText("that was allowed would have been refused").waitFor();
}

const versionInForce = async () => (await dashboard.service.call("GET", "/v1/policy")).json.version;

test("who would be refused is shown before a policy is in force, and nothing changes by that", async (t) => {
  const page = await dashboard.visit(t, { as: operator, at: "/policy" });
  await tried(page);
  await page.getByRole("link", { name: "Payments" }).waitFor();
  await page.getByText("1 × GET /pay/7").waitFor();
  await page.getByText("GET /pay/** Transact → Manage").waitFor();
  assert.equal(await versionInForce(), 1);
});

test("a policy is put in force, is a version that says what it changed, and the one before comes back", async (t) => {
  const page = await dashboard.visit(t, { as: operator, at: "/policy" });
  await tried(page);
  await press(page, "Put in force");
  const asked = dialog(page, "Put this policy in force");
  await asked.getByText("would have been refused: who makes them stops working").waitFor();
  await asked.getByRole("textbox").fill("policy");
  await press(asked, "Put in force");
  await page.getByText("Version 2, 2 routes.").waitFor();
  await press(page, "What it changed: version 2");
  await page.getByRole("list", { name: "Routes that differ" }).getByText("GET /pay/** Transact → Manage").waitFor();
  await press(page, "Put in force again: version 1");
  const back = dialog(page, "Put version 1 in force again");
  await back.getByRole("textbox").fill("1");
  await press(back, "Put in force");
  await page.getByText("Version 3,", { exact: false }).first().waitFor();
  assert.equal(await versionInForce(), 3);
});

test("what is no policy file is said by its line", async (t) => {
  const page = await dashboard.visit(t, { as: operator, at: "/policy" });
  await page.getByLabel("Policy file").fill("read:\n  - GET /a\nreed:\n");
  await press(page, "Dry run");
  await page.getByText("Line 3 is neither").waitFor();
});

test("the dry run and the dialog before a policy have no barrier, in light, dark or narrow", async (t) => {
  await assertFine(dashboard, t, "dry run", operator, async (page) => {
    await page.goto(`${dashboard.origin}/policy`);
    await tried(page);
    await press(page, "What it changed: version 1");
    await page.getByRole("list", { name: "Routes that differ" }).nth(1).waitFor();
  });
  await assertFine(dashboard, t, "put in force", operator, async (page) => {
    await page.goto(`${dashboard.origin}/policy`);
    await tried(page);
    await press(page, "Put in force");
    await dialog(page, "Put this policy in force").waitFor();
  });
});

test("limits that an account gives to new keys are set on its page, and shown where a key is made", async (t) => {
  const page = await dashboard.visit(t, { as: operator, at: "/accounts/main" });
  await page.getByLabel("All keys: rate").fill("30/min");
  await press(page, "Save limits");
  await page.getByRole("button", { name: "Save limits", disabled: true }).waitFor();
  await page.goto(`${dashboard.origin}/keys/new`);
  await page.getByText("30 requests a minute", { exact: false }).first().waitFor();
  await page.getByLabel("Name").fill("Slow");
  await press(page, "Create sandbox key");
  await page.getByRole("heading", { level: 1 }).waitFor();
  const { keys } = (await dashboard.service.call("GET", "/v1/keys?q=Slow")).json;
  assert.deepEqual(keys.map(({ rate }) => rate), ["30/min"]);
});

test("a key that was used from a browser says so on its page, with the way to these requests", async (t) => {
  await dashboard.sites.ask(SANDBOX, "GET /pay/8", { key, headers: [["Origin", "https://shop.example"]] });
  const page = await dashboard.visit(t, { as: operator, at: `/keys/${key.id}` });
  await page.getByText("Used from a browser").waitFor();
  await page.getByRole("link", { name: "These requests" }).click();
  await page.getByText("/pay/8").first().waitFor();
  assert.equal(await page.getByText("/pay/7").count(), 0);
});
