// usage.test.mjs - how much was asked, allowed and denied, on its page: of everything, of an account and of a key.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../lib/check.mjs";
import { startDashboard } from "../lib/dashboard.mjs";
import { follow, headline } from "../lib/hands.mjs";
import { assertFine } from "../lib/looks.mjs";
import { PRODUCTION, SANDBOX } from "../lib/sites.mjs";

let dashboard, owner, viewer, operator, key;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
  viewer = await dashboard.member({ email: "viewer@shop.example", role: "viewer" });
  operator = await dashboard.member({ email: "operator@shop.example", role: "owner", operator: true });
  key = await dashboard.sites.keyward.createKey({ name: "Counted", permission: "read_only" });
  const live = await dashboard.sites.keyward.createKey({ name: "Live", permission: "transactions", environment: "production" });
  for (let i = 0; i < 3; i++) await dashboard.sites.ask(SANDBOX, `GET /read/orders/${i}`, { key });
  await dashboard.sites.ask(SANDBOX, "POST /pay/orders/1", { key });
  await dashboard.sites.ask(PRODUCTION, "POST /pay/orders/2", { key: live });
  await until(async () => (await owner.call("GET", "/v1/usage")).json.allowed === 4); /* counted a little behind */
});
after(() => dashboard.stop());

const visit = (t, at, more) => dashboard.visit(t, { as: owner, at, ...more });
const part = (page, name) => page.getByRole("region", { name, exact: true });
const legend = (page, text) => part(page, "Requests").getByText(text).first().waitFor();
const search = (page) => new URL(page.url()).search;

test("everything of the last day is shown, by reason and by what routes ask for, and each reason leads to what it refused", async (t) => {
  const page = await visit(t, "/usage");
  await legend(page, "4 allowed");
  await legend(page, "1 denied");
  await part(page, "By what routes ask for").getByRole("row", { name: "Transact 1 1" }).waitFor();
  await part(page, "By network").getByText("Networks are counted for each key: ask for one above.").waitFor();
  await part(page, "By route").getByRole("row", { name: "GET /read/** 3 0" }).waitFor();
  await part(page, "By route").getByRole("row", { name: "POST /pay/** 1 1" }).waitFor();
  await part(page, "By country").getByText("location_country_file").waitFor();
  await part(page, "How long decisions took").getByText(/^[\d.,]+ (ns|µs|ms)$/).first().waitFor();
  await part(page, "Denied, by reason").getByRole("link", { name: /Permission missing/ }).click();
  await headline(page, "Activity").waitFor();
  assert.equal(search(page), "?from=24h&reason=permission_denied");
});

test("what is asked for stands in the address: the time, the environment and the key", async (t) => {
  const page = await visit(t, "/usage?range=nonsense&environment=moon");
  await legend(page, "4 allowed");
  await page.getByRole("radiogroup", { name: "Time shown" }).getByText("7 days").click();
  await page.getByLabel("Environment").selectOption("Production");
  await legend(page, "1 allowed");
  assert.equal(search(page), "?range=7d&environment=production");
  await page.getByRole("radiogroup", { name: "Time shown" }).getByText("90 days").click();
  await page.getByLabel("Environment").selectOption("Both");
  await legend(page, "4 allowed");
  assert.equal(search(page), "?range=90d");
});

test("a whole key that is pasted leaves its id in the address alone; its networks stand in for places, and why is said", async (t) => {
  const page = await visit(t, "/usage");
  await page.getByLabel("Key", { exact: true }).fill(key.key);
  await page.getByLabel("Key", { exact: true }).press("Enter");
  await legend(page, "3 allowed");
  assert.equal(search(page), `?key=${key.id}`);
  assert.equal(await page.getByLabel("Key", { exact: true }).inputValue(), key.id);
  await page.getByRole("main").getByRole("link", { name: "Counted" }).waitFor();
  await part(page, "By network").getByText("127.0.0.0/24").waitFor();
  await part(page, "By network").getByText("location_country_file").waitFor();
});

test("where nothing was asked, each part says so", async (t) => {
  const page = await visit(t, "/usage?environment=production");
  const { json } = await owner.call("GET", "/v1/usage?account=nobody");
  await page.route(/\/v1\/usage/, (route) => route.fulfill({ json: { ...json, places: true } }));
  await page.goto(`${dashboard.origin}/usage`);
  await part(page, "By route").getByText("No request on these days.").waitFor();
  await part(page, "By country").getByText("No request on these days.").waitFor();
  await part(page, "How long decisions took").getByText("No decision on these days.").waitFor();
});

test("countries have names, and what is not one says what it is", async (t) => {
  const page = await visit(t, null);
  const { json } = await owner.call("GET", "/v1/usage");
  const countries = ["NG", "unknown", "other"].map((country, i) => ({ country, allowed: 3 - i, denied: i, lastAt: json.recordedUntil }));
  const routes = ["none", "unknown", "other"].map((route, i) => ({ route, allowed: 3 - i, denied: i, lastAt: json.recordedUntil }));
  await page.route(/\/v1\/usage/, (route) => route.fulfill({ json: { ...json, places: true, countries, routes } }));
  await page.goto(`${dashboard.origin}/usage`);
  for (const name of ["Nigeria 3 0", "Not known 2 1", "All others 1 2"]) await part(page, "By country").getByRole("row", { name }).waitFor();
  for (const name of ["No line of the policy 3 0", "A line that is not known any more 2 1", "All others 1 2"]) await part(page, "By route").getByRole("row", { name }).waitFor();
  await page.goto(`${dashboard.origin}/keys/${key.id}`);
  const use = page.getByRole("region", { name: "How it is used" });
  await use.getByRole("row", { name: "Nigeria 3 0" }).waitFor();
});

