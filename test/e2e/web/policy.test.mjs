// policy.test.mjs - the route policy on its page: what it lists, and what it would say to a request.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { press } from "../lib/hands.mjs";

let dashboard, viewer;
before(async () => {
  dashboard = await startDashboard();
  viewer = await dashboard.member({ email: "viewer@shop.example", role: "viewer" });
});
after(() => dashboard.stop());

/** Asks the policy on the page; what it says. */
async function ask(page, method, path, permissions = ["Read Only"]) {
  await page.getByLabel("Method").selectOption(method);
  await page.getByLabel("Path", { exact: true }).fill(path);
  for (const box of await page.getByRole("checkbox").all()) await box.uncheck();
  for (const name of permissions) await page.getByRole("checkbox", { name }).check();
  await press(page, "Test the request");
  return page.getByRole("status").filter({ hasText: `${method} ${path}` });
}

test("the_page_says_which_line_decides_and_what_opens_it", async (t) => {
  const page = await dashboard.visit(t, { as: viewer, at: "/policy" });
  for (const [method, path, permissions, said] of [
    ["GET", "/read/x", ["Read Only"], /Allowed.*Decided by GET \/read\/\*\*/s],
    ["POST", "/pay/x", ["Read Only"], /Denied: Permission missing.*Opened by Transactions/s],
    ["POST", "/pay/x", ["Transactions"], /Allowed.*Decided by POST \/pay\/\*\*/s],
    ["GET", "/elsewhere", ["Transactions"], /Denied: Permission missing.*does not list it.*Opened by Full Access/s],
    ["GET", "/public/x", [], /Allowed without a key/s],
    ["GET", "/read//x", ["Full Access"], /Denied: .*more than one way/s],
  ]) {
    const answer = await ask(page, method, path, permissions);
    await answer.filter({ hasText: said }).waitFor();
  }
});

test("its_routes_are_searched_and_the_address_tells_how", async (t) => {
  const page = await dashboard.visit(t, { as: viewer, at: "/policy" });
  await page.getByLabel("Search the routes").fill("deposit");
  await page.getByText("/wallet/deposit/status/{reference}").waitFor();
  assert.equal(await page.getByText("/pay/**").count(), 0);
  assert.equal(new URL(page.url()).search, "?q=deposit");
  await page.getByLabel("Search the routes").fill("no such route");
  await page.getByText("No route matches").waitFor();
});

test("who_may_not_change_the_policy_is_not_told_how", async (t) => {
  const page = await dashboard.visit(t, { as: viewer, at: "/policy" });
  await page.getByRole("heading", { name: "Test a request" }).waitFor();
  assert.equal(await page.getByRole("heading", { name: "Change it" }).count(), 0);
});
