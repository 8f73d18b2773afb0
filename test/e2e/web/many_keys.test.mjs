// many_keys.test.mjs - a list of 10,000 keys is as usable as one of ten.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";

const KEYS = 10_000, AT_ONCE = 8, MOST_MS = 10_000;
let dashboard, owner;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
  let n = 0;
  const worker = async () => {
    while (n < KEYS) {
      const body = { name: `Key ${n++}`, account: "main", environment: "sandbox", permissions: ["read_only"] };
      const { status, text } = await dashboard.service.call("POST", "/v1/keys", body);
      assert.equal(status, 201, text);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
});
after(() => dashboard.stop());

test("among 10,000 keys the list comes, one is found, and another page of them is shown, each in good time", async (t) => {
  const page = await dashboard.visit(t, { as: owner, at: null }), took = {};
  const rows = page.getByRole("table", { name: "Keys" }).getByRole("link");
  const time = async (what, action) => {
    const began = performance.now();
    await action();
    took[what] = Math.round(performance.now() - began);
  };
  await time("list", async () => {
    await page.goto(`${dashboard.origin}/keys`);
    await rows.first().waitFor();
  });
  const first = await rows.count();
  await time("more", async () => {
    await page.getByRole("button", { name: "Show more" }).click();
    await rows.nth(first).waitFor();
  });
  await time("search", async () => {
    await page.getByLabel("Search").fill("Key 4321");
    await page.getByText("1 key", { exact: true }).waitFor();
  });
  assert.deepEqual(await rows.allTextContents(), ["Key 4321"]);
  t.diagnostic(Object.entries(took).map(([what, ms]) => `${what} ${ms} ms`).join(", "));
  for (const [what, ms] of Object.entries(took)) assert.ok(ms < MOST_MS, `${what} took ${ms} ms`);
});
