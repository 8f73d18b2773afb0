// reports.test.mjs - weekly reports on their pages: written, looked through and acknowledged, and put on paper.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { dialog, follow, headline, press } from "../lib/hands.mjs";
import { assertFine } from "../lib/looks.mjs";
import { HARD_NAMES } from "../lib/shop.mjs";
import { SANDBOX } from "../lib/sites.mjs";

const SCRIPT = `<script>alert(1)</script><img src=x onerror=alert(2)>`;
let dashboard, owner, operator, teams = 0;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
  operator = await dashboard.member({ email: "operator@shop.example", role: "owner", operator: true });
});
after(() => dashboard.stop());

const visit = (t, at, more) => dashboard.visit(t, { as: owner, at, ...more });
const part = (page, name) => page.getByRole("region", { name, exact: true });

/** The report of an account of its own, since one is written by hand in an hour; and `as`, a member of it. */
async function write(role = "owner") {
  const account = `team${++teams}`;
  assert.equal((await dashboard.service.call("POST", "/v1/accounts", { id: account, name: account })).status, 201);
  const as = await dashboard.member({ email: `${role}@${account}.example`, role, account });
  const { status, json, text } = await dashboard.service.call("POST", "/v1/reports", { account });
  assert.equal(status, 201, text);
  return { id: json.id, as };
}

/** As the API would answer in another week: keys and alerts that a test cannot let grow old. */
function reportOf(more = {}) {
  return {
    id: "7Q2mK4T9xJ1aBd", account: "main", from: "2026-11-23T07:00:00Z", to: "2026-11-30T07:00:00Z", state: "open", requests: { allowed: 48200, denied: 16, reasons: { frozen: 4, permission_denied: 12 } },
    signIns: { done: 9, refused: 1 }, alerts: { raised: { low: 1, medium: 0, high: 2, critical: 0 }, notResolved: 1, newPlaces: [{ alert: "5fGh2kLm9pQr3s", key: "7Q2mK4T9xJ1aBd", detector: "new_country" }] },
    keys: { active: 14, overdue: { count: 0, keys: [] }, dueSoon: { count: 0, keys: [] }, expiring: { count: 0, keys: [] }, unused: { count: 0, keys: [] }, advice: { count: 0, looked: 14, keys: [] } }, version: 1,
    history: [{ at: "2026-11-30T07:00:10Z", by: "watch", state: "open", note: null }], ...more,
  };
}

const adviceOf = (keys) => ({ count: 1200, looked: 10_000, keys: keys.slice(0, 8).map((key) => ({ key, kinds: ["smaller_permissions", "addresses", "unused"] })) });

async function showReport(page, report) {
  await page.route(/\/v1\/reports(\?|$)/, (route) => (route.request().method() === "GET" ? route.fulfill({ json: { reports: [report], next: null } }) : route.fallback()));
  await page.route(new RegExp(`/v1/reports/${report.id}$`), (route) => route.fulfill({ json: report }));
}

test("where there is none the page says when one comes; written now, it counts what was asked", async (t) => {
  const key = await dashboard.sites.keyward.createKey({ name: "Counted", permission: "read_only" });
  for (let i = 0; i < 3; i++) await dashboard.sites.ask(SANDBOX, `GET /read/orders/${i}`, { key });
  const page = await visit(t, "/reports");
  await page.getByText("No reports yet").waitFor();
  await page.getByText(/The first one comes when the account is a week old/).waitFor();
  await page.getByRole("button", { name: "Write one now" }).first().dblclick();
  await headline(page, /^Report of .* to .*/).waitFor();
  await part(page, "Requests").getByText("Allowed").waitFor();
  await page.getByText("Not looked through").waitFor();
  await part(page, "History").getByText("Written").waitFor();
  assert.equal((await owner.call("GET", "/v1/reports")).json.reports.length, 1, "pressed twice it is written once");
});

