// first_key.test.mjs - how far it is from the set-up link to the first answer of the API: counted.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { CLIPBOARD, clipboardOf, headline, password } from "../lib/hands.mjs";
import { PASSWORD } from "../lib/people.mjs";
import { SANDBOX } from "../lib/sites.mjs";

const MOST_CLICKS = 6, MOST_FIELDS = 4;
let dashboard;
before(async () => (dashboard = await startDashboard()));
after(() => dashboard.stop());

/** Hands that count. */
function counting() {
  const it = { clicks: 0, fields: 0 };
  it.click = (what) => (it.clicks++, what.click());
  it.fill = (what, text) => (it.fields++, what.fill(text));
  return it;
}

async function setUp(page) {
  await page.getByLabel("E-mail").fill("owner@shop.example");
  await password(page).fill(PASSWORD);
  await page.getByRole("button", { name: "Set the password and go in" }).click();
  await headline(page, "Overview").waitFor();
}

test("from the set-up link to a first 200 with a new key it takes at most 6 clicks and 4 fields, once one is in", async (t) => {
  const page = await dashboard.visit(t, { at: dashboard.linkOf(dashboard.service.setup.link), permissions: CLIPBOARD });
  const hands = counting(), button = (name) => page.getByRole("button", { name });
  await setUp(page);
  await hands.click(page.getByRole("navigation").getByRole("link", { name: "Keys", exact: true }));
  await hands.click(page.getByRole("link", { name: "Create New Key" }));
  await hands.fill(page.getByLabel(/^Name/), "First key");
  await hands.click(button("Create sandbox key"));
  await hands.click(button("Copy the key"));
  const { status } = await dashboard.sites.ask(SANDBOX, "GET /read/x", { key: await clipboardOf(page) });
  assert.equal(status, 200);
  await page.getByText("Allowed: the key works").waitFor();
  t.diagnostic(`${hands.clicks} clicks, ${hands.fields} fields`);
  assert.ok(hands.clicks <= MOST_CLICKS && hands.fields <= MOST_FIELDS, `${hands.clicks} clicks, ${hands.fields} fields`);
});
