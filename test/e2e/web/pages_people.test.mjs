// pages_people.test.mjs - the pages of people, tokens, accounts and the policy, and dialogs: for everybody, and on the narrowest screen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { dialog, press } from "../lib/hands.mjs";
import { assertFine } from "../lib/looks.mjs";
import { comeTo, fillShop, pagesOf } from "../lib/shop.mjs";

let dashboard, shop;
before(async () => {
  dashboard = await startDashboard();
  shop = await fillShop(dashboard, { hard: true });
});
after(() => dashboard.stop());

for (const name of ["policy", "members", "member", "tokens", "accounts", "account", "you"])
  test(`the page ${name} has no barrier in light, dark or narrow, and nothing of it sticks out`, async (t) => {
    const { as, at } = pagesOf(shop).find((page) => page.name === name);
    await assertFine(dashboard, t, name, as, async (page) => {
      await comeTo(page, dashboard.origin + at);
      assert.equal(await page.getByText("There is no such page").count(), 0, `${at} is not there`);
    });
  });

for (const [button, title] of [["Change", "Change this key"], ["Disable", "Disable this key"], ["Revoke key", "Revoke this key"]])
  test(`the dialog "${title}" has no barrier in light, dark or narrow, and nothing of it sticks out`, (t) =>
    assertFine(dashboard, t, title, shop.owner, async (page) => {
      await comeTo(page, `${dashboard.origin}/keys/${shop.one.key}`);
      await press(page, button);
      await dialog(page, title).waitFor();
    }));
