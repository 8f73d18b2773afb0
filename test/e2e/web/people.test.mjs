// people.test.mjs - members, tokens and oneself: who comes in, with what, and how he is kept out again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { dialog, headline, password, press } from "../lib/hands.mjs";
import { PASSWORD } from "../lib/people.mjs";

let dashboard, owner;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
});
after(() => dashboard.stop());

test("who is invited comes in by the link that is shown, with the role that was chosen", async (t) => {
  const page = await dashboard.visit(t, { as: owner, at: "/members" });
  await press(page, "Invite a member");
  const form = dialog(page, "Invite a member");
  await form.getByLabel("E-mail").fill("new@shop.example");
  await press(form, "Send the invitation");
  const like = new RegExp(`[0-9A-Za-z]{14}_[0-9A-Za-z]{${dashboard.service.setup.link.length - 15}}`);
  const shown = page.getByRole("dialog").filter({ hasText: like });
  await shown.waitFor();
  const [link] = like.exec(await shown.textContent());
  const other = await dashboard.visit(t, { at: dashboard.linkOf(link) });
  await password(other).fill(PASSWORD);
  await press(other, "Set the password and go in");
  await headline(other, "Overview").waitFor();
  await other.getByText(/ of main$/).first().waitFor();
});

test("a viewer sees the members, and is offered to invite nobody", async (t) => {
  const viewer = await dashboard.member({ email: "viewer@shop.example", role: "viewer" });
  const page = await dashboard.visit(t, { as: viewer, at: "/you" });
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.goto(`${dashboard.origin}/members`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await page.getByRole("button", { name: /^Invite/ }).count(), 0);
});

test("a new password is taken when the old one is right, and the session goes on", async (t) => {
  const member = await dashboard.member({ email: "changer@shop.example", role: "developer" });
  const page = await dashboard.visit(t, { as: member, at: "/you" });
  await page.getByLabel(/^Current password/).fill(PASSWORD);
  await page.getByLabel(/^New password/).fill(`${PASSWORD} anew`);
  await press(page, "Change password");
  await page.waitForResponse((response) => response.url().endsWith("/v1/me/password") && response.ok());
  assert.equal((await member.signIn(member.email, `${PASSWORD} anew`)).status, 201);
});
