// key_tokens.test.mjs - the access tokens of a key on its page, and in the record: got, seen, ended, and by whom.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { until } from "../lib/check.mjs";
import { startDashboard } from "../lib/dashboard.mjs";
import { CLIPBOARD, clipboardOf, dialog, headline, press } from "../lib/hands.mjs";
import { assertFine } from "../lib/looks.mjs";
import { freePort, startNginx } from "../lib/nginx.mjs";
import { exchange, requestBytes } from "../lib/raw.mjs";
import { MANAGEMENT } from "../lib/sites.mjs";
import { tokenClient } from "../lib/tokens.mjs";
import { otherSecret } from "../../../tools/run/key_text.mjs";

const PAGE = 20;
let dashboard, gateway, client, owner;
before(async () => {
  dashboard = await startDashboard();
  owner = await dashboard.member({ email: "owner@shop.example", role: "owner" });
  client = tokenClient(dashboard.service);
  gateway = await startGateway(dashboard.sites);
});
after(async () => {
  await gateway.nginx.stop();
  await dashboard.stop();
});

/** The shipped sites take keys alone: one more gateway of theirs, which takes tokens too. */
async function startGateway({ folder, keyward, upstream }) {
  const port = await freePort(), own = `${folder}/bearer`;
  await fs.mkdir(own);
  const nginx = await startNginx(own, `keyward_state ${keyward.run};
    server { listen 127.0.0.1:${port}; keyward_environment sandbox;
      location / { keyward on; keyward_bearer on; proxy_pass http://unix:${upstream.path}; } }`, [port]);
  return { nginx, ask: (token) => exchange(port, requestBytes("GET /read/x HTTP/1.1", [["Host", "api.test"], ["Connection", "close"], ["Authorization", `Bearer ${token}`]])) };
}

const create = (name, more = {}) => dashboard.sites.keyward.createKey({ name, permission: "transactions", more: ["--rate", "none"], ...more });
const visit = (t, { id }, more) => dashboard.visit(t, { as: owner, at: `/keys/${id}`, ...more });
const section = (page) => page.getByRole("region", { name: "Access tokens" });
const line = (page, { id }) => section(page).getByRole("row").filter({ hasText: id });
const nothing = (page) => section(page).getByText("None is live");

/** What the gateway answers a token: 200, or the code of its refusal. */
async function judged({ accessToken }) {
  const { status, json } = await gateway.ask(accessToken);
  return status === 200 ? status : json.code;
}

/** A command of the page in a shell that has the key in its environment; curl is told elsewhere where the test's site is. */
async function inShell(command, key) {
  const { folder, ports } = dashboard.sites, { hostname } = new URL(dashboard.origin);
  await fs.writeFile(`${folder}/.curlrc`, `cacert = "${folder}/tls/${MANAGEMENT}.crt"\nresolve = "${hostname}:${ports.tls}:127.0.0.1"\nsilent\n`);
  const { stdout } = await promisify(execFile)("sh", ["-c", command], { env: { PATH: process.env.PATH, CURL_HOME: folder, MONEI_API_KEY: key.key } });
  return JSON.parse(stdout);
}

const onRecord = (filter) => until(async () => (await dashboard.service.call("GET", `/v1/events?${filter}`)).json.events[0]);

test("where_there_is_no_token_the_page_has_the_command_that_gets_one_and_it_works", async (t) => {
  const key = await create("Never exchanged");
  const page = await visit(t, key, { permissions: CLIPBOARD });
  await nothing(page).waitFor();
  assert.equal(await section(page).getByRole("button", { name: "End all" }).count(), 0);
  await press(section(page), "Copy the curl command");
  const pair = await inShell(await clipboardOf(page), key);
  assert.equal(await judged(pair), 200);
  await page.reload();
  await line(page, pair).waitFor();
  assert.match(await line(page, pair).textContent(), /from 127\.0\.0\.1.*Read Only.*not yet.*can be refreshed until/);
  const html = await page.content();
  assert.ok(![pair.accessToken, pair.refreshToken, key.key].some((secret) => html.includes(secret)), "no secret is on the page");
});

test("tokens_that_are_ended_on_the_page_are_refused_and_gone_and_others_of_the_key_are_not", async (t) => {
  const key = await create("Two programs"), lost = await client.pair(key), kept = await client.pair(key);
  const { json: next } = await client.refresh(lost.refreshToken);
  const page = await visit(t, key);
  assert.match(await line(page, lost).textContent(), /Once just now.*from 203\.0\.113\.7/);
  await press(page, `End family ${lost.id}`);
  const question = dialog(page, "End this family of tokens");
  await question.getByText("gets 401 at once").waitFor();
  assert.equal(await judged(next), 200, "asking ends nothing");
  await press(question, "End tokens");
  await question.waitFor({ state: "hidden" });
  await page.waitForFunction(() => document.activeElement.closest("section") !== null); /* the button that had the focus is gone */
  assert.deepEqual([await line(page, lost).count(), await line(page, kept).count()], [0, 1]);
  assert.deepEqual([await judged(next), await judged(kept)], ["token_ended", 200]);
  assert.equal((await client.refresh(next.refreshToken)).json.code, "token_ended");
  await press(page, `End family ${kept.id}`);
  await press(dialog(page, "End this family of tokens"), "End tokens");
  await nothing(page).waitFor();
});

