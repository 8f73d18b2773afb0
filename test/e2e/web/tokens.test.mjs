// tokens.test.mjs - management tokens on their page: made, shown once, used by a program, revoked.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { CLIPBOARD, clipboardOf, dialog, press } from "../lib/hands.mjs";
import { assertFine } from "../lib/looks.mjs";
import { Browser } from "../lib/people.mjs";

let dashboard, owner, viewer;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
  viewer = await dashboard.member({ email: "viewer@shop.example", role: "viewer" });
});
after(() => dashboard.stop());

/** What the list of keys answers to a program with this token. */
async function statusOf(token) {
  const program = new Browser(dashboard.service);
  const headers = { authorization: `Bearer ${token}`, origin: undefined, "sec-fetch-site": undefined };
  return (await program.call("GET", "/v1/keys", undefined, headers)).status;
}

/** Makes a token that may see keys; its dialog is open. */
async function make(page, name) {
  await page.getByRole("button", { name: "Create token" }).first().click(); /* an empty list has one too */
  const form = dialog(page, "Create a management token");
  await form.getByLabel(/^Name/).fill(name);
  await form.locator("input[value='keys:read']").check();
  await press(form, "Create token");
  const shown = dialog(page, "Your new management token");
  await shown.waitFor();
  return shown;
}

test("a_token_is_shown_once_works_and_is_refused_when_it_was_revoked_by_its_name", async (t) => {
  const page = await dashboard.visit(t, { as: owner, at: "/tokens", permissions: CLIPBOARD });
  const shown = await make(page, "Deploy");
  await press(shown, "Copy the token");
  const text = await clipboardOf(page);
  await press(shown, "Done");
  await shown.waitFor({ state: "hidden" });
  assert.ok(!(await page.content()).includes(text));
  assert.equal(await statusOf(text), 200);
  await press(page, "Revoke Deploy");
  const question = dialog(page, "Revoke this token"), verb = question.getByRole("button", { name: "Revoke token" });
  assert.ok(await verb.isDisabled());
  await question.getByLabel(/to confirm/).fill("Deploy");
  await verb.click();
  await question.waitFor({ state: "hidden" });
  await page.getByRole("row", { name: /Deploy.*Revoked/ }).waitFor();
  assert.equal(await statusOf(text), 401);
});

test("who_leaves_without_having_copied_the_token_is_asked_once", async (t) => {
  const page = await dashboard.visit(t, { as: owner, at: "/tokens" });
  const shown = await make(page, "Nearly lost");
  await press(shown, "Done");
  await shown.getByText("The token has not been copied").waitFor();
  await press(shown, "Leave without it");
  await shown.waitFor({ state: "hidden" });
});

test("a_viewer_is_offered_no_token", async (t) => {
  const page = await dashboard.visit(t, { as: viewer, at: "/" });
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Create token" }).count(), 0);
  assert.equal(await page.getByRole("navigation").getByRole("link", { name: "Tokens" }).count(), 0);
});

test("the_form_of_a_token_looks_right_to_everybody", async (t) => {
  await assertFine(dashboard, t, "create a token", owner, async (page) => {
    await page.goto(`${dashboard.origin}/tokens`);
    await page.getByRole("button", { name: "Create token" }).first().click();
    await dialog(page, "Create a management token").waitFor();
  });
});
