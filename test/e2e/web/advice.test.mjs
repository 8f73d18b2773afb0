// advice.test.mjs - what a key could do without, on its page: said with what will no longer work, and applied by one button.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { dialog, press } from "../lib/hands.mjs";
import { assertFine } from "../lib/looks.mjs";
import { build } from "../lib/nginx.mjs";

const THREE_WEEKS_S = 21 * 86_400, SEEN_MS = 400;
let dashboard, file, owner, viewer, key;
before(async () => {
  dashboard = await startDashboard({
    prepare: (installation) => {
      file = path.join(installation.folder, "shift");
      installation.env = { LD_PRELOAD: path.join(build, "test/e2e/tools/shifted_clock.so"), SHIFTED_CLOCK: file };
    },
  });
  const call = (...args) => dashboard.service.call(...args);
  key = (await call("POST", "/v1/keys", { account: "main", name: "Reports", environment: "sandbox", permissions: ["full_access"], rate: "none" })).json;
  for (let i = 0; i < 100; i++)
    await call("POST", "/v1/authorize", { key: key.secret, method: "GET", path: "/read/x", source: "203.0.113.7", environment: "sandbox", tls: true });
  await call("POST", "/v1/drain");
  fs.writeFileSync(file, `+${THREE_WEEKS_S}`);
  await new Promise((resolve) => setTimeout(resolve, SEEN_MS));
  assert.equal((await call("POST", "/v1/clock/accept")).status, 200);
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
  viewer = await dashboard.member({ email: "viewer@shop.example", role: "viewer" });
});
after(() => dashboard.stop());

const table = (page) => page.getByRole("table", { name: "Advice" });

test("who may not change the key is told, and offered nothing", async (t) => {
  const page = await dashboard.visit(t, { as: viewer, at: `/keys/${key.id}` });
  await table(page).getByText("Smaller permission").waitFor();
  assert.equal(await page.getByRole("button", { name: /^Apply/ }).count(), 0);
});

test("the advice can be read by everybody, in each look", (t) =>
  assertFine(dashboard, t, "advice", owner, async (page) => {
    await page.goto(new URL(`/keys/${key.id}`, dashboard.origin).href);
    await table(page).getByText("203.0.113.0/24").waitFor();
  }));

test("each advice says what it takes away, is asked about, and then is gone", async (t) => {
  const page = await dashboard.visit(t, { as: owner, at: `/keys/${key.id}` });
  await table(page).getByText("203.0.113.0/24").waitFor();
  await press(page, "Apply: Smaller permission");
  const question = dialog(page, "Apply the advice");
  await question.getByText(/are refused \(permission_denied\)/).waitFor();
  await press(question, "Apply");
  await question.waitFor({ state: "hidden" });
  await table(page).getByText("Smaller permission").waitFor({ state: "detached" });
  const now = (await dashboard.service.call("GET", `/v1/keys/${key.id}`)).json;
  assert.deepEqual([now.permissions, now.allowIp, now.expires], [["read_only"], [], null]);
});

test("a new key is told when there will be advice; a key that leaked shows it in the activity", async (t) => {
  const fresh = await dashboard.sites.keyward.createKey({ name: "New", permission: "transactions" });
  const page = await dashboard.visit(t, { as: owner, at: `/keys/${fresh.id}` });
  await page.getByText(/^Too early: what a key could do without/).waitFor();
  await dashboard.service.call("POST", "/v1/leaks", { key: fresh.key, url: "https://paste.example/1" });
  await new Promise((resolve) => setTimeout(resolve, SEEN_MS));
  await page.goto(new URL("/activity?kind=leak", dashboard.origin).href);
  await page.getByRole("link", { name: "Key leaked: transactions frozen" }).waitFor();
  await assertFine(dashboard, t, "leaks in the activity", owner, async (shown) => {
    await shown.goto(page.url());
    await shown.getByText("Key leaked: transactions frozen").waitFor();
  });
});
