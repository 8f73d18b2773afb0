// boundaries.test.mjs - what a browser keeps apart: text from script, this site from others, one role and one account from another.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cookieOf, startDashboard } from "../lib/dashboard.mjs";
import { headline } from "../lib/hands.mjs";
import { SANDBOX } from "../lib/sites.mjs";

const EVIL = "evil.example", SCRIPT = `<script>alert(1)</script><img src=x onerror=alert(2)>`;
let dashboard, owner, key;
before(async () => {
  dashboard = await startDashboard({ names: [EVIL] });
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner", agent: SCRIPT });
  key = await dashboard.sites.keyward.createKey({ name: `${SCRIPT} javascript:alert(3)`, permission: "read_only" });
});
after(() => dashboard.stop());

const visit = (t, at, more) => dashboard.visit(t, { as: owner, at, ...more });

/** The page shows the text as it is, and made nothing of it. */
async function assertText(page) {
  await page.getByText(SCRIPT).first().waitFor();
  assert.equal(await page.locator("img[src=x], script:not([src]), a[href^='javascript:' i], [onerror]").count(), 0);
}

test("F7_script_in_names_and_user_agents_is_shown_as_text", async (t) => {
  const headers = [["User-Agent", SCRIPT]];
  const { id } = (await dashboard.sites.ask(SANDBOX, "GET /read/x", { key, headers })).json ?? {};
  assert.equal(id, undefined);
  for (const at of ["/keys", `/keys/${key.id}`, "/activity?kind=change", "/you"]) {
    const page = await visit(t, at);
    page.on("dialog", () => assert.fail(`a script ran at ${at}`));
    await assertText(page);
  }
  const page = await visit(t, `/activity?key=${key.id}&kind=event`);
  await page.getByRole("listitem").filter({ hasText: "/read/x" }).getByRole("link").first().click();
  await headline(page, "Allowed").waitFor();
  await assertText(page);
});

test("F7_script_in_the_address_of_a_page_is_shown_as_text", async (t) => {
  const page = await visit(t, `/keys?q=${encodeURIComponent(SCRIPT)}`);
  await headline(page, "Keys").waitFor();
  assert.equal(await page.getByLabel("Search").inputValue(), SCRIPT);
  assert.equal(await page.locator("img[src=x], script:not([src])").count(), 0);
});

test("F7_the_policy_stops_a_script_and_a_handler_that_got_into_the_page", async (t) => {
  const page = await visit(t, "/keys", { expect: [/^policy: script-src/, /violates the following Content Security Policy|Content Security Policy/] });
  await headline(page, "Keys").waitFor();
  const ran = await page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
    const image = document.createElement("img");
    image.setAttribute("onerror", "window.ran = true");
    image.src = "data:,";
    document.body.append(image);
    await new Promise((resolve) => image.addEventListener("error", resolve));
    return window.ran === true;
  });
  assert.equal(ran, false);
});

/** A page of another address, in a browser in which somebody is signed in to ours. `answers` are the statuses that ours gave. */
async function elsewhere(t, address, html) {
  const page = await dashboard.visit(t, { as: owner, at: null, expect: [/^elsewhere: /, /^console error/] });
  const answers = [];
  page.on("response", (response) => response.url().startsWith(dashboard.origin) && answers.push(response.status()));
  await page.route(`${address}/**`, (route) => route.fulfill({ contentType: "text/html", body: html }));
  await page.goto(`${address}/`);
  return { page, answers };
}

const keyCount = async () => (await dashboard.service.call("GET", "/v1/keys?q=stolen")).json.keys.length;

test("F5_a_form_and_a_script_of_another_site_make_nothing_here", async (t) => {
  const target = `${dashboard.origin}/v1/keys`, body = JSON.stringify({ account: "main", environment: "sandbox", name: "stolen" });
  const form = `<form method=post action="${target}" enctype=text/plain><input name='${body.slice(0, -2)}' value='"}'></form>`;
  for (const address of [`http://${EVIL}`, `https://${SANDBOX}:${dashboard.sites.ports.tls}`]) {
    const { page, answers } = await elsewhere(t, address, form);
    await page.evaluate(([url, text]) => fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body: text }).catch(() => {}), [target, body]);
    await Promise.all([page.waitForResponse((response) => response.url() === target && response.request().isNavigationRequest()),
      page.evaluate(() => document.forms[0].submit())]);
    assert.ok(answers.length > 0 && answers.every((status) => status === 403), `${address}: ${answers}`);
  }
  assert.equal(await keyCount(), 0);
});

