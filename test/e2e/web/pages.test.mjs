// pages.test.mjs - every page of the dashboard: for everybody (axe finds nothing serious, in light and dark), and on the narrowest screen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { barriersOn } from "../lib/browser.mjs";
import { contract } from "../lib/contract.mjs";
import { NARROW, startDashboard } from "../lib/dashboard.mjs";
import { dialog, press } from "../lib/hands.mjs";
import { comeTo, fillShop, pagesOf } from "../lib/shop.mjs";

let dashboard, shop;
before(async () => {
  dashboard = await startDashboard();
  shop = await fillShop(dashboard, { hard: true });
});
after(() => dashboard.stop());

/* Each is loaded anew: colours that are on their way from one scheme to the other are nobody's. */
const LOOKS = [{ colorScheme: "light" }, { colorScheme: "dark" }, { colorScheme: "light", viewport: NARROW }];

const sticksOut = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Somebody comes to a place in each look; `open` leads there, and `what` says which it is. */
async function assertFine(t, what, as, open) {
  for (const look of LOOKS) {
    const page = await dashboard.visit(t, { as, at: null, ...look });
    await open(page);
    assert.deepEqual(await barriersOn(page), [], `${what}: ${JSON.stringify(look)}`);
    assert.equal(await sticksOut(page), 0, `${what}: so many pixels stick out, ${JSON.stringify(look)}`);
    await page.close();
  }
}

test("every address of the contract's dashboard is among the pages that are looked at here", () => {
  const there = pagesOf(shop).map(({ at }) => at.replace(/\/(?!new$)[^/]+$/, (end) => (/\/(keys|activity|members|accounts)\//.test(at) ? "/{id}" : end)));
  assert.deepEqual(there.sort(), [...contract["x-dashboard"].pages].sort());
});

for (const name of ["sign-in", "forgot", "link", "overview", "keys", "new-key", "key", "activity", "request", "policy", "members", "member", "tokens", "accounts", "account", "you"])
  test(`the page ${name} has no barrier in light, dark or narrow, and nothing of it sticks out`, async (t) => {
    const { as, at } = pagesOf(shop).find((page) => page.name === name);
    await assertFine(t, name, as, async (page) => {
      await comeTo(page, dashboard.origin + at);
      assert.equal(await page.getByText("There is no such page").count(), 0, `${at} is not there`);
    });
  });

for (const [button, title] of [["Change", "Change this key"], ["Disable", "Disable this key"], ["Revoke key", "Revoke this key"]])
  test(`the dialog "${title}" has no barrier in light, dark or narrow, and nothing of it sticks out`, (t) =>
    assertFine(t, title, shop.owner, async (page) => {
      await comeTo(page, `${dashboard.origin}/keys/${shop.one.key}`);
      await press(page, button);
      await dialog(page, title).waitFor();
    }));
