// freeze.test.mjs - frozen and thawed on the pages: by whom, typed where it stops everybody, seen by all whom it concerns.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { dialog, press } from "../lib/hands.mjs";
import { assertFine } from "../lib/looks.mjs";
import { SANDBOX } from "../lib/sites.mjs";

let dashboard, owner, viewer, operator;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
  viewer = await dashboard.member({ email: "viewer@shop.example", role: "viewer" });
  operator = await dashboard.member({ email: "operator@shop.example", role: "owner", operator: true });
});
after(() => dashboard.stop());

const create = (name) => dashboard.sites.keyward.createKey({ name, permission: "read_only" });
const statusOf = async (key) => (await dashboard.sites.ask(SANDBOX, "GET /read/x", { key })).status;
const banner = (page) => page.getByRole("status").filter({ hasText: "Frozen" });
const thawAll = async (...paths) => {
  for (const path of paths) assert.equal((await dashboard.service.call("PUT", path, { frozen: "nothing" })).status, 200);
};

async function freeze(page, title, { all = true, reason, typed } = {}) {
  const question = dialog(page, `Freeze ${title}`);
  if (all) await question.getByRole("radio", { name: "Everything" }).check();
  if (reason !== undefined) await question.getByLabel("Reason").fill(reason);
  if (typed !== undefined) await question.getByLabel(/^Type/).fill(typed);
  await press(question, "Freeze");
  await question.waitFor({ state: "hidden" });
}

test("a_key_is_frozen_and_thawed_on_its_page_and_others_see_it", async (t) => {
  const key = await create("Cold");
  const page = await dashboard.visit(t, { as: owner, at: `/keys/${key.id}` });
  const other = await dashboard.visit(t, { as: viewer, at: "/activity" });
  await press(page, "Freeze key");
  await freeze(page, "Cold", { reason: "It looks <b>odd</b>" });
  assert.equal(await statusOf(key.key), 403);
  await banner(page).getByText("It looks <b>odd</b>").waitFor();
  await banner(other).getByText("It looks <b>odd</b>").waitFor();
  assert.equal(await other.getByRole("button", { name: "Thaw Cold" }).count(), 0, "a viewer undoes nothing");
  await banner(page).getByRole("button", { name: "Thaw Cold" }).click();
  await press(dialog(page, "Thaw Cold"), "Thaw");
  await banner(page).waitFor({ state: "hidden" });
  assert.equal(await statusOf(key.key), 200);
  await banner(other).waitFor({ state: "hidden" });
});

test("an_account_is_frozen_on_its_page", async (t) => {
  const key = await create("Of the account");
  const page = await dashboard.visit(t, { as: owner, at: "/accounts/main" });
  await press(page, "Freeze main");
  await freeze(page, "main");
  assert.equal(await statusOf(key.key), 403);
  await banner(page).getByText("All keys of the account main are").waitFor();
  await thawAll("/v1/accounts/main/freeze");
});

test("what_stops_everybody_is_the_operators_and_has_to_be_typed", async (t) => {
  const key = await create("Everybody's");
  const page = await dashboard.visit(t, { as: operator, at: "/" });
  await press(page, "Freeze everything");
  const question = dialog(page, "Freeze everything");
  assert.equal(await question.getByRole("button", { name: "Freeze", exact: true }).isDisabled(), true);
  await freeze(page, "everything", { typed: "everything", reason: "Drill" });
  assert.equal(await statusOf(key.key), 403);
  await banner(page).getByText("All production keys are").waitFor();
  await banner(page).getByText("All sandbox keys are").waitFor();
  const theirs = await dashboard.visit(t, { as: owner, at: "/keys" });
  await banner(theirs).getByText("All sandbox keys are").waitFor();
  assert.equal(await theirs.getByRole("button", { name: /^Thaw/ }).count(), 0);
  await thawAll("/v1/freeze");
  await banner(theirs).waitFor({ state: "hidden" });
  await theirs.goto(new URL("/", dashboard.origin).href);
  await theirs.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await theirs.getByRole("button", { name: "Freeze everything" }).count(), 0);
});

test("the_keys_that_the_list_is_narrowed_to_are_revoked_with_their_count_typed", async (t) => {
  const keys = [await create("Leaked one"), await create("Leaked two")], kept = await create("Kept");
  const page = await dashboard.visit(t, { as: owner, at: "/keys" });
  await page.getByText("Kept").waitFor();
  assert.equal(await page.getByRole("button", { name: "Revoke these keys…" }).count(), 0, "not all of them");
  await page.getByLabel("Search").fill("Leaked");
  await press(page, "Revoke these keys…");
  const question = dialog(page, "Revoke these 2 keys");
  await question.getByText("Leaked one, Leaked two").waitFor();
  assert.equal(await question.getByRole("button", { name: "Revoke 2 keys" }).isDisabled(), true);
  await question.getByLabel(/^Type/).fill("2");
  await press(question, "Revoke 2 keys");
  await question.waitFor({ state: "hidden" });
  assert.deepEqual(await Promise.all([...keys, kept].map(({ key }) => statusOf(key))), [401, 401, 200]);
});

test("freezes_and_their_dialogs_look_right_to_everybody", async (t) => {
  const key = await create("Cold, with a name that is as long as the names of programs tend to become over the years");
  assert.equal((await dashboard.service.call("PUT", `/v1/keys/${key.id}/freeze`, { frozen: "transact", reason: "payouts look wrong since 14:00, being looked into by the people who are awake" })).status, 200);
  assert.equal((await dashboard.service.call("PUT", "/v1/environments/production/freeze", { frozen: "all", reason: "drill" })).status, 200);
  const open = (at, ...steps) => async (page) => {
    await page.goto(`${dashboard.origin}${at}`);
    await banner(page).waitFor();
    for (const step of steps) await step(page);
    if (steps.length > 0) await page.getByRole("dialog").waitFor();
  };
  const look = (what, ...how) => assertFine(dashboard, t, what, operator, open(...how));
  await look("a frozen key", `/keys/${key.id}`);
  await look("freeze a key", `/keys/${key.id}`, (page) => press(page, "Freeze key"));
  await look("thaw", `/keys/${key.id}`, (page) => banner(page).getByRole("button", { name: "Thaw production" }).click());
  await look("freeze an environment", "/", (page) => press(page, "Freeze sandbox"));
  await look("revoke many", "/keys?q=Cold", (page) => press(page, "Revoke these keys…"), (page) => page.getByLabel(/^Type/).waitFor());
  await thawAll("/v1/freeze", `/v1/keys/${key.id}/freeze`);
});
