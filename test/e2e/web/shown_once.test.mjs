// shown_once.test.mjs - what is shown once: pressed twice it is shown all the same, lost on the way it is said to be, and nobody
// leaves without it by mistake, whichever way he goes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { CLIPBOARD, clipboardOf, dialog, follow, headline, makeKey, password, press, signIn } from "../lib/hands.mjs";
import { assertFine } from "../lib/looks.mjs";
import { PASSWORD } from "../lib/people.mjs";

const LOST = /net::ERR_FAILED/, ENDED = / 401 \(\) .*\/v1\//;
let dashboard, owner;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
});
after(() => dashboard.stop());

const visit = (t, at, more) => dashboard.visit(t, { as: owner, at, ...more });
const create = (name) => dashboard.sites.keyward.createKey({ name, permission: "read_only" });

async function fillToken(page, name) {
  await page.getByRole("button", { name: "Create token" }).first().click();
  const form = dialog(page, "Create a management token");
  await form.getByLabel(/^Name/).fill(name);
  await form.getByRole("checkbox", { name: /^See keys/ }).click();
  return form;
}

/** The call of the owner's page arrives, and its answer does not; the next one goes through. */
async function loseAnswer(page, pattern, want = 201) {
  await page.route(pattern, async (route) => {
    const request = route.request();
    const { status, text } = await owner.call("POST", new URL(request.url()).pathname, request.postDataJSON() ?? undefined, { "idempotency-key": request.headers()["idempotency-key"] });
    assert.equal(status, want, text);
    await route.abort();
  }, { times: 1 });
}

test("a token whose button is pressed twice is made once, and shown", async (t) => {
  const page = await visit(t, "/tokens");
  const form = await fillToken(page, "Nervous");
  await form.getByRole("button", { name: "Create token" }).dblclick();
  const shown = dialog(page, "Your new management token");
  await shown.getByLabel("the token", { exact: true }).waitFor();
  await page.waitForLoadState("networkidle");
  assert.match(await shown.getByLabel("the token", { exact: true }).textContent(), /_[0-9A-Za-z]{40,}/);
});

test("a key that is rotated by two presses has one new secret, and it is shown", async (t) => {
  const { id } = await create("Rotated nervously");
  const page = await visit(t, `/keys/${id}`);
  await press(page, "Rotate");
  await dialog(page, "Rotate this key").getByRole("button", { name: "Rotate key" }).dblclick();
  const shown = dialog(page, "The new secret");
  await shown.getByLabel("the key", { exact: true }).waitFor();
  await page.waitForLoadState("networkidle");
  assert.match(await shown.getByLabel("the key", { exact: true }).textContent(), new RegExp(id));
});

test("a link that is asked for by two presses is the one that works", async (t) => {
  const { id } = await dashboard.member({ email: "forgetful@shop.example", role: "viewer" });
  const page = await visit(t, `/members/${id}`);
  await page.getByRole("button", { name: "Make a link for a new password" }).dblclick();
  const shown = dialog(page, "A link for a new password");
  await shown.getByLabel("the link", { exact: true }).waitFor();
  await page.waitForLoadState("networkidle");
  const link = await shown.getByLabel("the link", { exact: true }).textContent();
  const other = await dashboard.visit(t, { at: link });
  await headline(other, "Set a new password").waitFor();
});

test("a key whose answer was lost is said to be made, without its secret, by the same press again", async (t) => {
  const page = await visit(t, "/keys/new", { expect: [LOST] });
  await loseAnswer(page, "**/v1/keys");
  await page.getByLabel(/^Name/).fill("Lost on the way");
  await press(page, "Create sandbox key");
  await page.getByRole("alert").getByText("Nothing you typed is lost").waitFor();
  await press(page, "Create sandbox key");
  await page.getByText("This key was made before, and its secret is gone").waitFor();
  const { json } = await dashboard.service.call("GET", "/v1/keys?q=Lost");
  assert.equal(json.keys.length, 1);
  await follow(page, "Revoke that key");
  await headline(page, "Lost on the way").waitFor();
});

test("a token whose answer was lost is said to be made, without its secret", async (t) => {
  const page = await visit(t, "/tokens", { expect: [LOST] });
  const form = await fillToken(page, "Lost as well");
  await loseAnswer(page, "**/v1/management-tokens");
  await press(form, "Create token");
  await form.getByRole("alert").waitFor();
  await press(form, "Create token");
  await dialog(page, "Your new management token").getByText("This token was made before, and its secret is gone").waitFor();
});

test("a webhook whose answer was lost is made once, and so is its new secret, and it is said that neither was shown", async (t) => {
  const page = await visit(t, "/webhooks", { expect: [LOST] });
  await page.getByRole("button", { name: "Create webhook" }).first().click();
  const form = dialog(page, "Create a webhook");
  await form.getByLabel("Name").fill("Lost on the way");
  await form.getByLabel(/^URL/).fill("https://hooks.shop.example/lost");
  await loseAnswer(page, "**/v1/webhooks");
  await press(form, "Create webhook");
  await form.getByRole("alert").waitFor();
  await press(form, "Create webhook");
  const shown = dialog(page, "The secret of your webhook");
  await shown.getByText("This was done before, and its secret was not shown").waitFor();
  const { webhooks } = (await owner.call("GET", "/v1/webhooks?limit=100")).json;
  assert.equal(webhooks.filter(({ name }) => name === "Lost on the way").length, 1);
  await press(shown, "Done");
  await press(page, "Rotate secret");
  const question = dialog(page, "Rotate the secret");
  await loseAnswer(page, "**/rotate-secret", 200);
  await press(question, "Rotate secret");
  await question.getByRole("alert").waitFor();
  await press(question, "Rotate secret");
  await dialog(page, "The new secret").getByText("This was done before, and its secret was not shown").waitFor();
  assert.equal((await owner.call("GET", `/v1/webhooks/${webhooks[0].id}`)).json.version, 2);
});

