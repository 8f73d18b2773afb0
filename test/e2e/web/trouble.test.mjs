// trouble.test.mjs - keyward serve is slow, or away: the page says so, nothing that was typed is lost, and it recovers by itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { dialog, headline, password, press } from "../lib/hands.mjs";
import { PASSWORD } from "../lib/people.mjs";

const AWAY = / 502 \(\) /;
let dashboard, owner;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
});
after(() => dashboard.stop());

const visit = (t, at, more) => dashboard.visit(t, { as: owner, at, ...more });
const lost = (page) => page.getByRole("status").filter({ hasText: "Keyward cannot be reached" });

test("while an answer is on its way the page shows that it comes, and then shows it", async (t) => {
  const page = await visit(t, null);
  let comes;
  const late = new Promise((resolve) => (comes = resolve));
  await page.route("**/v1/keys?**", async (route) => (await late, route.continue()));
  await page.goto(`${dashboard.origin}/keys`);
  await page.getByRole("status", { name: "Loading keys" }).waitFor();
  comes();
  await page.getByRole("link", { name: "payer" }).waitFor();
});

/* Sessions are kept nowhere: they end with keyward serve. */
test("a form that is sent while keyward serve is away says so and keeps what was typed; it is sent again once one is in, and makes one key", async (t) => {
  const member = await dashboard.member({ email: "patient@shop.example", role: "developer" });
  const page = await dashboard.visit(t, { as: member, at: "/keys/new", expect: [AWAY, / 401 \(\) /] });
  await page.getByLabel(/^Name/).fill("Patient");
  await dashboard.service.end();
  await press(page, "Create sandbox key");
  await page.getByRole("alert").getByText("Nothing you typed is lost").waitFor();
  await dashboard.service.serve();
  await press(page, "Create sandbox key");
  const question = dialog(page, "Your session has ended");
  await password(question).fill(PASSWORD);
  await press(question, "Sign in");
  await headline(page, "Patient").waitFor();
  const { json } = await dashboard.service.call("GET", "/v1/keys?q=Patient");
  assert.equal(json.keys.length, 1);
});

test("a list that is open while the network is gone stays, says that it may be old, and is up to date by itself afterwards", async (t) => {
  const member = await dashboard.member({ email: "on.the.road@shop.example", role: "viewer" });
  const page = await dashboard.visit(t, { as: member, at: "/keys", expect: [/ERR_INTERNET_DISCONNECTED/] });
  await page.getByRole("link", { name: "payer" }).waitFor();
  await page.context().setOffline(true);
  await page.getByLabel("Search").fill("Made meanwhile");
  await lost(page).waitFor();
  await dashboard.sites.keyward.createKey({ name: "Made meanwhile", permission: "read_only" });
  await page.context().setOffline(false);
  await page.getByRole("link", { name: "Made meanwhile" }).waitFor();
  await lost(page).waitFor({ state: "hidden" });
  assert.equal(await page.getByLabel("Search").inputValue(), "Made meanwhile");
});

test("whoever comes while keyward serve is away gets a page of nginx that says so, and the dashboard when it is back", async (t) => {
  await dashboard.service.end();
  const page = await dashboard.visit(t, { at: "/keys", expect: [AWAY] });
  await page.getByText(/Keyward/).first().waitFor();
  assert.equal(await page.locator("script").count(), 0);
  await dashboard.service.serve();
  await page.reload();
  await headline(page, "Sign in").waitFor();
});
