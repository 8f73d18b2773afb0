// alerts.test.mjs - alerts on their pages: found in a list, taken on by people, and what they did to a key undone.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, test } from "node:test";
import { actOnDenials, alertOf, manyAlerts, raiseDenials, showAlerts, takeOn, testAlert } from "../lib/alerts.mjs";
import { startDashboard } from "../lib/dashboard.mjs";
import { dialog, follow, headline, press } from "../lib/hands.mjs";
import { assertFine } from "../lib/looks.mjs";
import { SANDBOX } from "../lib/sites.mjs";

const SCRIPT = `<script>alert(1)</script><img src=x onerror=alert(2)>`, TRIED = "Somebody tried whether alerts arrive";
const detectors = [...fs.readFileSync(new URL("../../../src/core/detector.h", import.meta.url), "utf8").matchAll(/X\(DETECT_\w+, "(\w+)", \w+,[\s\\]+"([^"]+)"\)/g)].map(([, word, title]) => [word, title]);
let dashboard, owner, developer, viewer;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
  developer = await dashboard.member({ email: "developer@shop.example", role: "developer" });
  viewer = await dashboard.member({ email: "viewer@shop.example", role: "viewer" });
});
after(() => dashboard.stop());

let people = 0;

/** By somebody else each time: everybody may try once in a minute. */
const raise = async () => testAlert(await dashboard.member({ email: `owner-${++people}@shop.example`, role: "owner" }));

const visit = (t, at, more) => dashboard.visit(t, { as: owner, at, ...more });
const waiting = (page) => page.getByRole("navigation").getByRole("link", { name: /^Alerts/ });
const rows = (page) => page.getByRole("table", { name: "Alerts" }).getByRole("row").filter({ hasNot: page.getByRole("columnheader") });
const choose = (page, state) => page.getByRole("radiogroup", { name: "State" }).getByText(state, { exact: true }).click();
const buttons = (page) => page.getByRole("main").getByRole("button").allTextContents();