test("a rotation at once whose answer was lost is done again, and the secret that works is shown", async (t) => {
  const old = await create("Leaked and lost");
  const page = await visit(t, `/keys/${old.id}`, { expect: [LOST] });
  await press(page, "Rotate");
  const question = dialog(page, "Rotate this key");
  await question.getByLabel("The old secret goes on working for").selectOption("0");
  await loseAnswer(page, "**/rotate");
  await press(question, "Rotate key");
  await question.getByRole("alert").waitFor();
  await press(question, "Rotate key");
  const shown = dialog(page, "The new secret");
  await shown.waitFor();
  const text = await shown.textContent();
  assert.ok(/refused from now on/.test(text) || /rotate the key once more/.test(text), text);
});

test("Escape where the session has ended loses no key that was not copied: it warns, and whoever signs in still finds it", async (t) => {
  const member = await dashboard.member({ email: "escapes@shop.example", role: "developer" });
  const page = await dashboard.visit(t, { as: member, at: "/keys/new", expect: [ENDED] });
  const text = await makeKey(page, "Not copied yet");
  assert.equal((await member.call("DELETE", "/v1/session")).status, 200);
  const question = dialog(page, "Your session has ended");
  await question.waitFor();
  await page.keyboard.press("Escape");
  await question.getByText("What is shown once has not been copied").waitFor();
  await password(question).fill(PASSWORD);
  await press(question, "Sign in");
  await question.waitFor({ state: "hidden" });
  assert.equal(await page.getByLabel("The whole key").textContent(), text);
});

test("a one-time link that was not copied is held on to, by Done, Escape and the way back", async (t) => {
  const { id } = await dashboard.member({ email: "linked@shop.example", role: "viewer" });
  const page = await visit(t, "/members");
  await page.getByRole("link", { name: "linked@shop.example" }).click();
  await press(page, "Make a link for a new password");
  const shown = dialog(page, "A link for a new password");
  await shown.waitFor();
  await page.goBack();
  await shown.getByText("The link has not been copied").waitFor();
  assert.ok(page.url().endsWith(`/members/${id}`));
  await press(shown, "Leave without it");
  await shown.waitFor({ state: "hidden" });
  await page.goBack();
  await headline(page, "Members").waitFor();
});

test("skipping to the content is no way of leaving", async (t) => {
  const page = await visit(t, "/keys/new");
  const text = await makeKey(page, "Skipped to");
  await page.getByRole("link", { name: "Skip to the content" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForTimeout(300);
  assert.equal(await dialog(page, "The key has not been copied").count(), 0);
  assert.equal(await page.getByLabel("The whole key").textContent(), text);
});

test("once it is copied, the way back is one step, and asks nothing", async (t) => {
  const page = await visit(t, "/keys", { permissions: CLIPBOARD });
  await page.getByRole("link", { name: "Create New Key" }).first().click();
  const text = await makeKey(page, "Copied and left");
  await press(page, "Copy the key");
  assert.equal(await clipboardOf(page), text);
  await page.getByText("Copied: this page can be left.").waitFor();
  await page.goBack();
  await headline(page, "Keys").waitFor();
});

/* Runs in the page: all that TanStack Query keeps, found from where React begins. */
function kept() {
  const root = document.getElementById("root");
  const open = [root[Object.keys(root).find((name) => name.startsWith("__reactContainer$"))].stateNode.current];
  for (let fiber = open.pop(); fiber !== undefined; fiber = open.pop()) {
    const client = fiber.memoizedProps?.client;
    if (client?.getQueryCache !== undefined)
      return JSON.stringify([client.getQueryCache().getAll().map(({ queryKey, state }) => [queryKey, state]), client.getMutationCache().getAll().map(({ state }) => state)]);
    open.push(...[fiber.sibling, fiber.child].filter((next) => next !== null));
  }
  throw new Error("no cache found");
}

test("no cache keeps what is shown once, and none anything of who has signed out", async (t) => {
  const member = await dashboard.member({ email: "leaves.nothing@shop.example", role: "admin" });
  const page = await dashboard.visit(t, { at: "/tokens" });
  await signIn(page, member.email);
  const form = await fillToken(page, "Kept nowhere");
  await press(form, "Create token");
  const shown = dialog(page, "Your new management token");
  const token = await shown.getByLabel("the token", { exact: true }).textContent();
  assert.ok((await page.evaluate(kept)).includes("Kept nowhere"));
  assert.ok(!(await page.evaluate(kept)).includes(token.slice(-20)));
  await press(shown, "Done");
  await press(shown, "Leave without it");
  await press(page, "Sign out");
  await headline(page, "Sign in").waitFor();
  const left = await page.evaluate(kept);
  for (const word of [member.email, "Kept nowhere", "csrfToken"]) assert.ok(!left.includes(word), `${word} in ${left}`);
});

test("what is shown once looks right to everybody", (t) =>
  assertFine(dashboard, t, "a new token", owner, async (page) => {
    await page.goto(`${dashboard.origin}/tokens`);
    await press(await fillToken(page, "With a name that is as long as the names of programs tend to become"), "Create token");
    await press(dialog(page, "Your new management token"), "Done");
    await page.getByText("The token has not been copied").waitFor();
  }));
