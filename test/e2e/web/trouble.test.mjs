// trouble.test.mjs - keyward serve is slow, or away: the page says so, nothing that was typed is lost, and it recovers by itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { headline, makeKey, press } from "../lib/hands.mjs";

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
  const late = Promise.withResolvers();
  await page.route("**/v1/keys?**", async (route) => (await late.promise, route.continue()));
  await page.goto(`${dashboard.origin}/keys`);
  await page.getByRole("status", { name: "Loading keys" }).waitFor();
  late.resolve();
  await page.getByRole("link", { name: "payer" }).waitFor();
});

test("a form that is sent while keyward serve is away says so and keeps what was typed; sent again, it makes one key", async (t) => {
  const page = await visit(t, "/keys/new", { expect: [AWAY] });
  await page.getByLabel(/^Name/).fill("Patient");
  await dashboard.service.end();
  await press(page, "Create sandbox key");
  await page.getByRole("alert").getByText("Nothing you typed is lost").waitFor();
  await dashboard.service.serve();
  assert.equal(await page.getByLabel(/^Name/).inputValue(), "Patient");
  await makeKey(page, "Patient");
  const { json } = await dashboard.service.call("GET", "/v1/keys?q=Patient");
  assert.equal(json.keys.length, 1);
});

test("a list that is open while keyward serve goes away stays, says that it may be old, and is up to date by itself afterwards", async (t) => {
  const page = await visit(t, "/keys", { expect: [AWAY] });
  await page.getByRole("link", { name: "payer" }).waitFor();
  await dashboard.service.end();
  await page.getByLabel("Search").fill("Made meanwhile");
  await lost(page).waitFor();
  await dashboard.service.serve();
  await dashboard.sites.keyward.createKey({ name: "Made meanwhile", permission: "read_only" });
  await page.getByRole("link", { name: "Made meanwhile" }).waitFor();
  await lost(page).waitFor({ state: "hidden" });
  assert.equal(await page.getByLabel("Search").inputValue(), "Made meanwhile");
});

test("whoever comes while keyward serve is away gets a page of nginx that says so, and the dashboard when it is back", async (t) => {
  await dashboard.service.end();
  const page = await visit(t, "/keys", { expect: [AWAY] });
  await page.getByText(/Keyward/).first().waitFor();
  assert.equal(await page.locator("script").count(), 0);
  await dashboard.service.serve();
  await page.reload();
  await headline(page, "Keys").waitFor();
});