test("F8_a_frame_of_another_site_stays_empty", async (t) => {
  for (const address of [`http://${EVIL}`, `https://${SANDBOX}:${dashboard.sites.ports.tls}`]) {
    const { page } = await elsewhere(t, address, `<iframe src="${dashboard.origin}/keys"></iframe>`);
    await page.waitForFunction(() => document.readyState === "complete");
    const [, frame] = page.frames();
    assert.ok(!frame.url().startsWith(dashboard.origin), frame.url());
    assert.equal(await frame.getByText("Keys").count(), 0);
  }
});

test("a viewer is offered nothing that he may not do, and told so where he comes by an address", async (t) => {
  const viewer = await dashboard.member({ email: "viewer@shop.example", role: "viewer" });
  const page = await dashboard.visit(t, { as: viewer, at: "/keys" });
  await page.getByRole("table", { name: "Keys" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Create New Key" }).count(), 0);
  await page.goto(`${dashboard.origin}/keys/${key.id}`);
  await page.getByText("What it may do").waitFor();
  for (const name of ["Change", "Disable", "Revoke key"]) assert.equal(await page.getByRole("button", { name }).count(), 0, name);
  await page.goto(`${dashboard.origin}/keys/new`);
  await page.getByText("Your role may not make keys").waitFor();
  for (const name of ["Accounts", "Tokens"]) assert.equal(await page.getByRole("navigation").getByRole("link", { name }).count(), 0, name);
});

test("a developer is offered sandbox keys alone", async (t) => {
  const developer = await dashboard.member({ email: "developer@shop.example", role: "developer" });
  const page = await dashboard.visit(t, { as: developer, at: "/keys/new" });
  await page.getByRole("radio", { name: /^Sandbox/ }).waitFor();
  assert.ok(await page.getByRole("radio", { name: /^Production/ }).isDisabled());
});

test("a member of one account sees nothing of another's, by list, address or record", async (t) => {
  const made = await dashboard.service.call("POST", "/v1/accounts", { id: "other", name: "Other" });
  assert.equal(made.status, 201, made.text);
  const stranger = await dashboard.member({ email: "stranger@other.example", role: "owner", account: "other" });
  await dashboard.sites.ask(SANDBOX, "GET /read/ours", { key });
  const page = await dashboard.visit(t, { as: stranger, at: "/keys", expect: [/ 404 \(\) /] });
  await page.getByText("No keys yet").waitFor();
  await page.goto(`${dashboard.origin}/keys/${key.id}`);
  await headline(page, "No such key").waitFor();
  const { text: line } = await dashboard.service.call("GET", "/v1/events?kind=event&format=ndjson&limit=1");
  const request = JSON.parse(line.split("\n")[0]).request_id;
  assert.match(request, /^[0-9a-f]{32}$/);
  await page.goto(`${dashboard.origin}/activity/${request}`);
  await headline(page, "Not on the record").waitFor();
  await page.goto(`${dashboard.origin}/activity`);
  await page.getByText("Signed in").or(page.getByText("One-time link used")).first().waitFor();
  const text = await page.getByRole("main").textContent();
  for (const ours of ["/read/ours", key.id, "owner@shop.example"]) assert.ok(!text.includes(ours), ours);
});

test("two people in one browser: the cookie of the second shows his own pages, whatever the first left open", async (t) => {
  const first = await dashboard.member({ email: "first@shop.example", role: "owner" });
  const second = await dashboard.member({ email: "second@shop.example", role: "viewer" });
  const page = await dashboard.visit(t, { as: first, at: "/keys" });
  await page.getByRole("link", { name: "Create New Key" }).waitFor();
  await page.context().addCookies([cookieOf(second, dashboard.origin)]);
  await page.reload();
  await page.getByText("Viewer of main").first().waitFor();
  assert.equal(await page.getByRole("link", { name: "Create New Key" }).count(), 0);
});