/** A page that is told of made-up alerts alone. */
async function visitMadeUp(t, at, alerts, more) {
  const page = await visit(t, null, more);
  await showAlerts(page, alerts);
  await page.goto(dashboard.origin + at);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

test("where nothing is open the page says what the watch does; a test alert appears there, and beside the name of the page", async (t) => {
  const page = await visit(t, "/alerts");
  await page.getByText("No alert is open").waitFor();
  await page.getByText(/The watch reads all that comes onto the record/).waitFor();
  assert.equal((await waiting(page).textContent()).trim(), "Alerts");
  await page.getByRole("button", { name: "Send a test alert" }).last().click();
  await rows(page).getByRole("link", { name: TRIED }).waitFor();
  await rows(page).getByText("People told").waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Alerts 1 open" }).waitFor();
});

test("an alert is acknowledged with a comment, talked about and resolved; its history says by whom", async (t) => {
  const { id } = await raise();
  const page = await visit(t, `/alerts/${id}`), comment = page.getByLabel("Comment"), history = page.getByRole("region", { name: "History" });
  await headline(page, TRIED).waitFor();
  assert.ok(await page.getByRole("button", { name: "Comment", exact: true }).isDisabled(), "there is nothing to say yet");
  await comment.fill("I look after it,\nnow");
  await press(page, "Acknowledge");
  await page.getByRole("heading", { name: "Somebody looks after it" }).waitFor();
  await history.getByText("I look after it, now").waitFor();
  assert.equal(await comment.inputValue(), "");
  await comment.fill("It was our sale");
  await press(page, "Comment");
  await history.getByText("It was our sale").waitFor();
  await press(page, "Resolve");
  await page.getByRole("heading", { name: "It is over" }).waitFor();
  assert.deepEqual(await history.getByRole("listitem").locator("span:first-child").allTextContents(), ["Resolved", "Comment", "Acknowledged", "Raised"]);
  assert.equal(await history.getByRole("link", { name: "owner@shop.example" }).count(), 3, "she did not raise it");
  assert.deepEqual(await buttons(page), ["Comment"], "it never goes back");
  assert.equal((await owner.call("GET", `/v1/alerts/${id}`)).json.state, "resolved");
});

test("the record shows the steps of an alert, and leads to it", async (t) => {
  const { id } = await raise();
  await takeOn(owner, id, "acknowledge", { comment: "Is on the record" });
  const page = await visit(t, "/activity?kind=change");
  for (const title of ["Alert acknowledged", "Alert raised"]) await page.getByRole("listitem").filter({ hasText: title }).filter({ hasText: "Test" }).first().waitFor();
  await page.getByRole("button", { name: "Alert acknowledged" }).first().click();
  await page.locator(`a[href='/alerts/${id}']`).click();
  await headline(page, TRIED).waitFor();
});

test("who was slower is told, and sees how it stands", async (t) => {
  const { id } = await raise();
  const page = await visit(t, `/alerts/${id}`, { expect: [/ 409 \(\) .*\/acknowledge$/] });
  await headline(page, TRIED).waitFor();
  await takeOn(developer, id, "resolve");
  await press(page, "Acknowledge");
  await page.getByRole("alert").getByText("The alert is resolved already").waitFor();
  await page.getByRole("heading", { name: "It is over" }).waitFor();
});

test("the list is of what is asked for, which stands in the address", async (t) => {
  const first = await raise(), second = await raise();
  await takeOn(owner, first.id, "resolve");
  const page = await visit(t, "/alerts?state=nonsense&detector=telepathy"), one = ({ id }) => page.locator(`a[href='/alerts/${id}']`);
  await one(second).waitFor();
  assert.equal(await one(first).count(), 0, "the open ones, at first");
  await choose(page, "Resolved");
  await one(first).waitFor();
  await one(second).waitFor({ state: "hidden" });
  assert.equal(new URL(page.url()).search, "?state=resolved");
  await choose(page, "All");
  await one(second).waitFor();
  await page.getByLabel("Severity").selectOption("High and above");
  await page.getByText("No alert matches").waitFor();
  assert.equal(new URL(page.url()).search, "?state=all&severity=high");
  await press(page, "Show all alerts");
  await one(first).waitFor();
  assert.deepEqual(await page.getByLabel("Found by").locator("option").evaluateAll((all) => all.map(({ value }) => value)), ["", ...detectors.map(([word]) => word)], "each detector has a name");
});

test("an alert that is raised meanwhile appears by itself", async (t) => {
  const page = await visit(t, null);
  await page.clock.install();
  await page.goto(`${dashboard.origin}/alerts`);
  await headline(page, "Alerts").waitFor();
  const { id } = await raise();
  await page.clock.fastForward("00:16");
  await page.locator(`a[href='/alerts/${id}']`).waitFor();
});

test("who only reads is offered nothing to do", async (t) => {
  const { id } = await raise();
  const page = await visit(t, "/alerts", { as: viewer });
  await page.locator(`a[href='/alerts/${id}']`).waitFor();
  assert.equal(await page.getByRole("button", { name: "Send a test alert" }).count(), 0);
  await page.locator(`a[href='/alerts/${id}']`).click();
  await headline(page, TRIED).waitFor();
  assert.deepEqual(await buttons(page), []);
  assert.equal(await page.getByRole("textbox").count(), 0);
});

test("F7_script_in_a_comment_and_in_what_shows_an_alert_is_shown_as_text", async (t) => {
  const { id } = await raise();
  await takeOn(owner, id, "comment", { comment: SCRIPT });
  const said = await visit(t, `/alerts/${id}`);
  const madeUp = await visitMadeUp(t, `/alerts/${alertOf().id}`, [alertOf({ keyId: null, subject: SCRIPT, evidence: { agent: SCRIPT, [SCRIPT]: SCRIPT, url: "javascript:alert(3)" } })]);
  for (const page of [said, madeUp]) {
    page.on("dialog", () => assert.fail("a script ran"));
    await page.getByText(SCRIPT).first().waitFor();
    assert.equal(await page.locator("img[src=x], script:not([src]), a[href^='javascript:' i], [onerror]").count(), 0);
  }
});

test("a key that was disabled by an alert is given back on its page, and works again", async (t) => {
  await actOnDenials(dashboard.service, "disable");
  const key = await dashboard.sites.keyward.createKey({ name: "Asks too much", permission: "read_only" });
  const { id } = await raiseDenials(dashboard, key, SANDBOX), ask = async () => (await dashboard.sites.ask(SANDBOX, "GET /read/x", { key })).status;
  const page = await visit(t, `/keys/${key.id}`, { as: developer });
  await page.getByRole("status").getByText("Every request with this key gets 401 until it is enabled again.").waitFor();
  await follow(page.getByRole("region", { name: "Alerts" }), "This key keeps asking for what it may not do");
  await page.waitForURL(`**/alerts/${id}`);
  await page.getByText("The key was disabled: every request with it is refused.").waitFor();
  assert.equal(await ask(), 401);
  await press(page, "Undo");
  await dialog(page, "Undo what was done").getByLabel("Comment").fill("A deploy gone wrong");
  await press(dialog(page, "Undo what was done"), "Undo");
  await page.getByText("The key has back what this alert took from it.").waitFor();
  assert.ok(await headline(page, /keeps asking/).evaluate((heading) => heading === document.activeElement), "the button that had the focus is gone");
  assert.equal(await ask(), 200);
  const history = page.getByRole("region", { name: "History" }).getByRole("listitem");
  assert.deepEqual(await history.locator("span:first-child").allTextContents(), ["Undone: the key has back what was taken", "Key disabled", "Raised"]);
  await history.first().getByText("A deploy gone wrong").waitFor();
  await page.getByRole("link", { name: "Disable, freeze or rotate the key" }).click();
  await page.getByText("Active", { exact: true }).waitFor();
});

test("an alert about a key shows what was found, and leads to the key, the request and the account", async (t) => {
  const evidence = { perMinute: 4800, usual: 600, source: "203.0.113.7", country: "NG", asNumber: 64512, reason: "wrong_secret", hour: 23, brandNew: "x" };
  const alert = alertOf({ severity: "critical", evidence, times: 3 });
  const page = await visitMadeUp(t, `/alerts/${alert.id}`, [alert]), shows = page.getByRole("region", { name: "What shows it" });
  for (const text of ["In one minute4,800", "Usually600", "CountryNigeria (NG)", "Autonomous systemAS64512", "ReasonWrong secret wrong_secret", "Hour of the day23:00 to 00:00, UTC", "Brand newx"])
    assert.ok((await shows.textContent()).includes(text), text);
  await page.getByText("The key was disabled: every request with it is refused.").waitFor();
  await page.getByRole("region", { name: "What to do" }).getByText(alert.advice).waitFor();
  await page.getByRole("region", { name: "What was found" }).getByText(alert.name).waitFor();
  assert.equal(await page.locator(`main a[href='/keys/${alert.keyId}']`).count(), 2, "what is done to the key is done on its page");
  for (const href of ["/alerts", `/activity/${alert.requestId}`, "/activity?source=203.0.113.7", "/accounts/main"]) assert.equal(await page.locator(`main a[href='${href}']`).count(), 1, href);
});

test("what was done is undone after a question; where somebody has changed the key since, it is said and leads there", async (t) => {
  const alert = alertOf();
  const page = await visitMadeUp(t, `/alerts/${alert.id}`, [alert], { expect: [/ 409 \(Conflict\) /] });
  const conflict = { statusCode: 409, error: "Conflict", code: "conflict", message: "The key was changed since: look at it, and decide there", requestId: "0123456789abcdef0123456789abcdef" };
  let sent;
  await page.route("**/undo", (route) => {
    sent = route.request().postDataJSON();
    return route.fulfill(sent.comment === "again" ? { json: { ...alert, deed: "undone", version: 3, history: [{ at: alert.foundAt, by: "uid:0", state: "open", deed: "undone", note: "again" }, ...alert.history] } } : { status: 409, json: conflict });
  });
  await press(page, "Undo");
  const question = dialog(page, "Undo what was done");
  await press(question, "Undo");
  await question.getByRole("alert").getByText(conflict.message).waitFor();
  assert.deepEqual(sent, {});
  assert.equal(await question.getByRole("link", { name: "To the key" }).getAttribute("href"), `/keys/${alert.keyId}`);
  await question.getByLabel("Comment").fill("again");
  await press(question, "Undo");
  await question.waitFor({ state: "hidden" });
  await page.getByRole("region", { name: "History" }).getByText("Undone: the key has back what was taken").waitFor();
  assert.equal(await page.getByRole("button", { name: "Undo" }).count(), 0);
});

test("to give a production key something back is offered to none who may not give it by hand", async (t) => {
  const alerts = ["production", "sandbox"].map((environment) => alertOf({ id: `${environment}0000000`.slice(0, 14), environment }));
  for (const [as, wanted] of [[developer, [0, 1]], [viewer, [0, 0]], [owner, [1, 1]]]) {
    const counts = [];
    for (const { id } of alerts) {
      const page = await visitMadeUp(t, `/alerts/${id}`, alerts, { as });
      await page.getByRole("heading", { name: "What was done" }).waitFor();
      counts.push(await page.getByRole("button", { name: "Undo" }).count());
    }
    assert.deepEqual(counts, wanted, as.email);
  }
});

test("the overview shows the gravest that are open, and counts stop at ninety-nine", async (t) => {
  const key = await dashboard.sites.keyward.createKey({ name: "Watched", permission: "read_only" });
  const alerts = Array.from({ length: 120 }, (_, i) => alertOf({ id: `a${String(i).padStart(13, "0")}`, keyId: key.id, severity: i === 90 ? "critical" : i === 91 ? "high" : "low", action: "notify", deed: "none" }));
  const page = await visitMadeUp(t, "/", alerts), open = page.getByRole("region", { name: "Open alerts" });
  await page.getByRole("navigation").getByRole("link", { name: "Alerts 99+ open" }).waitFor();
  await open.getByRole("listitem").nth(4).waitFor();
  assert.deepEqual((await open.getByRole("listitem").allTextContents()).map((text) => text.match(/^[A-Z][a-z]+?(?=This)/)?.[0]), ["Critical", "High", "Low", "Low", "Low"]);
  await follow(open, "All of them");
  await headline(page, "Alerts").waitFor();
});

test("the page of a key shows what was found about it, and leads to all of that", async (t) => {
  const { id } = await dashboard.sites.keyward.createKey({ name: "Found about", permission: "read_only" });
  const page = await visitMadeUp(t, `/keys/${id}`, [alertOf({ keyId: id, state: "resolved" })]), section = page.getByRole("region", { name: "Alerts" });
  await section.getByText("Resolved").waitFor();
  await follow(section, "All about this key");
  await press(page, `About key ${id} only: show all`);
  assert.equal(new URL(page.url()).search, "?state=all");
});

test("an alert that there is not, or that is of another account, is not there", async (t) => {
  const page = await visit(t, "/alerts/7Q2mK4T9xJ1aBd", { expect: [/ 404 \(\) /] });
  await headline(page, "No such alert").waitFor();
  await follow(page, "All alerts");
  await headline(page, "Alerts").waitFor();
});

test("alerts of all kinds, with subjects that are long, look right to everybody", async (t) => {
  const many = manyAlerts(detectors), hard = alertOf({ name: "w".repeat(100), severity: "critical", action: "read_only", times: 1200, evidence: { agent: "w".repeat(63), source: "2001:db8:1234:5678:9abc:def0:1234:5678", usual: 600 } });
  const look = (what, at, alerts, then = () => {}) => assertFine(dashboard, t, what, owner, async (page) => {
    await showAlerts(page, alerts);
    await page.goto(dashboard.origin + at);
    await page.locator("main a[href^='/alerts/'], main dl").first().waitFor();
    await then(page);
  });
  await look("many alerts", "/alerts?state=all", many);
  await look("open alerts on the overview", "/", many);
  await look("one alert", `/alerts/${hard.id}`, [hard]);
  await look("undo", `/alerts/${hard.id}`, [hard], async (page) => {
    await press(page, "Undo");
    await dialog(page, "Undo what was done").waitFor();
  });
});
