// sign_in.test.mjs - how a person gets in, in his browser: with the set-up link, a password, a second factor; and how he does not.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { follow, headline, password, press, signIn, typeCode } from "../lib/hands.mjs";
import { codeOf, PASSWORD, stepNow } from "../lib/people.mjs";

const REFUSED = /console error: .* 401 \(\) .*\/v1\/session(\/totp)?$/;
let dashboard;
before(async () => (dashboard = await startDashboard()));
after(() => dashboard.stop());

const overview = (page) => headline(page, "Overview");

/** A member with a second factor whose codes of now and of the next step are unused. */
async function withFactor(email) {
  const member = await dashboard.member({ email, role: "owner" });
  return { member, ...(await member.setUpTotp(stepNow() - 1)) };
}

test("the set-up link makes the first owner, who is in at once; its text leaves the address bar, and it works once", async (t) => {
  const link = dashboard.linkOf(dashboard.service.setup.link);
  const page = await dashboard.visit(t, { at: link, expect: [/ 404 \(\) .*\/v1\/links\/open$/] });
  await page.getByRole("heading", { name: "Welcome to Keyward" }).waitFor();
  assert.equal(page.url(), `${dashboard.origin}/accept`);
  await page.getByLabel("E-mail").fill("owner@shop.example");
  await page.getByLabel("Name").fill("Owner");
  await password(page).fill(PASSWORD);
  await press(page, "Set the password and go in");
  await overview(page).waitFor();
  await page.getByText("Operator", { exact: true }).waitFor();
  await page.goto(link);
  await page.getByRole("heading", { name: "This link does not work" }).waitFor();
});

test("a weak password is refused beside its field, and nothing that was typed is lost", async (t) => {
  const { json } = await dashboard.service.call("POST", "/v1/members", { email: "invited@shop.example", role: "viewer", account: "main" });
  const page = await dashboard.visit(t, { at: dashboard.linkOf(json.secret), expect: [/ 400 \(\) .*\/v1\/links\/accept$/] });
  await page.getByText("invited@shop.example joins main as Viewer.").waitFor();
  await page.getByText("At least 15 characters; several words are good").waitFor();
  await page.getByLabel("Name").fill("Invited");
  await password(page).fill("short");
  await press(page, "Set the password and go in");
  await password(page).and(page.locator("[aria-describedby*=-error]")).waitFor();
  assert.equal(await page.getByLabel("Name").inputValue(), "Invited");
  await password(page).fill(PASSWORD);
  await press(page, "Set the password and go in");
  await overview(page).waitFor();
});

test("with the password one is in, at the address that one came to; signing out shows the door again", async (t) => {
  await dashboard.member({ email: "viewer@shop.example", role: "viewer" });
  const page = await dashboard.visit(t, { at: "/you" });
  await signIn(page, "viewer@shop.example");
  await page.getByText("Viewer of main").first().waitFor();
  assert.equal(page.url(), `${dashboard.origin}/you`);
  await press(page, "Sign out");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

/* In the page: the server has signed out, and its answer is on the way until answer() is called. */
function holdSigningOut() {
  const real = window.fetch;
  window.fetch = async (request) => {
    const response = await real(request);
    if (request.method === "DELETE") await new Promise((resolve) => (window.answer = resolve));
    return response;
  };
}

test("what a page begins to read while its member signs out is not sent when he has gone", async (t) => {
  await dashboard.member({ email: "quick@shop.example", role: "viewer" });
  const page = await dashboard.visit(t, { at: "/you" });
  await signIn(page, "quick@shop.example");
  await page.getByText("Viewer of main").first().waitFor();
  await page.evaluate(holdSigningOut);
  await press(page, "Sign out");
  await follow(page, "Keys");
  await page.getByRole("heading", { level: 1, name: "Keys" }).waitFor();
  await page.waitForFunction(() => window.answer !== undefined);
  await page.evaluate(() => window.answer());
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("a wrong password is refused in words that do not tell whether there is such a member; it is typed anew, the address is not", async (t) => {
  await dashboard.member({ email: "known@shop.example", role: "viewer" });
  const page = await dashboard.visit(t, { expect: [REFUSED] });
  const said = [];
  for (const email of ["known@shop.example", "unknown@shop.example"]) {
    await page.goto(`${dashboard.origin}/`);
    await signIn(page, email, "not the right one at all");
    said.push((await page.getByRole("alert").textContent()).replace(/Request.*/, ""));
    assert.equal(await password(page).inputValue(), "");
    assert.equal(await page.getByLabel("E-mail").inputValue(), email);
  }
  assert.equal(said[0], said[1]);
  await signIn(page, "known@shop.example");
  await overview(page).waitFor();
});

test("whoever has a second factor is asked for its code: a wrong one is refused, the right one lets in", async (t) => {
  const { member, secret } = await withFactor("factor@shop.example");
  const page = await dashboard.visit(t, { expect: [REFUSED] });
  await signIn(page, member.email);
  await typeCode(page, "Code", codeOf(secret, 40));
  await page.getByRole("alert").waitFor();
  await typeCode(page, "Code", codeOf(secret));
  await overview(page).waitFor();
});

test("a recovery code does in the place of the app, once", async (t) => {
  const { member, codes } = await withFactor("paper@shop.example");
  const page = await dashboard.visit(t, { expect: [REFUSED] });
  for (const isFirst of [true, false]) {
    await signIn(page, member.email);
    await press(page, "Use a recovery code");
    await typeCode(page, "Recovery code", codes[3]);
    await (isFirst ? overview(page) : page.getByRole("alert")).waitFor();
    if (isFirst) await press(page, "Sign out");
  }
});

test("who forgot the password is told what to do instead where Keyward sends no mail", async (t) => {
  const page = await dashboard.visit(t, { expect: [/ \d{3} \(\) .*\/v1\/reset$/] });
  await page.getByRole("link", { name: "Forgot the password?" }).click();
  await page.getByLabel("E-mail").fill("viewer@shop.example");
  await press(page, "Send the link");
  await page.getByRole("alert").getByText(/mail/).waitFor();
  await page.getByRole("link", { name: "Back to signing in" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("a link that is dead, or of which a part is missing, says so and asks for nothing", async (t) => {
  const page = await dashboard.visit(t, { at: "/accept", expect: [/ 40\d \(\) .*\/v1\/links\/open$/] });
  await page.getByRole("heading", { name: "This link is not complete" }).waitFor();
  await page.goto(dashboard.linkOf(`${dashboard.service.setup.link.slice(0, -4)}aaaa`));
  await page.getByRole("heading", { name: "This link does not work" }).waitFor();
  assert.equal(await page.getByRole("textbox").count(), 0);
});
