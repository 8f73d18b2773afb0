// webhooks.test.mjs - webhooks on their pages: made, with a secret that is shown once, tried against a receiver, changed, turned off, removed.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { dialog, follow, headline, press } from "../lib/hands.mjs";
import { assertFine } from "../lib/looks.mjs";
import { HARD_NAMES } from "../lib/shop.mjs";
import { makeWebhook, startWithReceiver } from "../lib/webhooks.mjs";

const { Webhook } = createRequire(new URL("../../../build/npm/package.json", import.meta.url))("standardwebhooks");
const SCRIPT = `<script>alert(1)</script><img src=x onerror=alert(2)>`, SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;
let it, dashboard, receiver, owner, admin, operator;
before(async () => {
  it = await startWithReceiver();
  ({ dashboard, receiver } = it);
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
  admin = await dashboard.member({ email: "admin@shop.example", role: "admin" });
  operator = await dashboard.member({ email: "operator@shop.example", role: "owner", operator: true });
});
after(() => it.stop());

const visit = (t, at, more) => dashboard.visit(t, { as: owner, at, ...more });
const deliveries = (page) => page.getByRole("table", { name: "Deliveries" }).getByRole("row").filter({ hasNot: page.getByRole("columnheader") });

async function fill(page, { name, path }) {
  await page.getByRole("button", { name: "Create webhook" }).first().click();
  const form = dialog(page, "Create a webhook");
  if (name !== undefined) await form.getByLabel("Name").fill(name);
  await form.getByLabel(/^URL/).fill(receiver.url(path));
  return form;
}

test("where there is none the page says what a receiver has to do", async (t) => {
  const page = await visit(t, "/webhooks");
  await page.getByText("No webhooks", { exact: true }).waitFor();
  await page.getByText(/answers 2xx within ten seconds/).waitFor();
  assert.equal(await page.getByRole("button", { name: "Create webhook" }).count(), 2);
});

test("a webhook is made for what is chosen, its secret shown once, and a test arrives that verifies with it", async (t) => {
  const page = await visit(t, "/webhooks"), form = await fill(page, { name: "Our desk", path: "/made" });
  await form.getByRole("radio", { name: /^Only what is chosen/ }).click();
  assert.ok(await form.getByRole("button", { name: "Create webhook" }).isDisabled(), "nothing is chosen yet");
  assert.equal(await form.getByRole("group", { name: "The installation" }).count(), 0, "an account is not told of that");
  await form.getByRole("group", { name: "Alerts" }).getByRole("checkbox", { name: "Alerts", exact: true }).click();
  await form.getByRole("checkbox", { name: /key\.revoked/ }).click();
  await form.getByRole("button", { name: "Create webhook" }).dblclick();
  const shown = dialog(page, "The secret of your webhook"), secret = await shown.getByLabel("the secret", { exact: true }).textContent();
  assert.match(secret, SECRET);
  await shown.getByRole("button", { name: "Done" }).click();
  await shown.getByRole("alert").getByText(/Nobody can show it again/).waitFor();
  await press(shown, "Leave without it");
  await headline(page, "Our desk").waitFor();
  const { json } = await owner.call("GET", "/v1/webhooks");
  assert.deepEqual(json.webhooks.map(({ name, account, events }) => [name, account, [...events].sort()]),
    [["Our desk", "main", ["alert.acknowledged", "alert.changed", "alert.raised", "alert.resolved", "key.revoked"]]], "pressed twice it is made once");
  assert.ok(!(await page.content()).includes(secret), "it is kept nowhere");
  await press(page, "Send a test");
  await page.getByText(/A test is on its way/).waitFor();
  await deliveries(page).filter({ hasText: "webhook.test" }).filter({ hasText: "Delivered" }).filter({ hasText: "204" }).waitFor();
  const [came] = await receiver.until("/made", 1);
  assert.equal(new Webhook(secret).verify(came.body, came.headers).type, "webhook.test");
});

test("going back with a secret that was not copied is asked about first", async (t) => {
  const page = await visit(t, "/keys");
  await page.getByRole("navigation").getByRole("link", { name: "Webhooks" }).click();
  await (await fill(page, { path: "/back" })).getByRole("button", { name: "Create webhook" }).click();
  const shown = dialog(page, "The secret of your webhook");
  await shown.waitFor();
  await page.goBack();
  await shown.getByRole("alert").getByText("The secret has not been copied").waitFor();
});

