// activity.test.mjs - the record, as a person reads it: as it grows, narrowed down, one request explained, taken out.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import { after, before, test } from "node:test";
import { until } from "../lib/check.mjs";
import { startDashboard } from "../lib/dashboard.mjs";
import { dialog, follow, headline, press } from "../lib/hands.mjs";
import { SANDBOX } from "../lib/sites.mjs";

let dashboard, owner, key;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
  key = await dashboard.sites.keyward.createKey({ name: "Reader", permission: "read_only" });
  for (const at of ["/read/first", "/pay/closed-to-readers"]) await ask(at);
});
after(() => dashboard.stop());

const ask = (at) => dashboard.sites.ask(SANDBOX, `GET ${at}`, { key });
const visit = (t, at, more) => dashboard.visit(t, { as: owner, at, ...more });
const line = (page, text) => page.getByRole("listitem").filter({ hasText: text });

test("a request that is made now comes into the list by itself while it is live", async (t) => {
  const page = await visit(t, "/activity");
  await line(page, "/read/first").waitFor();
  await page.getByLabel("Live").click({ force: true });
  await page.waitForURL(/[?&]live=1/);
  await page.getByText(/Live|Waiting/).first().waitFor();
  let n = 0;
  const seen = line(page, "/read/while-live").first().waitFor();
  const asking = setInterval(() => n++ < 20 && void ask("/read/while-live"), 1_000);
  t.after(() => clearInterval(asking));
  await seen;
});

test("what is looked for stands in the address, and the address finds it again", async (t) => {
  const page = await visit(t, "/activity");
  await line(page, "/read/first").waitFor();
  await page.getByLabel("Outcome").selectOption("deny");
  await page.waitForURL(/[?&]verdict=deny/);
  await line(page, "/pay/closed-to-readers").waitFor();
  await line(page, "/read/first").waitFor({ state: "detached" });
  await page.getByLabel("Reason").selectOption("permission_denied");
  await page.waitForURL(/reason=permission_denied/);
  await page.goto(page.url());
  await line(page, "/pay/closed-to-readers").waitFor();
  assert.equal(await page.getByLabel("Outcome").inputValue(), "deny");
  await press(page, "Show everything");
  await line(page, "/read/first").waitFor();
});

test("a whole key that is pasted into a filter leaves its id there, and never stands in the address", async (t) => {
  const page = await visit(t, "/activity");
  const field = page.getByLabel("Key id");
  await field.fill(key.key);
  await field.press("Enter");
  await page.waitForURL(new RegExp(`key=${key.id}`));
  assert.ok(!page.url().includes(key.key.split("_").pop()));
  await line(page, "/read/first").waitFor();
});

test("a request that was refused is explained, step by step, at an address of its own", async (t) => {
  const page = await visit(t, "/activity?verdict=deny&kind=event");
  await line(page, "/pay/closed-to-readers").getByRole("link").first().click();
  await headline(page, /Denied: Permission missing/).waitFor();
  await page.getByText("How it was decided").waitFor();
  assert.match(page.url(), /\/activity\/[0-9a-f]{32}$/);
  await page.reload();
  await headline(page, /Denied: Permission missing/).waitFor();
  await follow(page, "All with this key");
  await page.waitForURL(new RegExp(`/activity\\?key=${key.id}`));
});

test("what the filters find is taken out as a file, a JSON object a line", async (t) => {
  const page = await visit(t, `/activity?key=${key.id}&verdict=deny`);
  await line(page, "/pay/closed-to-readers").waitFor();
  await press(page, "Export");
  const [download] = await Promise.all([page.waitForEvent("download"), press(dialog(page, "Export the record"), "Export")]);
  assert.match(download.suggestedFilename(), /^keyward-record-.*\.ndjson$/);
  const records = (await fs.readFile(await download.path(), "utf8")).trim().split("\n").map((text) => JSON.parse(text));
  assert.ok(records.length >= 1);
  for (const record of records) assert.deepEqual([record.key_id, record.verdict], [key.id, "deny"]);
});

test("the chain of the record is checked by an operator, and offered to nobody else", async (t) => {
  const mine = await visit(t, "/activity");
  await line(mine, "/read/first").waitFor();
  assert.equal(await mine.getByRole("button", { name: "Check the chain" }).count(), 0);
  const operator = await dashboard.member({ email: "operator@shop.example", role: "owner", operator: true });
  const page = await dashboard.visit(t, { as: operator, at: "/activity" });
  await press(page, "Check the chain");
  await press(dialog(page, "Check the chain"), "Check the chain");
  await page.getByText("It holds").waitFor();
});

test("D11_a_secret_used_after_its_end_is_warned_of_in_plain_words", async (t) => {
  const { service } = dashboard.sites.keyward, old = await dashboard.sites.keyward.createKey({ name: "Rotated", permission: "read_only" });
  await service.ok("keys", "rotate", old.id, "--overlap", "0", "--json");
  assert.equal((await dashboard.sites.ask(SANDBOX, "GET /read/late", { key: old })).status, 401);
  await until(async () => (await service.call("GET", `/v1/events?kind=warning&key=${old.id}`)).json.events.length > 0, 30);
  const page = await visit(t, "/activity?kind=warning");
  const warned = line(page, "Old secret used after its end");
  await warned.getByRole("img", { name: "Warning" }).waitFor();
  await warned.getByRole("link", { name: old.id }).waitFor();
  assert.equal(await warned.getByText("claimed").count(), 0, "nobody claimed it: it is known");
  await warned.getByRole("button").click();
  await warned.getByText("Generation of the secret").waitFor();
});
