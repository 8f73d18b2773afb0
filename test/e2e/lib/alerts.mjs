// alerts.mjs - alerts: real ones that a key brings about, and made-up ones, which the watch would take days to raise, for the pages
// that show them.
import assert from "node:assert/strict";

/** One about a production key, which was disabled; `more` is what is different. */
export function alertOf(more = {}) {
  const key = more.keyId ?? "7Q2mK4T9xJ1aBd";
  return {
    id: "5fGh2kLm9pQr3s", detector: "usage_spike", title: "this key is used far more than it usually is", advice: "Ask the owner of the key.", severity: "medium", state: "open", account: "main", keyId: key, name: "Payouts",
    environment: "production", subject: key, beganAt: "2026-11-30T09:30:00Z", foundAt: "2026-11-30T09:30:40Z", lastAt: "2026-11-30T09:30:40Z", times: 1,
    requestId: "5e0c1f6a9d3b47c8a2e4f60718293a4b", evidence: { perMinute: 4800, usual: 600, source: "203.0.113.7" }, action: "disable", deed: "done", version: 2,
    history: [{ at: "2026-11-30T09:30:40Z", by: "watch", state: "open", deed: "done", note: null }, { at: "2026-11-30T09:30:40Z", by: "watch", state: "open", deed: "pending", note: null }],
    ...more,
  };
}

/** One for each of `detectors`, in turns of every severity, state and deed, with subjects that are hard to show. */
export function manyAlerts(detectors) {
  const severities = ["low", "medium", "high", "critical"], states = ["open", "acknowledged", "resolved"], deeds = ["none", "pending", "done", "failed", "undone"];
  const subjects = ["2001:db8:1234:5678:9abc:def0:1234:5678", null, "x".repeat(63), "token:5fGh2kLm9pQr3s", "مفتاح التقارير الليلية"];
  return detectors.map(([detector, title], i) => {
    const isOfKey = i % 2 === 0, time = new Date(Date.now() - i * 37 * 60_000).toISOString().replace(/\.\d+/, "");
    return alertOf({
      id: `alert${String(i).padStart(9, "0")}`, detector, title, severity: severities[i % 4], state: states[i % 3], account: i % 5 === 4 ? null : "main", name: [null, "Payouts", "w".repeat(100)][i % 3], ...(!isOfKey && { keyId: null }),
      environment: isOfKey ? ["sandbox", "production"][i % 4 / 2] : null, subject: isOfKey ? "7Q2mK4T9xJ1aBd" : subjects[(i - 1) / 2 % subjects.length],
      beganAt: time, foundAt: time, lastAt: time, times: i % 4 === 3 ? 12_000 : 1, action: isOfKey ? ["disable", "read_only", "notify"][i % 3] : "notify", deed: isOfKey && i % 3 !== 2 ? deeds[i % 5] : "none",
    });
  });
}

/** From here on a page is told of these alerts, and of no others. */
export async function showAlerts(page, alerts) {
  const isAsked = (alert, query) => !query.has("state") || alert.state === query.get("state");
  await page.route(/\/v1\/alerts(\?|$)/, (route) => {
    const { searchParams } = new URL(route.request().url());
    return route.fulfill({ json: { alerts: alerts.filter((alert) => isAsked(alert, searchParams)).map(({ history, ...alert }) => alert), next: null } });
  });
  for (const alert of alerts) await page.route(new RegExp(`/v1/alerts/${alert.id}$`), (route) => route.fulfill({ json: alert }));
}

/** Raises one to see whether it arrives. */
export async function testAlert(by) {
  const { status, json, text } = await by.call("POST", "/v1/alerts/test");
  assert.equal(status, 201, text);
  return json;
}

export async function takeOn(by, id, deed, body = {}) {
  const { status, text } = await by.call("POST", `/v1/alerts/${id}/${deed}`, body);
  assert.equal(status, 200, text);
}

const DENIALS = 5, TRIES = 200;

/** From here on, keys of an account that keep asking for what they may not do are held back. */
export async function actOnDenials(service, action, account = "main") {
  const path = `/v1/accounts/${account}/thresholds`, { headers } = await service.call("GET", path);
  const { status, text } = await service.call("PUT", path, { detectors: { denials: { count: DENIALS, action, severity: "high" } } }, { "if-match": headers.etag });
  assert.equal(status, 200, text);
}

/** A key keeps asking for what it may not do, once more than is let pass: some of it may be forgotten meanwhile. The alert, once it has
 *  done to the key what it is to do. `site` is where it asks. */
export async function raiseDenials({ sites, service }, key, site) {
  for (let i = 0; i <= DENIALS; i++) assert.ok([401, 403].includes((await sites.ask(site, `GET /ledger/${2020 + i}/all`, { key })).status));
  for (let tries = 0; tries < TRIES; tries++) {
    const { json } = await service.call("GET", `/v1/alerts?detector=denials&key=${key.id}`);
    if (json.alerts.length > 0 && json.alerts[0].deed !== "pending") return json.alerts[0];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return assert.fail("no alert was raised");
}
