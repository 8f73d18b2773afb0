// session_end.test.mjs - a session that ends while somebody works: what he typed stays, and nobody else sees it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { dialog, headline, password, press, signIn } from "../lib/hands.mjs";
import { PASSWORD } from "../lib/people.mjs";

const ENDED = / 401 \(\) .*\/v1\//;
let dashboard;
before(async () => (dashboard = await startDashboard()));
after(() => dashboard.stop());

/** Somebody who has filled the form of a new key, and whose session then ended elsewhere: his page, with the question on it. */
async function cutOff(t, email) {
  const member = await dashboard.member({ email, role: "developer" });
  const page = await dashboard.visit(t, { as: member, at: "/keys/new", expect: [ENDED] });
  await page.getByLabel(/^Name/).fill("Typed before");
  await page.getByRole("checkbox", { name: /^Transactions/ }).click();
  assert.equal((await member.call("DELETE", "/v1/session")).status, 200);
  await press(page, "Create sandbox key");
  return { member, page, question: dialog(page, "Your session has ended") };
}

test("whoever signs in again goes on where he was: his call goes through with what he had typed", async (t) => {
  const { page, question } = await cutOff(t, "goes.on@shop.example");
  await password(question).fill(PASSWORD);
  await press(question, "Sign in");
  await headline(page, "Typed before").waitFor();
  const { json } = await dashboard.service.call("GET", "/v1/keys?q=Typed");
  assert.deepEqual(json.keys.map(({ permissions }) => permissions.includes("transactions")), [true]);
});

test("a wrong password in the dialog is refused there, and the form behind it keeps what was typed", async (t) => {
  const { page, question } = await cutOff(t, "slips@shop.example");
  await password(question).fill("not the right one at all");
  await press(question, "Sign in");
  await question.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel(/^Name/).inputValue(), "Typed before");
  await password(question).fill(PASSWORD);
  await press(question, "Sign in");
  await headline(page, "Typed before").waitFor();
});

test("another member who signs in then sees nothing of what the first one did", async (t) => {
  const { page, question } = await cutOff(t, "leaves@shop.example");
  await dashboard.member({ email: "comes@shop.example", role: "developer" });
  await question.getByRole("button", { name: /^Leave/ }).click();
  await headline(page, "Sign in").waitFor();
  await signIn(page, "comes@shop.example");
  await headline(page, "Create New Key").waitFor();
  assert.equal(await page.getByLabel(/^Name/).inputValue(), "");
  assert.ok(!(await page.content()).includes("leaves@shop.example"));
});