test("of_very_many_a_page_is_shown_and_all_of_them_are_ended_at_once", async (t) => {
  const key = await create("Busy"), pairs = [];
  for (let i = 0; i < PAGE + 2; i++) pairs.push(await client.pair(key));
  const page = await visit(t, key);
  await section(page).getByText(`The first ${PAGE} live families`).waitFor();
  assert.equal(await line(page, pairs.at(-1)).count(), 0);
  await press(section(page), "Show more");
  await line(page, pairs.at(-1)).waitFor();
  await press(section(page), "End all");
  const question = dialog(page, "End all access tokens of this key");
  await question.getByText("The key itself goes on working").waitFor();
  await press(question, "End all tokens");
  await nothing(page).waitFor();
  assert.deepEqual(await Promise.all([pairs[0], pairs.at(-1)].map(judged)), ["token_ended", "token_ended"]);
  assert.equal(await judged(await client.pair(key)), 200, "the key can be exchanged again");
});

test("who_may_not_change_the_key_sees_its_tokens_and_is_not_offered_their_end", async (t) => {
  const sandbox = await create("Looked at"), production = await create("For admins", { environment: "production" });
  const viewer = await dashboard.member({ email: "viewer@shop.example", role: "viewer" });
  const developer = await dashboard.member({ email: "developer@shop.example", role: "developer" });
  for (const [as, key, may] of [[viewer, sandbox, 0], [developer, sandbox, 1], [developer, production, 0], [owner, production, 1]]) {
    const pair = await client.pair(key);
    const page = await visit(t, key, { as });
    await line(page, pair).waitFor();
    for (const name of ["End all", `End family ${pair.id}`]) assert.equal(await section(page).getByRole("button", { name }).count(), may, `${name}, ${as.email}`);
    await dashboard.service.call("POST", `/v1/tokens/${pair.id}/end`);
  }
});

test("a_list_that_does_not_come_says_so_and_one_of_a_revoked_key_is_not_shown", async (t) => {
  const key = await create("Not answered");
  const page = await visit(t, key, { at: null, expect: [/ 503 \(/] });
  const problem = { statusCode: 503, code: "busy", error: "Service Unavailable", message: "Too much at once", requestId: "0".repeat(32) };
  await page.route("**/v1/keys/*/tokens*", (route) => route.fulfill({ status: 503, json: problem }), { times: 4 });
  await page.goto(`${dashboard.origin}/keys/${key.id}`);
  await section(page).getByText("Too much at once").waitFor();
  await page.unrouteAll();
  await press(section(page), "Try again");
  await nothing(page).waitFor();
  await dashboard.service.call("POST", `/v1/keys/${key.id}/revoke`);
  await page.reload();
  await headline(page, "Not answered").waitFor();
  assert.equal(await section(page).count(), 0);
});

test("the_record_says_of_a_request_that_it_came_with_a_token_and_of_which_key_and_family", async (t) => {
  const key = await create("On the record"), pair = await client.pair(key);
  assert.equal(await judged(pair), 200);
  await client.revoke(pair.accessToken);
  assert.equal(await judged(pair), "token_ended");
  await onRecord(`key=${key.id}&reason=token_ended`);
  const page = await dashboard.visit(t, { as: owner, at: `/activity?key=${key.id}` });
  const refused = page.getByRole("listitem").filter({ hasText: "token_ended" });
  assert.match(await refused.textContent(), new RegExp(`Access token ended.*${key.id}.*by its token ${pair.id}`));
  await refused.getByRole("link", { name: "Access token ended" }).click();
  await headline(page, "Denied: Access token ended").waitFor();
  await page.getByText(`A token of the family ${pair.id}`).waitFor();
  await page.goto(`${dashboard.origin}/activity?kind=change`);
  const ended = page.getByRole("listitem").filter({ hasText: "Access tokens ended" }).first();
  assert.match(await ended.textContent(), new RegExp(`family ${pair.id} of key ${key.id}.*by key ${key.id}`));
});

test("a_token_that_was_guessed_is_on_the_record_as_claimed_and_names_no_key", async (t) => {
  const key = await create("Guessed"), pair = await client.pair(key);
  assert.equal(await judged({ accessToken: otherSecret(pair.accessToken) }), "invalid_key");
  await onRecord("reason=wrong_secret");
  const operator = await dashboard.member({ email: "operator@shop.example", role: "owner", operator: true });
  const page = await dashboard.visit(t, { as: operator, at: "/activity?reason=wrong_secret" });
  const refused = page.getByRole("listitem").filter({ hasText: pair.id });
  assert.match(await refused.textContent(), new RegExp(`token ${pair.id} claimed`));
  await refused.getByRole("link", { name: "Wrong secret" }).click();
  await page.getByText(`What claims to be a token of the family ${pair.id}`).waitFor();
  assert.ok(!(await page.content()).includes(key.id));
});

test("the_tokens_and_their_dialogs_look_right_to_everybody", async (t) => {
  const key = await create("Looked at closely");
  await assertFine(dashboard, t, "no tokens", owner, async (page) => {
    await page.goto(`${dashboard.origin}/keys/${key.id}`);
    await nothing(page).waitFor();
  });
  const pair = await client.pair(key);
  assert.equal((await client.refresh(pair.refreshToken)).status, 200);
  for (const [button, question] of [[`End family ${pair.id}`, "End this family of tokens"], ["End all", "End all access tokens of this key"]])
    await assertFine(dashboard, t, question, owner, async (page) => {
      await page.goto(`${dashboard.origin}/keys/${key.id}`);
      await line(page, pair).waitFor();
      await press(page, button);
      await dialog(page, question).waitFor();
    });
});
