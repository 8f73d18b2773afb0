// shop.mjs - an installation in which much has happened, so that the dashboard's pages are full: keys of all kinds, people, a second
// account, tokens and spend limits of a key, alerts, webhooks, a report, and requests that were allowed and denied.
import assert from "node:assert/strict";
import { actOnDenials, raiseDenials, takeOn, testAlert } from "./alerts.mjs";
import { makeKey } from "./hands.mjs";
import { PRODUCTION, SANDBOX } from "./sites.mjs";
import { limitSpend, reservationOf } from "./spending.mjs";
import { tokenClient } from "./tokens.mjs";

const KEYS = [
  { name: "Build pipeline", permission: "transactions", more: ["--expires", "90d"] },
  { name: "Nightly reports", permission: "read_only", more: ["--allow-ip", "127.0.0.1", "--allow-ip", "10.8.0.0/16"] },
  { name: "Payment service", permission: "transactions", environment: "production", more: ["--rate", "none"] },
  { name: "Account sync", permission: "account_management", environment: "production" },
  { name: "Settlement", permission: "full_access", environment: "production" },
  { name: "Mobile backend", permission: "transactions" },
  { name: "Retired importer", permission: "read_only" },
  { name: "Paused worker", permission: "read_only" },
];
const PEOPLE = [
  { email: "admin@shop.example", role: "admin" },
  { email: "developer@shop.example", role: "developer" },
  { email: "viewer@shop.example", role: "viewer" },
];

/** Names that a layout has to bear: long, without a space, from right to left, and pictures. */
export const HARD_NAMES = [
  "w".repeat(100), "a name of very many words that goes on and on until there is no room for it anywhere on the line at all".slice(0, 100),
  "مفتاح التقارير الليلية", "🔑🔒🗝️ 鍵 Schlüssel",
];

async function traffic(sites, keys) {
  const ask = (name, line, key) => sites.ask(name, line, { key });
  for (let i = 0; i < 6; i++) {
    await ask(SANDBOX, `GET /read/orders/${i}`, keys["Nightly reports"]);
    await ask(PRODUCTION, `POST /pay/orders/${i}`, keys["Payment service"]);
    await ask(SANDBOX, `POST /pay/orders/${i}`, keys["Build pipeline"]);
  }
  await ask(SANDBOX, "POST /pay/orders/9", keys["Nightly reports"]);
  await ask(PRODUCTION, "GET /read/orders/9", keys["Build pipeline"]);
  await ask(SANDBOX, "GET /closed/ledger", keys["Mobile backend"]);
  await ask(SANDBOX, "GET /read/orders/9", keys["Paused worker"]);
  await ask(SANDBOX, "GET /read/orders/9", `${keys["Mobile backend"].key.slice(0, -5)}aaaaa`);
  await ask(SANDBOX, "GET /read/orders/9");
}

/** Two programs that have exchanged a key; one of them went on. */
async function tokens(service, key) {
  const [pipeline, runner] = ["203.0.113.7", "198.51.100.24"].map((source) => tokenClient(service, source));
  const { refreshToken } = await pipeline.pair(key);
  await must(pipeline.refresh(refreshToken));
  await runner.pair(key, { permissions: ["read_only"], expiresIn: 3600 });
}

/** A payment that was made, and one that waits, within limits. */
async function spending(service, key) {
  await limitSpend(service, key, [{ currency: "NGN", perTransaction: "5000.00", perDay: "20000.00", destinations: ["0123456789"], prefixes: ["acct_"] }]);
  const { id } = await must(service.call("POST", "/v1/spend", reservationOf(key, { amount: "99.50", reference: "payout 4711" })));
  await must(service.call("POST", `/v1/spend/${id}/commit`, {}));
  await must(service.call("POST", "/v1/spend", reservationOf(key, { amount: "1805.00", reference: "payout 4712" })));
}

/** One that only tries whether they arrive, and one about a key, which was set to Read Only; both are open, and talked about. */
async function alerts(dashboard, { owner, key, hard }) {
  await testAlert(owner);
  await actOnDenials(dashboard.service, "read_only");
  const { id } = await raiseDenials(dashboard, key, SANDBOX);
  await takeOn(owner, id, "comment", { comment: "Is that the new version of the app? It asks for the ledger, which it does not need" });
  if (hard) for (const comment of HARD_NAMES) await takeOn(owner, id, "comment", { comment });
  return id;
}

const NOWHERE = "https://hooks.shop.invalid/keyward"; /* no name server knows it */

