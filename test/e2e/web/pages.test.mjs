// pages.test.mjs - the pages of keys, of the record, of the watch and of webhooks, and those before one is in: for everybody, and on the narrowest screen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { contract } from "../lib/contract.mjs";
import { startDashboard } from "../lib/dashboard.mjs";
import { assertFine } from "../lib/looks.mjs";
import { comeTo, fillShop, pagesOf } from "../lib/shop.mjs";

let dashboard, shop;
before(async () => {
  dashboard = await startDashboard();
  shop = await fillShop(dashboard, { hard: true });
});
after(() => dashboard.stop());

test("every address of the contract's dashboard is among the pages that are looked at here", () => {
  const there = pagesOf(shop).map(({ at }) => at.replace(/[?].*$/, "").replace(/\/(?!new$)[^/]+$/, (end) => (/\/(keys|activity|alerts|reports|webhooks|members|accounts)\//.test(at) ? "/{id}" : end)));
  assert.deepEqual([...new Set(there)].sort(), [...contract["x-dashboard"].pages].sort());
});

for (const name of ["sign-in", "forgot", "link", "overview", "keys", "new-key", "shown-once", "key", "activity", "request", "alerts", "alert", "reports", "report", "usage", "usage-of-key", "detectors", "webhooks", "webhook"])
  test(`the page ${name} has no barrier in light, dark or narrow, and nothing of it sticks out`, async (t) => {
    const { as, at, then } = pagesOf(shop).find((page) => page.name === name);
    await assertFine(dashboard, t, name, as, async (page) => {
      await comeTo(page, dashboard.origin + at, then);
      assert.equal(await page.getByText("There is no such page").count(), 0, `${at} is not there`);
    });
  });
