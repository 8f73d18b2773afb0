// overview.test.mjs - the first page: its numbers are those of what there is, and lead to it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { headline } from "../lib/hands.mjs";
import { SANDBOX } from "../lib/sites.mjs";

let dashboard, owner;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
});
after(() => dashboard.stop());

const create = (name, ...more) => dashboard.sites.keyward.createKey({ name, permission: "read_only", more });
const ask = (line, key) => dashboard.sites.ask(SANDBOX, line, { key });

test("it_counts_the_keys_and_what_wants_looking_after_and_leads_there", async (t) => {
  await create("Due soon", "--rotation-days", "20");
  await dashboard.service.ok("keys", "disable", (await create("Off")).id);
  const { json } = await dashboard.service.call("GET", "/v1/overview");
  const page = await dashboard.visit(t, { as: owner, at: "/" });
  const wants = page.getByRole("list", { name: "What wants looking after" });
  await wants.getByRole("link", { name: new RegExp(`^${json.rotation.due30Days}\\s*due for rotation`) }).waitFor();
  await page.getByRole("link", { name: `${json.keys.sandbox.disabled} disabled keys of sandbox` }).click();
  await headline(page, "Keys").waitFor();
  await page.getByRole("table", { name: "Keys" }).getByRole("link", { name: "Off" }).waitFor();
  assert.equal(await page.getByRole("table", { name: "Keys" }).getByRole("link", { name: "Due soon" }).count(), 0);
});

test("those_that_are_to_end_soon_are_counted_and_it_leads_to_exactly_them", async (t) => {
  for (const [name, expires] of [["Ends soon", "7d"], ["Ends late", "90d"]]) await create(name, "--expires", expires);
  const page = await dashboard.visit(t, { as: owner, at: "/" });
  await page.getByRole("list", { name: "What wants looking after" }).getByRole("link", { name: /^1\s*expiring within 30 days/ }).click();
  await headline(page, "Keys").waitFor();
  const table = page.getByRole("table", { name: "Keys" });
  await table.getByRole("link", { name: "Ends soon" }).waitFor();
  assert.equal(await table.getByRole("link", { name: /^(Ends late|Due soon|Off)$/ }).count(), 0);
  assert.ok(await page.getByLabel("Expiring within 30 days").isChecked());
});

test("what_was_refused_is_counted_by_its_reason", async (t) => {
  const { key } = await create("Busy");
  for (let i = 0; i < 3; i++) assert.equal((await ask("GET /read/x", key)).status, 200);
  assert.equal((await ask("POST /pay/x", key)).status, 403);
  const page = await dashboard.visit(t, { as: owner, at: "/" });
  await page.getByText("3 allowed").first().waitFor();
  await page.getByText("Permission missing").first().waitFor();
});
