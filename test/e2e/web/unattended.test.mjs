// unattended.test.mjs - a page that nobody touches: it lets its session end, says so before, and hides what it showed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { dialog, headline, press } from "../lib/hands.mjs";

const ENDED = / 401 \(\) .*\/v1\//;
let dashboard;
before(async () => (dashboard = await startDashboard()));
after(() => dashboard.stop());

/** Somebody's page whose time is in our hands, and what it has asked the API for since it was looked at last. */
async function come(t, email, at, more) {
  const member = await dashboard.member({ email, role: "developer" });
  const page = await dashboard.visit(t, { as: member, at: null, ...more });
  let asked = [];
  page.on("request", (request) => { if (request.url().includes("/v1/")) asked.push(new URL(request.url()).pathname); });
  await page.clock.install();
  await page.goto(dashboard.origin + at);
  const pass = async (minutes) => {
    for (let i = 0; i < minutes; i++) await page.clock.fastForward("01:00");
    await page.waitForLoadState("networkidle");
  };
  return { member, page, pass, taken: () => asked.splice(0) };
}

const notice = (page) => page.getByRole("status").filter({ hasText: "Your session ends in" });

test("what a page asks for by itself waits while nobody is there, and comes at once when somebody is", async (t) => {
  const { page, pass, taken } = await come(t, "away@shop.example", "/");
  await headline(page, "Overview").waitFor();
  await pass(1);
  assert.ok(taken().includes("/v1/overview"), "asked for again by itself");
  await pass(3);
  taken();
  await pass(5);
  assert.deepEqual(taken(), []);
  const again = page.waitForRequest(/\/v1\/overview/);
  await page.mouse.move(200, 200);
  await again;
});

test("who makes no call for long is told before the session ends, and goes on with one press", async (t) => {
  const { page, pass, taken } = await come(t, "writes@shop.example", "/keys/new");
  await page.getByLabel(/^Name/).fill("Thought over");
  await pass(12);
  assert.equal(await notice(page).count(), 0);
  taken();
  await pass(2);
  await notice(page).waitFor();
  assert.deepEqual(taken(), [], "to say so prolongs nothing");
  await press(page, "Stay signed in");
  await notice(page).waitFor({ state: "hidden" });
  assert.ok(taken().includes("/v1/session"), "what is on the page may be read again besides: somebody is there");
  assert.equal(await page.getByLabel(/^Name/).inputValue(), "Thought over");
});

test("a session that ended so is asked for again by itself, before a page that is not to be read any more", async (t) => {
  const { member, page, pass } = await come(t, "gone@shop.example", "/keys/new", { expect: [ENDED] });
  await page.getByLabel(/^Name/).fill("Left open");
  assert.equal((await member.call("DELETE", "/v1/session")).status, 200);
  await pass(16);
  await dialog(page, "Your session has ended").waitFor();
  const { opacity, filter } = await page.locator(".mantine-Modal-overlay").evaluate((overlay) => {
    const style = getComputedStyle(overlay);
    return { opacity: style.backgroundColor, filter: style.backdropFilter };
  });
  assert.match(`${opacity} ${filter}`, /0\.9\d*\).*blur\(12px\)/);
});