/** One that is told of some things, one of everything, and one that was turned off; what is sent fails. */
async function webhooks(owner, { hard }) {
  const { id } = await must(owner.call("POST", "/v1/webhooks", { url: NOWHERE, name: "Our desk", account: "main", events: ["alert.raised", "key.created", "key.revoked", "member.joined"] }));
  await must(owner.call("POST", `/v1/webhooks/${id}/test`));
  await must(owner.call("POST", "/v1/webhooks", { url: "https://hooks.group.invalid/watch" }));
  const off = await must(owner.call("POST", "/v1/webhooks", { url: "https://old.shop.invalid/in", name: "The desk before", account: "main" }));
  await must(owner.call("PATCH", `/v1/webhooks/${off.id}`, { state: "disabled" }, { "if-match": `"${off.version}"` }));
  if (hard) for (const name of HARD_NAMES) await must(owner.call("POST", "/v1/webhooks", { url: `${NOWHERE}/${"x".repeat(400)}`, name }));
  return id;
}

async function must(calling) {
  const answer = await calling;
  assert.ok(answer.status < 300, answer.text);
  return answer.json;
}

/** Who signs in to see all of it, `owner`, and the addresses of `one` of each. `hard`: with names that are hard to show. */
export async function fillShop(dashboard, { hard = false } = {}) {
  const { service, sites } = dashboard, keys = {};
  for (const key of KEYS) keys[key.name] = await sites.keyward.createKey(key);
  if (hard) for (const name of HARD_NAMES) await sites.keyward.createKey({ name, permission: "read_only" });
  await must(service.call("POST", `/v1/keys/${keys["Retired importer"].id}/revoke`));
  await must(service.call("POST", `/v1/keys/${keys["Paused worker"].id}/disable`));
  await must(service.call("POST", "/v1/accounts", { id: "branch", name: "Branch office" }));
  const owner = await dashboard.member({ email: "owner@shop.example", role: "owner", operator: true });
  const people = [];
  for (const person of PEOPLE) people.push(await dashboard.member(person));
  await must(service.call("POST", "/v1/members", { email: "invited@shop.example", role: "viewer", account: "main" }));
  await must(owner.call("POST", "/v1/management-tokens", { name: "Deployment", scopes: ["keys:read", "events:read"], expires: "90d" }));
  await traffic(sites, keys);
  await tokens(service, keys["Build pipeline"]);
  await spending(service, keys["Build pipeline"]);
  const webhook = await webhooks(owner, { hard });
  const line = await lastRefusal(service), alert = await alerts(dashboard, { owner, key: keys["Mobile backend"], hard });
  const report = await must(owner.call("POST", "/v1/reports", { account: "main" }));
  return { owner, keys, one: { key: keys["Build pipeline"].id, request: line.request_id, member: people[1].id, account: "branch", alert, webhook, report: report.id } };
}

/** The newest request that was refused, as soon as it is on the record. */
async function lastRefusal(service) {
  for (let tries = 0; tries < 200; tries++) {
    const { text } = await service.call("GET", "/v1/events?kind=event&verdict=deny&reason=permission_denied&format=ndjson");
    if (text !== "") return JSON.parse(text.split("\n")[0]);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return assert.fail("nothing is on the record");
}

/** [{name, at, as, then}…]: every page, with the address of one of each; `as` is undefined for the pages before one is in, and
 *  `then` does what leads to what has no address of its own. */
export function pagesOf({ owner, one }) {
  const inside = { overview: "/", keys: "/keys", "new-key": "/keys/new", key: `/keys/${one.key}`, activity: "/activity", request: `/activity/${one.request}`, alerts: "/alerts", alert: `/alerts/${one.alert}`,
    reports: "/reports", report: `/reports/${one.report}`, usage: "/usage", "usage-of-key": `/usage?key=${one.key}`, detectors: "/detectors", webhooks: "/webhooks", webhook: `/webhooks/${one.webhook}`,
    policy: "/policy", members: "/members", member: `/members/${one.member}`, tokens: "/tokens", accounts: "/accounts", account: `/accounts/${one.account}`, you: "/you" };
  return [
    ...Object.entries({ "sign-in": "/sign-in", forgot: "/forgot", link: "/accept" }).map(([name, at]) => ({ name, at })),
    ...Object.entries(inside).map(([name, at]) => ({ name, at, as: owner })),
    { name: "shown-once", at: "/keys/new", as: owner, then: (page) => makeKey(page, "Nightly reports") },
  ];
}

/** Goes to a page, and waits until everything on it has come. */
export async function comeTo(page, url, then = () => {}) {
  await page.goto(url);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await then(page);
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(() => document.querySelector("[role=status] .mantine-Skeleton-root, .mantine-Loader-root") === null);
}
