// detectors.test.mjs - what the watch looks for, on its page: turned off, made graver, given an action, and put back as by default.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDashboard } from "../lib/dashboard.mjs";
import { headline, press } from "../lib/hands.mjs";
import { assertFine } from "../lib/looks.mjs";

let dashboard, owner, viewer, operator;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
  viewer = await dashboard.member({ email: "viewer@shop.example", role: "viewer" });
  operator = await dashboard.member({ email: "operator@shop.example", role: "owner", operator: true });
  for (const person of [owner, operator]) await person.setUpTotp(); /* a proof that is fresh; without one see proof.test.mjs */
});
after(() => dashboard.stop());

const OF_ACCOUNT = "/v1/accounts/main/thresholds";
const visit = (t, at, more) => dashboard.visit(t, { as: owner, at, ...more });
const detector = (page, name) => page.getByRole("listitem", { name, exact: true });
const ofApi = async (name, path = OF_ACCOUNT) => (await dashboard.service.call("GET", path)).json.detectors.find((one) => one.detector === name);
const saved = (page) => page.getByText("Not saved").first().waitFor({ state: "hidden" });

async function put(detectors, path = OF_ACCOUNT) {
  const { headers } = await dashboard.service.call("GET", path);
  const { status, text } = await dashboard.service.call("PUT", path, { detectors }, { "if-match": headers.etag });
  assert.equal(status, 200, text);
}

test("each detector of the API that an account chooses is there, with its numbers, and an action only where it may act", async (t) => {
  const page = await visit(t, "/detectors"), { json } = await dashboard.service.call("GET", OF_ACCOUNT);
  const its = json.detectors.filter(({ ofAccounts }) => ofAccounts);
  await detector(page, "Usage spike").waitFor();
  assert.equal(await page.getByRole("main").getByRole("listitem").count(), its.length);
  assert.equal(await detector(page, "Failing address").count(), 0, "it is found of no account");
  assert.deepEqual(await page.getByRole("main").getByRole("textbox").evaluateAll((all) => all.map(({ value }) => Number(value))), its.flatMap(({ numbers }) => Object.values(numbers).map(({ value }) => value)));
  assert.equal(await page.getByLabel("What is done").count(), its.filter(({ mayAct }) => mayAct).length);
  assert.equal(await detector(page, "Wrong secrets of a key").getByLabel("What is done").count(), 0, "whoever knows an id could stop the key");
  for (const name of ["Old secret used", "Refresh token used twice"])
    assert.equal(await detector(page, name).getByLabel("What is done").count(), 0, "whoever reads an old log could stop the key");
});

test("what is chosen is saved as a whole, marked, and put back as by default", async (t) => {
  await put({ dormant: { days: 60 } });
  const page = await visit(t, "/detectors"), spike = detector(page, "Usage spike"), odd = detector(page, "Odd hours");
  await detector(page, "Dormant key awake").getByText("Changed").waitFor();
  assert.ok(await page.getByRole("button", { name: "Save changes" }).isDisabled());
  await spike.getByLabel("Severity").selectOption("Critical");
  await spike.getByLabel("What is done").selectOption("Disable the key");
  await spike.getByRole("textbox").first().fill("7");
  await odd.getByRole("switch", { name: "Odd hours: on" }).click({ force: true });
  await page.getByText("2 detectors are not saved").waitFor();
  await press(page, "Save changes");
  await saved(page);
  const now = await ofApi("usage_spike");
  assert.deepEqual([now.severity, now.action, now.numbers.times.value, (await ofApi("odd_hours")).off, (await ofApi("dormant")).numbers.days.value], ["critical", "disable", 7, true, 60]);
  await press(page, "Usage spike as by default");
  await press(page, "Odd hours as by default");
  await press(page, "Save changes");
  await saved(page);
  assert.deepEqual([(await ofApi("usage_spike")).severity, (await ofApi("odd_hours")).off, (await ofApi("dormant")).numbers.days.value], ["medium", false, 60]);
});

test("a number outside of its bounds, or none, is told of and not sent", async (t) => {
  const page = await visit(t, "/detectors"), number = detector(page, "Usage spike").getByRole("textbox").first();
  for (const text of ["0", "999999999", "", "4.5", "-3", "many"]) {
    await number.fill(text);
    await page.getByText("A number is not within its bounds").waitFor();
    assert.equal(await number.getAttribute("aria-invalid"), "true");
    assert.ok(await page.getByRole("button", { name: "Save changes" }).isDisabled());
  }
});

test("who was slower is told, nothing is saved, and what there is now is shown when it is asked for", async (t) => {
  const page = await visit(t, "/detectors", { expect: [/ 412 \(\) /] }), spike = detector(page, "Usage spike");
  await spike.getByLabel("Severity").selectOption("High");
  await put({ usage_spike: { severity: "low" } });
  await press(page, "Save changes");
  await page.getByRole("alert").getByText("Somebody else changed this meanwhile").waitFor();
  assert.equal((await ofApi("usage_spike")).severity, "low");
  await press(page, "Show it");
  await page.getByRole("alert").waitFor({ state: "hidden" });
  assert.equal(await spike.getByLabel("Severity").inputValue(), "low");
});

test("who sees all chooses for the installation, and for an account", async (t) => {
  const page = await visit(t, "/detectors", { as: operator });
  await page.getByText(/^For what is found of no account/).waitFor();
  await detector(page, "Failing address").getByLabel("Severity").selectOption("High");
  await press(page, "Save changes");
  await saved(page);
  await detector(page, "Dormant key awake").getByLabel("Severity").selectOption("High");
  await press(page, "Save changes");
  await saved(page);
  assert.deepEqual([(await ofApi("source_failures", "/v1/thresholds")).severity, (await ofApi("dormant", "/v1/thresholds")).severity, (await ofApi("dormant")).severity], ["high", "high", "medium"]);
  await page.getByLabel("Account", { exact: true }).selectOption("main");
  await page.getByText(/^For what is found of this account/).waitFor();
  assert.equal(new URL(page.url()).search, "?account=main");
  await detector(page, "Dormant key awake").getByLabel("Severity").waitFor();
  assert.equal(await detector(page, "Dormant key awake").getByLabel("Severity").inputValue(), "medium");
  assert.equal(await detector(page, "Failing address").count(), 0);
});

test("who only reads can change nothing", async (t) => {
  const page = await visit(t, "/detectors", { as: viewer });
  await detector(page, "Usage spike").waitFor();
  await page.getByText("An admin of the account may change this.").waitFor();
  assert.equal(await page.getByRole("main").getByRole("button").count(), 0);
  assert.equal(await page.locator("main :is(input, select):not(:disabled)").count(), 0);
});

test("the page looks right to everybody, also with all of it changed and with a number that is wrong", async (t) => {
  const { json } = await dashboard.service.call("GET", OF_ACCOUNT);
  await put(Object.fromEntries(json.detectors.filter(({ ofAccounts }) => ofAccounts).map(({ detector: name, mayAct, numbers }) => [name, { off: true, severity: "critical", ...(mayAct && { action: "read_only" }), ...Object.fromEntries(Object.entries(numbers).map(([number, { most }]) => [number, most])) }])));
  for (const as of [owner, viewer])
    await assertFine(dashboard, t, "detectors", as, async (page) => {
      await page.goto(`${dashboard.origin}/detectors`);
      await headline(page, "Detectors").waitFor();
      await detector(page, "Usage spike").waitFor();
      if (as === owner) await detector(page, "Usage spike").getByRole("textbox").first().fill("many");
    });
});