test("what fails shows each try and why, and is sent again when it is asked for", async (t) => {
  const { id } = await makeWebhook(owner, { url: receiver.url("/fails"), name: "Fails", events: ["key.frozen"] });
  receiver.answers["/fails"] = (_, response, body, before) => response.writeHead(before < 2 ? 503 : 204).end();
  const page = await visit(t, `/webhooks/${id}`);
  await page.getByText("Nothing was sent yet.").waitFor();
  await press(page, "Send a test");
  const row = deliveries(page).first();
  await row.getByText("Given up").waitFor();
  await row.getByText("2 tries").click();
  assert.equal(await row.getByText("503").count(), 2);
  await page.getByText(/^Fails since/).waitFor();
  await row.getByRole("button", { name: /^Redeliver evt_/ }).click();
  await row.getByText("Delivered").waitFor();
  const came = await receiver.until("/fails", 3);
  assert.equal(new Set(came.map(({ headers }) => headers["webhook-id"])).size, 1, "it is the same event");
});

test("a rotated secret is shown once, and it is said that both sign meanwhile", async (t) => {
  const { id, secret } = await makeWebhook(owner, { url: receiver.url("/rotated"), name: "Rotated" });
  const page = await visit(t, `/webhooks/${id}`);
  await press(page, "Rotate secret");
  await dialog(page, "Rotate the secret").getByRole("button", { name: "Rotate secret" }).dblclick();
  const shown = dialog(page, "The new secret"), now = await shown.getByLabel("the secret", { exact: true }).textContent();
  assert.match(now, SECRET);
  assert.notEqual(now, secret);
  await shown.getByText(/both secrets sign/).waitFor();
  await page.waitForLoadState("networkidle");
  const { json } = await owner.call("GET", `/v1/webhooks/${id}`);
  assert.equal(json.version, 2, "pressed twice it is rotated once");
  await press(shown, "Done");
  await press(shown, "Leave without it");
  await page.getByText(/^signs too until/).waitFor();
  await press(page, "Rotate secret");
  await dialog(page, "Rotate the secret").getByText(/The oldest signs on beside it until .*; the one in between ends at once\./).waitFor();
  assert.equal(await dialog(page, "Rotate the secret").getByText(/both sign/).count(), 0);
});

test("a webhook is changed, turned off and on, and removed by its name", async (t) => {
  const { id } = await makeWebhook(owner, { url: receiver.url("/changed"), name: "Before", events: ["key.created"] });
  const page = await visit(t, `/webhooks/${id}`), form = dialog(page, "Change this webhook");
  await press(page, "Change");
  await form.getByLabel("Name").fill("After");
  await form.getByRole("radio", { name: /^Everything/ }).click();
  await press(form, "Save changes");
  await headline(page, "After").waitFor();
  await press(page, "Turn off");
  await page.getByRole("status").getByText(/^Somebody has turned it off/).waitFor();
  assert.equal(await page.getByRole("button", { name: "Send a test" }).count(), 0);
  await press(page, "Turn on");
  await page.getByText("Active", { exact: true }).waitFor();
  const { json } = await owner.call("GET", `/v1/webhooks/${id}`);
  assert.deepEqual([json.name, json.state, json.events], ["After", "active", ["*"]]);
  await press(page, "Remove");
  const question = dialog(page, "Remove this webhook");
  assert.ok(await question.getByRole("button", { name: "Remove webhook" }).isDisabled());
  await question.getByLabel(/to confirm/).fill("After");
  await press(question, "Remove webhook");
  await headline(page, "Webhooks").waitFor();
  assert.equal((await owner.call("GET", `/v1/webhooks/${id}`)).status, 404);
});

test("who was slower is told, and begins anew from what there is", async (t) => {
  const { id, version } = await makeWebhook(owner, { url: receiver.url("/slow"), name: "Mine" });
  const page = await visit(t, `/webhooks/${id}`, { expect: [/ 412 \(\) /] }), form = dialog(page, "Change this webhook");
  await press(page, "Change");
  await form.getByLabel("Name").fill("Too late");
  assert.equal((await admin.call("PATCH", `/v1/webhooks/${id}`, { name: "Faster" }, { "if-match": `"${version}"` })).status, 200);
  await press(form, "Save changes");
  await form.getByRole("alert").getByText("Somebody else changed this webhook meanwhile").waitFor();
  await headline(page, "Faster").waitFor({ state: "attached" });
  await press(form, "Begin anew");
  assert.equal(await form.getByLabel("Name").inputValue(), "Faster");
});

