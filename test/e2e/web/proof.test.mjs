// proof.test.mjs - what makes a way in takes a proof that is not older than five minutes: the page asks for it, and goes on.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { actOnDenials, raiseDenials } from "../lib/alerts.mjs";
import { startDashboard } from "../lib/dashboard.mjs";
import { choose, dialog, headline, password, press, typeCode } from "../lib/hands.mjs";
import { build } from "../lib/nginx.mjs";
import { codeOf, PASSWORD, stepNow } from "../lib/people.mjs";
import { PRODUCTION } from "../lib/sites.mjs";

const PROOF = / 403 \(\) .*\/v1\/(keys|alerts\/.*\/undo|accounts\/main\/thresholds|session\/step-up)$/, AHEAD_S = 360, STEP_S = 30, SEEN_MS = 400;
let dashboard, file, ahead = 0;
before(async () => {
  dashboard = await startDashboard({
    prepare: (installation) => {
      file = path.join(installation.folder, "shift");
      installation.env = { LD_PRELOAD: path.join(build, "test/e2e/tools/shifted_clock.so"), SHIFTED_CLOCK: file };
    },
  });
});
after(() => dashboard.stop());

/** Six minutes pass for keyward serve. */
async function pass() {
  ahead += AHEAD_S;
  fs.writeFileSync(file, `+${ahead}`);
  await new Promise((resolve) => setTimeout(resolve, SEEN_MS));
  assert.equal((await dashboard.service.call("POST", "/v1/clock/accept")).status, 200);
}

const stepThere = () => stepNow() + ahead / STEP_S;

async function fillStrong(page) {
  await page.getByLabel(/^Name/).fill("Live and strong");
  await choose(page, /^Production/);
  await page.getByRole("checkbox", { name: /^Full Access/ }).click();
  await press(page, "Create production key");
}

test("a production key with full access wants a fresh code; with it the same call goes through, without it nothing happens", async (t) => {
  const admin = await dashboard.member({ email: "admin@shop.example", role: "admin" });
  const { secret } = await admin.setUpTotp(stepThere());
  await pass();
  const page = await dashboard.visit(t, { as: admin, at: "/keys/new", expect: [PROOF, / 401 \(\) .*step-up$/] });
  await fillStrong(page);
  const question = dialog(page, "Is it still you?");
  await press(question, "Cancel");
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel(/^Name/).inputValue(), "Live and strong");
  await press(page, "Create production key");
  await typeCode(question, "Code", "000000");
  await question.getByRole("alert").waitFor();
  await typeCode(question, "Code", codeOf(secret, 0, stepThere()));
  await headline(page, "Live and strong").waitFor();
  const { json } = await dashboard.service.call("GET", "/v1/keys?q=Live");
  assert.deepEqual(json.keys.map(({ environment, permissions }) => [environment, permissions.includes("full_access")]), [["production", true]]);
});

test("who has no one-time password is told where to set one up; signing in again first, the same call asks its second question", async (t) => {
  const admin = await dashboard.member({ email: "bare@shop.example", role: "admin" });
  const page = await dashboard.visit(t, { as: admin, at: "/keys/new", expect: [PROOF, / 401 \(\) /] });
  await page.getByLabel(/^Name/).waitFor();
  assert.equal((await admin.call("DELETE", "/v1/session")).status, 200);
  await fillStrong(page);
  const ended = dialog(page, "Your session has ended");
  await password(ended).fill(PASSWORD);
  await press(ended, "Sign in");
  const question = dialog(page, "Is it still you?");
  await question.getByRole("link", { name: "Set it up in another tab" }).waitFor();
  await press(question, "Cancel");
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel(/^Name/).inputValue(), "Live and strong");
});

test("to give a production key back that it may move money wants a fresh code, and goes on with it", async (t) => {
  const admin = await dashboard.member({ email: "undoes@shop.example", role: "admin" });
  const { secret } = await admin.setUpTotp(stepThere());
  await actOnDenials(dashboard.service, "read_only");
  const key = await dashboard.sites.keyward.createKey({ name: "Pays", permission: "transactions", environment: "production" });
  const { id } = await raiseDenials(dashboard, key, PRODUCTION);
  await pass();
  const page = await dashboard.visit(t, { as: admin, at: `/alerts/${id}`, expect: [PROOF] });
  await press(page, "Undo");
  await press(dialog(page, "Undo what was done"), "Undo");
  await typeCode(dialog(page, "Is it still you?"), "Code", codeOf(secret, 0, stepThere()));
  await page.getByText("The key has back what this alert took from it.").waitFor();
  assert.deepEqual((await dashboard.service.call("GET", `/v1/keys/${key.id}`)).json.permissions, ["transactions"]);
});

test("to change what the watch looks for wants a fresh code, and goes on with it", async (t) => {
  const admin = await dashboard.member({ email: "chooses@shop.example", role: "admin" });
  const { secret } = await admin.setUpTotp(stepThere());
  await pass();
  const page = await dashboard.visit(t, { as: admin, at: "/detectors", expect: [PROOF] }), spike = page.getByRole("listitem", { name: "Usage spike", exact: true });
  await spike.getByLabel("Severity").selectOption("Critical");
  await press(page, "Save changes");
  const question = dialog(page, "Is it still you?");
  await press(question, "Cancel");
  await page.getByRole("alert").waitFor();
  assert.equal(await spike.getByLabel("Severity").inputValue(), "critical", "nothing that was chosen is lost");
  await press(page, "Save changes");
  await typeCode(question, "Code", codeOf(secret, 0, stepThere()));
  await spike.getByText("Not saved").waitFor({ state: "hidden" });
  const { json } = await dashboard.service.call("GET", "/v1/accounts/main/thresholds");
  assert.equal(json.detectors.find(({ detector }) => detector === "usage_spike").severity, "critical");
});