test("a report is acknowledged with a comment, and its history says by whom", async (t) => {
  const { id, as } = await write();
  const page = await visit(t, `/reports/${id}`, { as });
  await page.getByLabel("Comment").fill("Two keys to rotate,\ndone");
  await press(page, "Acknowledge");
  await page.getByText("Looked through", { exact: true }).first().waitFor();
  await part(page, "History").getByText("Two keys to rotate, done").waitFor();
  assert.deepEqual(await part(page, "History").getByRole("listitem").locator("span:first-child").allTextContents(), ["Looked through", "Written"]);
  assert.equal(await page.getByRole("button", { name: "Acknowledge" }).count(), 0);
  assert.ok(await headline(page, /^Report/).evaluate((heading) => heading === document.activeElement), "the button that had the focus is gone");
  await page.goto(`${dashboard.origin}/reports`);
  await page.getByRole("row").filter({ has: page.locator(`a[href='/reports/${id}']`) }).getByText("Looked through").waitFor();
});

test("who was slower is told, and sees that it was looked through", async (t) => {
  const { id, as } = await write();
  const page = await visit(t, `/reports/${id}`, { as, expect: [/ 409 \(\) .*acknowledge$/] });
  await page.getByRole("button", { name: "Acknowledge" }).waitFor();
  assert.equal((await dashboard.service.call("POST", `/v1/reports/${id}/acknowledge`, {})).status, 200);
  await press(page, "Acknowledge");
  await page.getByText("Looked through", { exact: true }).first().waitFor();
});

