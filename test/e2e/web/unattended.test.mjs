// unattended.test.mjs - a page that nobody looks at: it must not keep its session alive.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { headline } from "../lib/hands.mjs";

let dashboard;
before(async () => (dashboard = await startDashboard()));
after(() => dashboard.stop());

test("a page that nobody has touched for ten minutes asks for nothing until somebody does", async (t) => {
  const member = await dashboard.member({ email: "away@shop.example", role: "viewer" });
  const page = await dashboard.visit(t, { as: member, at: null });
  let asked = 0;
  await page.clock.install();
  page.on("request", (request) => (asked += request.url().includes("/v1/overview")));
  await page.goto(dashboard.origin);
  await headline(page, "Overview").waitFor();
  await page.clock.runFor("01:00");
  assert.ok(asked > 1, "while somebody is there it is asked for again by itself");
  await page.clock.runFor("10:00");
  asked = 0;
  await page.clock.runFor("05:00");
  assert.equal(asked, 0);
  await page.mouse.move(200, 200);
  await page.waitForResponse((response) => response.url().includes("/v1/overview"));
});