test("an address that may not be called is told of at its field, and what is too much in the form", async (t) => {
  const page = await visit(t, "/webhooks", { expect: [/ (400|409) \(\w*( \w+)*\) .*\/v1\/webhooks$/] }), form = await fill(page, { path: "/refused" });
  await form.getByLabel(/^URL/).fill("https://10.0.0.7/in");
  await form.getByRole("button", { name: "Create webhook" }).click();
  await page.locator("[id$='-error']").filter({ hasText: /./ }).waitFor();
  assert.equal(await form.getByLabel(/^URL/).getAttribute("aria-invalid"), "true");
  const full = { statusCode: 409, error: "Conflict", code: "too_many_webhooks", message: "There are 20 webhooks already: remove one that is not needed", requestId: "0123456789abcdef0123456789abcdef" };
  await page.route(/\/v1\/webhooks$/, (route) => (route.request().method() === "POST" ? route.fulfill({ status: 409, json: full }) : route.fallback()));
  await form.getByLabel(/^URL/).fill(receiver.url("/full"));
  await form.getByRole("button", { name: "Create webhook" }).click();
  await form.getByRole("alert").getByText(full.message).waitFor();
});

test("who sees all accounts makes one for the installation or for an account", async (t) => {
  const page = await visit(t, "/webhooks", { as: operator }), form = await fill(page, { name: "All of it", path: "/all" });
  await form.getByRole("radio", { name: /^Only what is chosen/ }).click();
  await form.getByRole("group", { name: "The installation" }).waitFor();
  const account = form.getByLabel("Account", { exact: true });
  await form.getByRole("checkbox", { name: /policy\.applied/ }).click();
  await account.selectOption("main");
  await form.getByRole("group", { name: "The installation" }).waitFor({ state: "hidden" });
  assert.ok(await form.getByRole("button", { name: "Create webhook" }).isDisabled(), "an account is not told of what was chosen");
  await account.selectOption("The whole installation");
  await form.getByRole("checkbox", { name: /policy\.applied/ }).click();
  await form.getByRole("button", { name: "Create webhook" }).click();
  await dialog(page, "The secret of your webhook").waitFor();
  const { json } = await operator.call("GET", "/v1/webhooks");
  assert.deepEqual(json.webhooks.filter(({ name }) => name === "All of it").map(({ account, events }) => [account, events]), [[null, ["policy.applied"]]]);
});

test("F7_script_in_the_name_and_the_url_of_a_webhook_is_shown_as_text", async (t) => {
  assert.equal((await owner.call("POST", "/v1/webhooks", { url: receiver.url(`/${SCRIPT}`) })).json.field, "url", "as it is, it is refused");
  const { id } = await makeWebhook(owner, { url: receiver.url(`/x?${encodeURIComponent(SCRIPT)}'javascript:alert(3)`), name: SCRIPT });
  for (const at of ["/webhooks", `/webhooks/${id}`]) {
    const page = await visit(t, at);
    page.on("dialog", () => assert.fail("a script ran"));
    await page.getByText(SCRIPT).first().waitFor();
    assert.equal(await page.locator("img[src=x], script:not([src]), a[href^='javascript:' i], [onerror]").count(), 0);
  }
});

test("who may not see webhooks is led to none, and offered nothing", async (t) => {
  for (const role of ["viewer", "developer"]) {
    const as = await dashboard.member({ email: `${role}@shop.example`, role });
    const page = await visit(t, "/webhooks", { as, expect: [/ 403 \(\) .*\/v1\/webhooks/] });
    await page.getByRole("alert").waitFor();
    assert.equal(await page.getByRole("navigation").getByRole("link", { name: "Webhooks" }).count(), 0);
    assert.deepEqual(await page.getByRole("main").getByRole("button").allTextContents(), ["Try again"]);
  }
});

test("a webhook that there is not, or that was removed, is not there", async (t) => {
  const page = await visit(t, "/webhooks/7Q2mK4T9xJ1aBd", { expect: [/ 404 \(\) /] });
  await headline(page, "No such webhook").waitFor();
  await follow(page, "All webhooks");
  await headline(page, "Webhooks").waitFor();
});

test("webhooks with names and URLs that are long, and their dialogs, look right to everybody", async (t) => {
  const url = `https://hooks.shop.invalid/${"x".repeat(480)}`, made = [];
  for (const name of HARD_NAMES) made.push(await makeWebhook(owner, { url, name }));
  const look = (what, at, then) => assertFine(dashboard, t, what, owner, async (page) => {
    await page.goto(dashboard.origin + at);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await then(page);
  });
  await look("the list", "/webhooks", (page) => page.getByRole("table").waitFor());
  for (const { id } of made) await look("one", `/webhooks/${id}`, (page) => page.getByRole("region", { name: "Deliveries" }).waitFor());
  await look("change", `/webhooks/${made[0].id}`, async (page) => {
    await press(page, "Change");
    await dialog(page, "Change this webhook").getByRole("radio", { name: /^Only what is chosen/ }).click();
    await page.getByRole("group", { name: "Members" }).waitFor();
  });
  await look("removing", `/webhooks/${made[0].id}`, async (page) => {
    await press(page, "Remove");
    await dialog(page, "Remove this webhook").waitFor();
  });
});