test("where there is a location file nothing stands in for it", async (t) => {
  const page = await visit(t, null);
  const { json } = await owner.call("GET", "/v1/installation");
  await page.route(/\/v1\/installation$/, (route) => route.fulfill({ json: { ...json, places: true } }));
  const usage = (await owner.call("GET", `/v1/usage?key=${key.id}`)).json;
  await page.route(/\/v1\/usage/, (route) => route.fulfill({ json: { ...usage, places: true } }));
  await page.goto(`${dashboard.origin}/usage?key=${key.id}`);
  await part(page, "By network").getByText("127.0.0.0/24").waitFor();
  await page.waitForLoadState("networkidle");
  assert.equal(await page.getByText("location_country_file").count(), 0);
});

test("the page of a key and the overview lead there, with what they show", async (t) => {
  const page = await visit(t, `/keys/${key.id}`);
  await page.getByRole("region", { name: "How it is used" }).getByRole("row", { name: "GET /read/** 3 0" }).waitFor();
  await page.getByRole("region", { name: "How it is used" }).getByLabel("Time shown").selectOption("The last 7 days");
  await follow(page.getByRole("region", { name: "How it is used" }), "All of it");
  await headline(page, "Usage").waitFor();
  assert.equal(search(page), `?range=7d&key=${key.id}`);
  await page.goto(`${dashboard.origin}/?range=30d`);
  const ways = page.getByRole("region", { name: "Traffic" });
  assert.equal(await ways.getByRole("link", { name: "Activity" }).getAttribute("href"), "/activity?from=30d&kind=event");
  await follow(ways, "Usage");
  await headline(page, "Usage").waitFor();
  assert.equal(search(page), "?range=30d");
});

test("who sees all accounts chooses one; a viewer sees his own, and cannot", async (t) => {
  assert.equal((await dashboard.service.call("POST", "/v1/accounts", { id: "branch", name: "Branch office" })).status, 201);
  const page = await visit(t, "/usage", { as: operator });
  await legend(page, "4 allowed");
  await page.getByLabel("Account").selectOption("branch");
  await part(page, "Requests").getByText("No request in this time.").waitFor();
  assert.equal(search(page), "?account=branch");
  const own = await visit(t, "/usage", { as: viewer });
  await legend(own, "4 allowed");
  assert.equal(await own.getByLabel("Account").count(), 0);
});

test("a key that there is not is told of", async (t) => {
  const page = await visit(t, "/usage?key=7Q2mK4T9xJ1aBd", { expect: [/ 404 \(\) /] });
  await page.getByRole("alert").waitFor();
});

test("large numbers and long networks look right to everybody", async (t) => {
  const hour = (i) => new Date(Math.floor(Date.now() / 3_600_000 - i) * 3_600_000).toISOString().replace(".000", "");
  const usage = {
    from: hour(23), until: hour(-1), step: "hour", recordedUntil: hour(3), allowed: 98_765_432_100, denied: 12_345_678, buckets: Array.from({ length: 24 }, (_, i) => ({ time: hour(23 - i), allowed: i * 41_000_000, denied: i * 500_000 })),
    reasons: [{ reason: "permission_denied", count: 12_000_000 }, { reason: "a_reason_that_is_not_known_here_yet", count: 345_678 }], classes: ["unlisted", "read", "transact", "manage", "public", "deny"].map((name) => ({ class: name, allowed: 98_765_432, denied: 12_345 })),
    places: true, latency: { count: 98_777_777_778, medianNs: 1151, p95Ns: 230_300, p99Ns: 46_070_000, maxNs: 4_294_967_295 },
    routes: [...Array.from({ length: 20 }, (_, i) => ({ route: `DELETE /api/v1/wallets/{wallet}/organisations/{organisation}/${"verylongsegment".repeat(i)}`, allowed: 98_765_432, denied: i, lastAt: hour(i) })), { route: "other", allowed: 1, denied: 0, lastAt: hour(2) }],
    countries: [...["NG", "GS", "BQ", "CH", "unknown"].map((country, i) => ({ country, allowed: 98_765_432, denied: i, lastAt: hour(i) })), { country: "other", allowed: 1, denied: 0, lastAt: hour(2) }],
    sources: [...Array.from({ length: 19 }, (_, i) => ({ source: `2001:db8:${i}234::/48`, allowed: 98_765_432, denied: 1, lastAt: hour(i) })), { source: "other", allowed: 1, denied: 0, lastAt: hour(2) }],
  };
  await assertFine(dashboard, t, "usage", owner, async (page) => {
    await page.route(/\/v1\/usage/, (route) => route.fulfill({ json: usage }));
    await page.goto(`${dashboard.origin}/usage?key=${key.id}`);
    await page.getByText(/^Counted up to/).waitFor();
    await page.waitForLoadState("networkidle");
  });
});