test("what is named leads to it: keys by their names, alerts, and what was denied", async (t) => {
  const { id } = await dashboard.sites.keyward.createKey({ name: "Overdue for weeks", permission: "read_only" });
  const page = await visit(t, null, { expect: [/ 404 \(\) .*\/v1\/keys\//] });
  await showReport(page, reportOf({ keys: { active: 14, overdue: { count: 11, keys: [id, "7Q2mK4T9xJ1aBd"] }, dueSoon: { count: 0, keys: [] }, expiring: { count: 0, keys: [] }, unused: { count: 1, keys: [id] }, advice: { count: 9, looked: 14, keys: [{ key: id, kinds: ["smaller_permissions", "expiry"] }] } } }));
  await page.goto(`${dashboard.origin}/reports/7Q2mK4T9xJ1aBd`);
  await part(page, "Keys").getByRole("link", { name: "Overdue for weeks" }).first().waitFor();
  await part(page, "Keys").getByText("and 9 more").waitFor();
  await part(page, "Advice").getByText("9 of 14").waitFor();
  await part(page, "Advice").getByRole("listitem").filter({ hasText: "smaller permission, an expiry" }).getByRole("link", { name: "Overdue for weeks" }).waitFor();
  for (const href of ["/keys/7Q2mK4T9xJ1aBd", "/alerts/5fGh2kLm9pQr3s", "/accounts/main", "/alerts?state=all&account=main"]) assert.ok(await page.locator(`main a[href='${href}']`).count() >= 1, href);
  assert.deepEqual(await part(page, "Requests").getByRole("listitem").allTextContents(), ["Permission missing permission_denied12", "Frozen frozen4"]);
  assert.match(await part(page, "Requests").getByRole("link").first().getAttribute("href"), /^\/activity\?from=2026-11-23T07%3A00%3A00Z&until=.*&account=main&reason=permission_denied$/);
});

test("a report that does not know what could be advised says so", async (t) => {
  const page = await visit(t, null), { keys } = reportOf();
  await showReport(page, reportOf({ keys: { ...keys, advice: null } }));
  await page.goto(`${dashboard.origin}/reports/7Q2mK4T9xJ1aBd`);
  await part(page, "Advice").getByText("Not known").waitFor();
});

test("a second one within the hour is not written, and that is told", async (t) => {
  const { as } = await write();
  const page = await visit(t, "/reports", { as, expect: [/ 409 \(\) .*\/v1\/reports$/] });
  await page.getByRole("table").waitFor();
  await press(page, "Write one now");
  await page.getByRole("alert").waitFor();
});

test("who sees all accounts says of which one a report is written", async (t) => {
  assert.equal((await dashboard.service.call("POST", "/v1/accounts", { id: "branch", name: "Branch office" })).status, 201);
  const page = await visit(t, "/reports?account=branch", { as: operator });
  await page.getByRole("button", { name: "Write one now" }).first().click();
  const asked = dialog(page, "Write a report now");
  assert.equal(await asked.getByLabel("Account").inputValue(), "branch");
  await press(asked, "Write it");
  await headline(page, /^Report of/).waitFor();
  await page.locator("main a[href='/accounts/branch']").waitFor();
});

test("who only reads is offered nothing but paper", async (t) => {
  const { id, as } = await write("viewer");
  const page = await visit(t, "/reports", { as });
  await page.locator(`a[href='/reports/${id}']`).waitFor();
  assert.equal(await page.getByRole("main").getByRole("button").count(), 0);
  await page.locator(`a[href='/reports/${id}']`).click();
  await part(page, "History").waitFor();
  assert.deepEqual(await page.getByRole("main").getByRole("button").allTextContents(), ["Print"]);
  assert.equal(await page.getByRole("textbox").count(), 0);
});

test("on paper a report is one page, without what stands around it, also of who sees it in the dark", async (t) => {
  const page = await visit(t, null, { colorScheme: "dark", expect: [/ 404 \(\) .*\/v1\/keys\//] }), keys = Array.from({ length: 8 }, (_, i) => `${i}Q2mK4T9xJ1aBd`), group = { count: 20, keys };
  await showReport(page, reportOf({ keys: { active: 90, overdue: group, dueSoon: group, expiring: group, unused: group, advice: adviceOf(keys) } }));
  await page.goto(`${dashboard.origin}/reports/7Q2mK4T9xJ1aBd`);
  await part(page, "Keys").waitFor();
  await page.waitForLoadState("networkidle");
  await page.emulateMedia({ media: "print" });
  for (const gone of [page.getByRole("navigation"), page.getByRole("button"), page.getByRole("textbox")]) assert.equal(await gone.filter({ visible: true }).count(), 0);
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).color), "rgb(0, 0, 0)");
  const paper = (await page.pdf({ format: "A4" })).toString("latin1");
  assert.equal(paper.match(/\/Type\s*\/Page\b/g).length, 1);
});

test("F7_script_in_a_comment_to_a_report_is_shown_as_text", async (t) => {
  const { id, as } = await write();
  assert.equal((await as.call("POST", `/v1/reports/${id}/acknowledge`, { comment: SCRIPT })).status, 200);
  const page = await visit(t, `/reports/${id}`, { as });
  page.on("dialog", () => assert.fail("a script ran"));
  await page.getByText(SCRIPT).waitFor();
  assert.equal(await page.locator("img[src=x], script:not([src]), [onerror]").count(), 0);
});

test("a report that there is not, or that is of another account, is not there", async (t) => {
  const page = await visit(t, "/reports/7Q2mK4T9xJ1aBd", { expect: [/ 404 \(\) /] });
  await headline(page, "No such report").waitFor();
  await follow(page, "All reports");
  await headline(page, "Reports").waitFor();
});

test("a full report, with names that are long, looks right to everybody", async (t) => {
  const keys = [];
  for (const name of HARD_NAMES) keys.push((await dashboard.sites.keyward.createKey({ name, permission: "read_only" })).id);
  const group = { count: 1200, keys }, report = reportOf({ requests: { allowed: 1_234_567_890, denied: 98_765_432, reasons: { permission_denied: 98_765_000, a_reason_that_is_not_known_here_yet: 432 } }, keys: { active: 1300, overdue: group, dueSoon: group, expiring: group, unused: group, advice: adviceOf(keys) } });
  for (const at of [`/reports/${report.id}`, "/reports"])
    await assertFine(dashboard, t, at, owner, async (page) => {
      await showReport(page, report);
      await page.goto(dashboard.origin + at);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
    });
});
