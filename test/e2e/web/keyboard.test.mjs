// keyboard.test.mjs - a key is made with the keyboard alone, and a dialog gives the focus back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { CLIPBOARD, clipboardOf, dialog, headline } from "../lib/hands.mjs";
import { KEY } from "../lib/installation.mjs";

const MOST_TABS = 80;
let dashboard, owner;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
});
after(() => dashboard.stop());

const hasFocus = (what) => what.evaluate((element) => element === document.activeElement);

/** Goes on with the tabulator until something has the focus, which has to be seen. */
async function tabTo(page, what) {
  await what.waitFor();
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    if (await hasFocus(what)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${what} cannot be reached with the keyboard`);
}

test("the first thing that the tabulator reaches skips the navigation", async (t) => {
  const page = await dashboard.visit(t, { as: owner, at: "/keys" });
  await headline(page, "Keys").waitFor();
  await page.evaluate(() => document.activeElement.blur());
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await tabTo(page, skip);
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "content");
});

test("a key is made, copied and left with the keyboard alone", async (t) => {
  const page = await dashboard.visit(t, { as: owner, at: "/keys", permissions: CLIPBOARD });
  await tabTo(page, page.getByRole("link", { name: "Create New Key" }));
  await page.keyboard.press("Enter");
  await headline(page, "Create New Key").waitFor();
  await tabTo(page, page.getByLabel(/^Name/));
  await page.keyboard.type("By keyboard");
  await tabTo(page, page.getByRole("checkbox", { name: /^Transactions/ }));
  await page.keyboard.press("Space");
  await tabTo(page, page.getByRole("button", { name: "Create sandbox key" }));
  await page.keyboard.press("Enter");
  await headline(page, "By keyboard").waitFor();
  assert.ok(await hasFocus(headline(page, "By keyboard")), "a screen reader hears where one is");
  await tabTo(page, page.getByRole("button", { name: "Copy the key" }));
  await page.keyboard.press("Enter");
  await page.getByText("Copied: this page can be left.").waitFor();
  assert.match(await clipboardOf(page), new RegExp(`^${KEY.source}$`));
  await tabTo(page, page.getByRole("link", { name: "Done" }));
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Revoke key" }).waitFor();
});

test("a dialog takes the focus, keeps it, closes with Escape, and gives it back to what opened it", async (t) => {
  const { id } = await dashboard.sites.keyward.createKey({ name: "Kept", permission: "read_only" });
  const page = await dashboard.visit(t, { as: owner, at: `/keys/${id}` });
  const button = page.getByRole("button", { name: "Revoke key" });
  await tabTo(page, button);
  await page.keyboard.press("Enter");
  const question = dialog(page, "Revoke this key");
  await question.getByLabel(/to confirm/).waitFor();
  for (let tabs = 0; tabs < 8; tabs++) {
    await page.keyboard.press("Tab");
    assert.ok(await question.evaluate((element) => element.contains(document.activeElement)), "the focus left the dialog");
  }
  await page.keyboard.press("Escape");
  await question.waitFor({ state: "hidden" });
  await page.waitForFunction((name) => document.activeElement?.textContent === name, "Revoke key");
});
