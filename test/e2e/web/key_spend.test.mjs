// key_spend.test.mjs - the spend limits of a key on its page: set, seen used, changed, taken away, and by whom.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { dialog, press } from "../lib/hands.mjs";
import { assertFine } from "../lib/looks.mjs";
import { limitSpend, reservationOf } from "../lib/spending.mjs";

let dashboard, owner;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
});
after(() => dashboard.stop());

const create = (name, more = {}) => dashboard.sites.keyward.createKey({ name, permission: "transactions", ...more });
const visit = (t, { id }, more) => dashboard.visit(t, { as: owner, at: `/keys/${id}`, ...more });
const section = (page) => page.getByRole("region", { name: "Spend limits" });
const limits = (page, currency) => section(page).getByRole("table", { name: "Spend limits" }).getByRole("row").filter({ hasText: currency });
const reserve = (key, body) => dashboard.service.call("POST", "/v1/spend", reservationOf(key, body));
const never = (page) => section(page).getByText("may move any amount, anywhere");

test("a currency is limited on the page, and holds at once: what is left and what was reserved is seen there", async (t) => {
  const key = await create("Payouts");
  const page = await visit(t, key);
  await never(page).waitFor();
  await press(section(page), "Limit a currency");
  const form = dialog(page, "Limit a currency");
  await form.getByLabel("Currency").fill("ngn");
  await form.getByLabel("At once").fill("60.00");
  await form.getByLabel("A day").fill("100.00");
  await form.getByLabel("May go to", { exact: true }).fill("0123456789\n9876543210");
  await form.getByLabel("May go to what begins with").fill("acct_");
  await press(form, "Save limits");
  await limits(page, "NGN").getByText("100.00 of 100.00 left").waitFor();
  assert.match(await limits(page, "NGN").textContent(), /60\.00.*no limit.*0123456789.*9876543210.*acct_…/);
  assert.deepEqual([(await reserve(key, { amount: "60.00" })).status, (await reserve(key, { amount: "40.01" })).json.code], [201, "spend_per_day"]);
  await page.reload();
  await limits(page, "NGN").getByText("40.00 of 100.00 left").waitFor();
  const reserved = section(page).getByRole("table", { name: "Reserved and spent" });
  assert.match(await reserved.textContent(), /60\.00 NGN.*0123456789.*Reserved.*until/);
  const events = page.getByRole("region", { name: "Recent events" }).getByRole("listitem");
  await events.filter({ hasText: "Spend reserved" }).filter({ hasText: /60\.00 NGN to 0123456789/ }).waitFor();
  await events.filter({ hasText: "Spend refused" }).filter({ hasText: /40\.01 NGN to 0123456789: more than is left of this day/ }).waitFor();
});

test("an amount that is none is refused beside its field; a limit is changed, and the last one taken away", async (t) => {
  const key = await create("Changed");
  await limitSpend(dashboard.service, key, [{ currency: "NGN", perDay: "10.00" }]);
  const page = await visit(t, key, { expect: [/ 400 \(\) .*\/spend-rules$/] });
  await press(page, "Change the limits of NGN");
  const form = dialog(page, "Limits of NGN");
  await form.getByLabel("A day").fill("1,000");
  await press(form, "Save limits");
  await form.getByLabel("A day").and(page.locator("[aria-invalid=true]")).waitFor();
  await form.getByLabel("A day").fill("1000.00");
  await press(form, "Save limits");
  await limits(page, "NGN").getByText("1000.00 of 1000.00 left").waitFor();
  await press(page, "Change the limits of NGN");
  await press(form, "Remove all spend limits");
  await never(page).waitFor();
});

test("two currencies do not touch each other: one that loses its limits is refused from then on", async (t) => {
  const key = await create("Two currencies");
  await limitSpend(dashboard.service, key, [{ currency: "NGN", perDay: "10.00" }, { currency: "USD", perHour: "5.00", destinations: ["bank"] }]);
  const page = await visit(t, key);
  await press(page, "Change the limits of NGN");
  await press(dialog(page, "Limits of NGN"), "Refuse NGN from now on");
  await limits(page, "NGN").waitFor({ state: "detached" });
  assert.match(await limits(page, "USD").textContent(), /5\.00 of 5\.00 left.*bank/);
  assert.equal((await reserve(key, { amount: "1.00" })).json.code, "spend_currency");
});

test("rules that somebody changed meanwhile are not overwritten", async (t) => {
  const key = await create("Raced for");
  await limitSpend(dashboard.service, key, [{ currency: "NGN", perDay: "10.00" }]);
  const page = await visit(t, key, { expect: [/ 412 \(\) .*\/spend-rules$/] });
  await press(page, "Change the limits of NGN");
  const form = dialog(page, "Limits of NGN");
  await form.getByLabel("A day").fill("500.00");
  await limitSpend(dashboard.service, key, [{ currency: "NGN", perDay: "1.00" }]);
  await press(form, "Save limits");
  await form.getByText("Somebody changed the spend limits meanwhile").waitFor();
  await press(form, "Cancel");
  await limits(page, "NGN").getByText("1.00 of 1.00 left").waitFor();
});

test("who may not change the key sees its limits, and is offered nothing", async (t) => {
  const sandbox = await create("Looked at"), production = await create("For admins", { environment: "production" });
  const viewer = await dashboard.member({ email: "viewer@shop.example", role: "viewer" });
  const developer = await dashboard.member({ email: "developer@shop.example", role: "developer" });
  for (const key of [sandbox, production]) await limitSpend(dashboard.service, key, [{ currency: "NGN", perDay: "10.00" }]);
  for (const [as, key, may] of [[viewer, sandbox, 0], [developer, sandbox, 1], [developer, production, 0], [owner, production, 1]]) {
    const page = await visit(t, key, { as });
    await limits(page, "NGN").waitFor();
    for (const name of ["Limit a currency", "Change the limits of NGN"]) assert.equal(await section(page).getByRole("button", { name }).count(), may, `${name}, ${as.email}`);
  }
});

test("limits with long destinations, and the form, have no barrier in light, dark or narrow, and nothing of them sticks out", async (t) => {
  const key = await create("Far away");
  await limitSpend(dashboard.service, key, [{ currency: "NGN", perTransaction: "999999999999999999.99", perMonth: "999999999999999999.99", destinations: ["w".repeat(128)], prefixes: ["حساب"] }]);
  assert.equal((await reserve(key, { amount: "0.01", destination: "w".repeat(128), reference: "r".repeat(100) })).status, 201);
  await assertFine(dashboard, t, "spend limits", owner, async (page) => {
    await page.goto(`${dashboard.origin}/keys/${key.id}`);
    await section(page).getByText("r".repeat(100)).waitFor();
  });
  await assertFine(dashboard, t, "the form", owner, async (page) => {
    await page.goto(`${dashboard.origin}/keys/${key.id}`);
    await press(page, "Change the limits of NGN");
    await dialog(page, "Limits of NGN").getByRole("button", { name: "Save limits" }).waitFor();
  });
});
