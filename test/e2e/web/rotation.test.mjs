// rotation.test.mjs - a key led from one secret to the next on its page: shown once, watched, completed, cancelled.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { CLIPBOARD, clipboardOf, dialog, press } from "../lib/hands.mjs";
import { assertFine } from "../lib/looks.mjs";
import { SANDBOX } from "../lib/sites.mjs";

let dashboard, owner;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
});
after(() => dashboard.stop());

const create = (name) => dashboard.sites.keyward.createKey({ name, permission: "read_only" });
const statusOf = async (key) => (await dashboard.sites.ask(SANDBOX, "GET /read/x", { key })).status;

/** Rotates on the page of the key: the page, and what was copied. */
async function rotate(t, { id }, overlap = "1h") {
  const page = await dashboard.visit(t, { as: owner, at: `/keys/${id}`, permissions: CLIPBOARD });
  await press(page, "Rotate");
  const question = dialog(page, "Rotate this key");
  await question.getByLabel("The old secret goes on working for").selectOption(overlap);
  await press(question, "Rotate key");
  const shown = dialog(page, "The new secret");
  await press(shown, "Copy the key");
  await shown.getByText("Copied.", { exact: true }).waitFor();
  const key = await clipboardOf(page);
  await press(shown, "Done");
  await shown.waitFor({ state: "hidden" });
  return { page, key };
}

test("D11_a_rotated_key_works_with_both_secrets_and_its_page_says_until_when", async (t) => {
  const old = await create("Two secrets");
  const { page, key } = await rotate(t, old);
  assert.deepEqual([await statusOf(old.key), await statusOf(key)], [200, 200]);
  assert.ok(!(await page.content()).includes(key), "it is nowhere any more");
  await page.getByText("Both secrets work: the old one until").waitFor();
  assert.equal(await page.getByRole("button", { name: "Rotate", exact: true }).count(), 0);
});

test("who_still_uses_the_old_secret_is_shown_and_refused_once_the_rotation_is_completed", async (t) => {
  const old = await create("Straggler");
  const { page, key } = await rotate(t, old);
  await statusOf(old.key);
  await page.reload();
  await page.getByRole("table", { name: "Who uses the old secret" }).getByRole("row").nth(1).waitFor();
  await press(page, "Complete now");
  await press(dialog(page, "Complete the rotation"), "End the old secret");
  await page.getByText("The other is refused since").waitFor();
  assert.deepEqual([await statusOf(old.key), await statusOf(key)], [401, 200]);
});

test("a_cancelled_rotation_leaves_the_old_secret", async (t) => {
  const old = await create("Went wrong");
  const { page, key } = await rotate(t, old);
  await press(page, "Cancel rotation");
  await press(dialog(page, "Cancel the rotation"), "End the new secret");
  await page.getByText("The other is refused since").waitFor();
  assert.deepEqual([await statusOf(old.key), await statusOf(key)], [200, 401]);
});

test("who_leaves_without_the_new_secret_is_asked_once", async (t) => {
  const { id } = await create("Nearly lost");
  const page = await dashboard.visit(t, { as: owner, at: `/keys/${id}` });
  await press(page, "Rotate");
  await press(dialog(page, "Rotate this key"), "Rotate key");
  const shown = dialog(page, "The new secret");
  await press(shown, "Done");
  await shown.getByText("The key has not been copied").waitFor();
  await press(shown, "Leave without it");
  await shown.waitFor({ state: "hidden" });
});

test("a_rotation_and_its_dialogs_look_right_to_everybody", async (t) => {
  const open = await create("Under way, with a name that is as long as the names of programs tend to become over the years");
  const { key } = await rotate(t, open);
  assert.equal(await statusOf(open.key), 200);
  assert.equal(await statusOf(key), 200);
  await assertFine(dashboard, t, "a rotation under way", owner, async (page) => {
    await page.goto(`${dashboard.origin}/keys/${open.id}`);
    await page.getByRole("table", { name: "Who uses the old secret" }).waitFor();
  });
  const fresh = await create("Asked");
  await assertFine(dashboard, t, "rotate", owner, async (page) => {
    await page.goto(`${dashboard.origin}/keys/${fresh.id}`);
    await press(page, "Rotate");
    await dialog(page, "Rotate this key").waitFor();
  });
});
