// webhooks.test.mjs - receivers are told of what is changed, signed, at least once; nobody who does not answer holds up others.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import fs from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation, makeFolder } from "../lib/installation.mjs";
import { join } from "../lib/people.mjs";
import { Receiver } from "../lib/receiver.mjs";

const installed = createRequire(new URL("../../../build/npm/package.json", import.meta.url));
const { Webhook, WebhookVerificationError } = installed("standardwebhooks");

let k, r, impostor, folder, owner, viewer, foreign;
before(async () => {
  folder = await makeFolder();
  impostor = await Receiver.start(folder);
  r = await Receiver.start(folder); /* whose certificate is the one that is known */
  k = await Installation.make({ serve: false });
  await fs.appendFile(k.file, `webhook_allow_private: [127.0.0.1]\nwebhook_ports: [${r.port}, ${impostor.port}]\nwebhook_retries: [1s, 1s]\n` +
    `webhook_off_after: 30s\nwebhook_ca_file: ${r.certificate.file}\n`);
  await k.serve();
  await k.ok("accounts", "create", "shop");
  owner = await join(k, { email: "owner@main.example", role: "owner" });
  viewer = await join(k, { email: "viewer@main.example", role: "viewer" });
  foreign = await join(k, { email: "owner@shop.example", role: "owner", account: "shop" });
});
after(async () => {
  await k.stop();
  r.stop();
  impostor.stop();
  await fs.rm(folder, { recursive: true, force: true });
});

async function called(method, route, target, body, headers, by = owner) {
  const answer = await by.call(method, target, body, headers);
  assertInContract(method, route, answer);
  return answer;
}

async function make(path, more = {}, by = owner) {
  const answer = await called("POST", "/v1/webhooks", "/v1/webhooks", { url: r.url(path), ...more }, {}, by);
  assert.equal(answer.status, 201, answer.text);
  assert.equal(answer.headers.location, `/v1/webhooks/${answer.json.id}`);
  return answer.json;
}

const look = async (id, by = owner) => (await called("GET", "/v1/webhooks/{id}", `/v1/webhooks/${id}`, undefined, {}, by)).json;
const sent = async (id) => (await called("GET", "/v1/webhooks/{id}/deliveries", `/v1/webhooks/${id}/deliveries`)).json.deliveries;
const remove = (id) => called("DELETE", "/v1/webhooks/{id}", `/v1/webhooks/${id}`);
const tryOut = async (id) => {
  const answer = await called("POST", "/v1/webhooks/{id}/test", `/v1/webhooks/${id}/test`);
  assert.equal(answer.status, 202, answer.text);
  return answer.json.event;
};
const newKey = (name) => k.createKey("--name", name, "--environment", "sandbox");

async function until(what, ms = 15_000) {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const found = await what();
    if (found) return found;
  }
  throw new Error(`not in ${ms} ms`);
}
const settled = (id, event) => until(async () => (await sent(id)).find((d) => d.event === event && d.state !== "pending"));

test("a key is told of step by step, with a body that says what it is now, and no secret", async () => {
  const { id } = await make("/steps", { name: "our desk", events: ["key.created", "key.disabled", "key.enabled", "key.revoked"] });
  const key = await newKey("reports");
  for (const step of ["disable", "enable", "revoke"]) await k.ok("keys", step, key.id, ...(step === "revoke" ? ["--yes"] : []));
  const came = await r.until("/steps", 4);
  assert.deepEqual(came.map(({ body }) => JSON.parse(body).type), ["key.created", "key.disabled", "key.enabled", "key.revoked"]);
  const { headers, method, body } = came[0], event = JSON.parse(body);
  assert.equal(method, "POST");
  assert.equal(headers["content-type"], "application/json");
  assert.match(headers["user-agent"], /^Keyward\/[0-9.]+$/);
  assert.match(event.id, /^evt_[0-9a-f]{18}$/);
  assert.equal(headers["webhook-id"], event.id);
  assert.ok(Math.abs(event.created - Date.now() / 1000) < 60);
  assert.deepEqual({ ...event.data, actor: "", now: event.data.now.state }, { kind: "key", id: key.id, account: "main", actor: "", version: 1, now: "active" });
  assert.equal(new Set(came.map(({ headers }) => headers["webhook-id"])).size, 4);
  assert.ok(came.every(({ body }) => !body.includes(key.secret) && !/digest/.test(body)));
  await remove(id);
});

test("H6_what_the_official_library_says: good is accepted, tampered and old are not", async (t) => {
  const { id, secret } = await make("/signed", { events: ["policy.applied"] });
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  await tryOut(id);
  const [{ headers, body }] = await r.until("/signed", 1);
  const wh = new Webhook(secret);
  assert.equal(wh.verify(body, headers).type, "webhook.test");
  const refused = (body, headers) => assert.throws(() => wh.verify(body, headers), WebhookVerificationError);
  refused(body.replace("webhook.test", "webhook.tesu"), headers);
  refused(body, { ...headers, "webhook-id": "evt_000000000000000000" });
  refused(body, { ...headers, "webhook-timestamp": String(Number(headers["webhook-timestamp"]) - 1) });
  assert.throws(() => new Webhook("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").verify(body, headers), WebhookVerificationError);
  const now = Date.now();
  t.mock.method(Date, "now", () => now + 6 * 60_000);
  refused(body, headers);
  assert.equal(headers["x-monei-signature"], crypto.createHmac("sha256", secret).update(body).digest("hex"));
  await remove(id);
});

test("a secret is shown once, and to nobody again", async () => {
  const { id, secret } = await make("/once");
  const bare = secret.slice("whsec_".length);
  const seen = [await look(id), (await called("GET", "/v1/webhooks", "/v1/webhooks")).json, (await owner.call("GET", "/v1/events")).json];
  for (const what of seen) assert.ok(!JSON.stringify(what).includes(bare) && !/sealed/.test(JSON.stringify(what)));
  for (const file of ["keyward.db", "keyward.db-wal", "outbox.db", "outbox.db-wal"])
    assert.ok(!(await fs.readFile(`${k.dir}/state/${file}`, "latin1")).includes(bare), file);
  assert.ok(!k.log.includes(bare));
  await remove(id);
});

test("H1_urls_of_another_kind_are_refused, and H2_local_addresses", async () => {
  const urls = ["http://hooks.example.com/", "file:///etc/passwd", "gopher://hooks.example.com/", "https://me:secret@hooks.example.com/", `https://hooks.example.com:22/`,
    `https://127.1:${r.port}/`, `https://2130706433:${r.port}/`, `https://0x7f000001:${r.port}/`, `https://0177.0.0.1:${r.port}/`, `https://127.0.0.2:${r.port}/`,
    `https://10.0.0.1:${r.port}/`, `https://169.254.169.254:${r.port}/`, `https://[::1]:${r.port}/`, `https://[::ffff:10.0.0.1]:${r.port}/`,
    `https://[64:ff9b::7f00:1]:${r.port}/`, `https://[2002:7f00:1::]:${r.port}/`, `https://[fe80::1]:${r.port}/`, `https://224.0.0.1:${r.port}/`];
  for (const url of urls)
    assertProblem(await called("POST", "/v1/webhooks", "/v1/webhooks", { url }), 400, "url_refused", "url");
  const { id, version } = await make("/stays");
  assertProblem(await called("PATCH", "/v1/webhooks/{id}", `/v1/webhooks/${id}`, { url: urls[0] }, { "if-match": `"${version}"` }), 400, "url_refused", "url");
  assert.equal((await look(id)).url, r.url("/stays"));
  await remove(id);
});

test("whoever shows another certificate is told nothing", async () => {
  const { json: { id } } = await called("POST", "/v1/webhooks", "/v1/webhooks", { url: impostor.url("/in"), events: ["policy.applied"] });
  const delivery = await settled(id, await tryOut(id));
  assert.equal(delivery.state, "failed");
  assert.ok(delivery.tries.every(({ status, error }) => status === null && /^its certificate is self-signed, /.test(error)), JSON.stringify(delivery));
  assert.ok(impostor.connections >= 3);
  assert.deepEqual(impostor.came, []);
  await remove(id);
});

test("who closes the connection without an answer is told of in plain words", async () => {
  r.answers["/closes"] = (request) => request.socket.destroy();
  const { id } = await make("/closes", { events: ["policy.applied"] });
  const delivery = await settled(id, await tryOut(id));
  assert.ok(delivery.tries.every(({ status, error }) => status === null && error === "it closed the connection without an answer"), JSON.stringify(delivery));
  await remove(id);
});

test("H4_a_redirect_is_a_failure and is not followed", async () => {
  r.answers["/moved"] = (_, response) => response.writeHead(302, { location: r.url("/elsewhere") }).end();
  const { id } = await make("/moved", { events: ["policy.applied"] });
  const delivery = await settled(id, await tryOut(id));
  assert.equal(delivery.state, "failed");
  assert.equal(delivery.tries.length, 3);
  assert.ok(delivery.tries.every(({ status, error }) => status === 302 && /redirect/.test(error)));
  assert.equal(r.at("/elsewhere").length, 0);
  await remove(id);
});

test("H8_a_huge_answer_is_cut, and a slow one given up", async () => {
  let written = 0;
  r.answers["/huge"] = (_, response) => {
    response.writeHead(200);
    const piece = Buffer.alloc(64 * 1024, "x"), more = () => {
      while (!response.destroyed && written < 2 ** 30 && response.write(piece)) written += piece.length;
    };
    response.on("drain", more);
    more();
  };
  r.answers["/slow"] = (_, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write("x"), 1000);
    response.on("close", () => clearInterval(drip));
  };
  const huge = await make("/huge", { events: ["policy.applied"] }), slow = await make("/slow", { events: ["policy.applied"] });
  const [of_huge, of_slow] = [await tryOut(huge.id), await tryOut(slow.id)];
  assert.equal((await settled(huge.id, of_huge)).state, "delivered"); /* its status had come */
  assert.ok(written < 16 * 1024 * 1024, `${written} bytes were taken`);
  const [{ tries }] = await until(async () => {
    const all = await sent(slow.id);
    return all.find((d) => d.event === of_slow && d.tries.length > 0) && all;
  }, 20_000);
  assert.equal(tries[0].status, 200);
  assert.match(tries[0].error, /in time/);
  assert.ok(tries[0].tookMs >= 9_900 && tries[0].tookMs < 12_000, `${tries[0].tookMs} ms`);
  await remove(huge.id);
  await remove(slow.id);
});

test("what fails is tried again, with the same id and a signature of its own time", async () => {
  r.answers["/later"] = (_, response, body, before) => response.writeHead(before === 0 ? 500 : 200).end();
  const { id, secret } = await make("/later", { events: ["policy.applied"] });
  const delivery = await settled(id, await tryOut(id)), came = r.at("/later");
  assert.equal(delivery.state, "delivered");
  assert.deepEqual(delivery.tries.map(({ status }) => status), [500, 200]);
  assert.equal(came.length, 2);
  assert.equal(came[0].headers["webhook-id"], came[1].headers["webhook-id"]);
  assert.equal(came[0].body, came[1].body);
  assert.ok(came[1].at - came[0].at >= 900);
  for (const { body, headers } of came) new Webhook(secret).verify(body, headers);
  assert.equal((await look(id)).failingSince, null);
  await remove(id);
});

test("X19_a_dead_receiver_leaves_the_times_of_others_alone", async () => {
  r.answers["/dead"] = () => {};
  const dead = await make("/dead", { events: ["key.created"] }), alive = await make("/alive", { events: ["key.created"] });
  const took = [];
  for (let i = 0; i < 5; i++) {
    const begun = Date.now();
    await newKey(`one of ${i}`);
    await r.until("/alive", i + 1);
    took.push(Date.now() - begun);
  }
  assert.ok(Math.max(...took) < 5_000, `${took} ms`);
  assert.equal(r.at("/dead").length, 1, "one at a time");
  assert.ok((await look(dead.id)).pending >= 5);
  assert.equal((await look(alive.id)).pending, 0);
  await remove(dead.id);
  await remove(alive.id);
});

test("while two secrets overlap both verify, and afterwards the new one", async () => {
  const { id, secret } = await make("/rotated", { events: ["policy.applied"] });
  const answer = await called("POST", "/v1/webhooks/{id}/rotate-secret", `/v1/webhooks/${id}/rotate-secret`);
  assert.equal(answer.status, 200, answer.text);
  assert.notEqual(answer.json.secret, secret);
  assert.ok(Math.abs(Date.parse(answer.json.oldSecretEndsAt) - Date.now() - 24 * 3600_000) < 60_000);
  await tryOut(id);
  const [{ headers, body }] = await r.until("/rotated", 1);
  assert.equal(headers["webhook-signature"].split(" ").length, 2);
  new Webhook(secret).verify(body, headers);
  new Webhook(answer.json.secret).verify(body, headers);
  const again = await called("POST", "/v1/webhooks/{id}/rotate-secret", `/v1/webhooks/${id}/rotate-secret`);
  assert.equal(again.json.oldSecretEndsAt, answer.json.oldSecretEndsAt);
  await tryOut(id);
  const [, last] = await r.until("/rotated", 2);
  new Webhook(secret).verify(last.body, last.headers); /* whoever has not changed over is not cut off */
  new Webhook(again.json.secret).verify(last.body, last.headers);
  assert.throws(() => new Webhook(answer.json.secret).verify(last.body, last.headers));
  await remove(id);
});

test("a delivery is made once more when somebody asks for it", async () => {
  const { id } = await make("/again", { events: ["policy.applied"] });
  const event = await tryOut(id);
  await settled(id, event);
  const again = (event, by) => called("POST", "/v1/webhooks/{id}/redeliver", `/v1/webhooks/${id}/redeliver`, { event }, {}, by);
  assert.equal((await again(event)).status, 202);
  const came = await r.until("/again", 2);
  assert.equal(came[1].headers["webhook-id"], event);
  assertProblem(await again("evt_000000000000000000"), 404, "not_found");
  assertProblem(await again(event, foreign), 404, "not_found");
  await remove(id);
});

test("X19_tests_are_asked_for_ten_at_a_time, and thirty in a minute", async () => {
  const w = await make("/tests");
  let silent = true;
  r.answers["/tests"] = (_, res) => { if (!silent) res.writeHead(204).end(); };
  for (let i = 0; i < 10; i++) await tryOut(w.id);
  const ask = () => called("POST", "/v1/webhooks/{id}/test", `/v1/webhooks/${w.id}/test`);
  const refused = await ask();
  assertProblem(refused, 429, "too_many_tests");
  assert.equal(refused.headers["retry-after"], "60");
  silent = false;
  await until(async () => (await look(w.id)).pending === 0, 30_000);
  for (let i = 10; i < 30; i++) {
    await tryOut(w.id);
    await until(async () => (await look(w.id)).pending === 0);
  }
  assertProblem(await ask(), 429, "too_many_tests");
  await remove(w.id);
});

test("who answers 410 is asked no more; nor is who is disabled, until he is enabled", async () => {
  r.answers["/gone"] = (_, response, body, before) => response.writeHead(before === 0 ? 410 : 204).end();
  const { id } = await make("/gone", { events: ["key.created"] });
  const event = await tryOut(id);
  assert.equal((await settled(id, event)).tries.length, 1);
  const off = await until(async () => {
    const w = await look(id);
    return w.state === "disabled" && w;
  });
  assert.equal(off.why, "gone");
  const alert = await until(async () => (await owner.call("GET", "/v1/alerts?detector=webhook_off")).json.alerts.find(({ subject }) => subject === id));
  assert.deepEqual([alert.severity, alert.evidence.because, alert.evidence.host, alert.evidence.name], ["medium", "gone", `127.0.0.1:${r.port}`, undefined]);
  assert.notEqual(off.offAt, null);
  assertProblem(await called("POST", "/v1/webhooks/{id}/test", `/v1/webhooks/${id}/test`), 409, "webhook_off");
  await newKey("nobody is told of");
  const { json: on } = await called("PATCH", "/v1/webhooks/{id}", `/v1/webhooks/${id}`, { state: "active" }, { "if-match": `"${off.version}"` });
  assert.deepEqual([on.state, on.why, on.offAt], ["active", null, null]);
  const key = await newKey("told of again");
  const came = await r.until("/gone", 2);
  assert.equal(JSON.parse(came[1].body).data.id, key.id);
  const { json: events } = await owner.call("GET", "/v1/events?kind=change");
  assert.ok(events.events.some((e) => e.actor === "watch"), "the log says that it was turned off");
  await remove(id);
});

test("an account is told of its own, the installation of everybody's", async () => {
  const ours = await make("/main", { events: ["key.created"] }), theirs = await make("/shop", { events: ["key.created"] }, foreign);
  const { json: all } = await k.call("POST", "/v1/webhooks", { url: r.url("/all"), events: ["key.created", "account.created"] });
  assert.equal(all.account, null);
  const { id } = await newKey("of main");
  const other = await k.createKey("--name", "of shop", "--environment", "sandbox", "--account", "shop");
  await k.ok("accounts", "create", "third");
  await r.until("/all", 3);
  await r.until("/main", 1);
  await r.until("/shop", 1);
  const ids = (path) => r.at(path).map(({ body }) => JSON.parse(body).data.id);
  assert.deepEqual([ids("/main"), ids("/shop"), ids("/all")], [[id], [other.id], [id, other.id, "third"]]);
  assertProblem(await called("GET", "/v1/webhooks/{id}", `/v1/webhooks/${ours.id}`, undefined, {}, foreign), 404, "not_found");
  assertProblem(await called("GET", "/v1/webhooks/{id}", `/v1/webhooks/${all.id}`, undefined, {}, owner), 404, "not_found");
  assertProblem(await called("POST", "/v1/webhooks", "/v1/webhooks", { url: r.url("/x"), account: "main" }, {}, foreign), 400, "not_found", "account");
  assertProblem(await called("POST", "/v1/webhooks", "/v1/webhooks", { url: r.url("/x") }, {}, viewer), 403, "scope_missing");
  for (const [one, by] of [[ours, owner], [theirs, foreign], [all, k]]) assert.equal((await by.call("DELETE", `/v1/webhooks/${one.id}`)).json.state, "removed");
  assertProblem(await called("GET", "/v1/webhooks/{id}", `/v1/webhooks/${ours.id}`), 404, "not_found");
});

test("bodies are read strictly, changes are meant for a version, and there are twenty", async () => {
  const post = (body) => called("POST", "/v1/webhooks", "/v1/webhooks", body, {}, foreign);
  assertProblem(await post({}), 400, "missing", "url");
  assertProblem(await post({ url: r.url("/x"), secret: "whsec_x" }), 400, "unknown_member", "secret");
  assertProblem(await post({ url: r.url("/x"), events: [] }), 400, "missing", "events");
  assertProblem(await post({ url: r.url("/x"), events: ["key.made"] }), 400, "syntax", "events[0]");
  assertProblem(await post({ url: r.url("/x"), events: ["key.created", "key.created"] }), 400, "duplicate_member", "events[1]");
  assertProblem(await post({ url: r.url("/x"), events: ["*", "key.created"] }), 400, "syntax", "events[0]");
  const { json: types } = await called("GET", "/v1/webhook-events", "/v1/webhook-events");
  assert.ok(types.events.some(({ type }) => type === "key.revoked"));
  const { id } = (await post({ url: r.url("/x"), events: types.events.map(({ type }) => type).filter((type) => type !== "webhook.test") })).json;
  assertProblem(await foreign.call("PATCH", `/v1/webhooks/${id}`, { name: "x" }), 428, "version_required");
  assertProblem(await foreign.call("PATCH", `/v1/webhooks/${id}`, { name: "x" }, { "if-match": '"9"' }), 412, "version_mismatch");
  assertProblem(await foreign.call("PATCH", `/v1/webhooks/${id}`, {}, { "if-match": '"1"' }), 400, "missing");
  for (let i = 1; i < 20; i++) assert.equal((await post({ url: r.url(`/x${i}`) })).status, 201);
  assertProblem(await post({ url: r.url("/one-more") }), 409, "too_many_webhooks");
  const first = await called("GET", "/v1/webhooks", "/v1/webhooks?limit=15", undefined, {}, foreign);
  const rest = await called("GET", "/v1/webhooks", `/v1/webhooks?limit=15&cursor=${first.json.next}`, undefined, {}, foreign);
  assert.equal(new Set([...first.json.webhooks, ...rest.json.webhooks].map((w) => w.id)).size, 20);
  assert.equal(rest.json.next, null);
});

test("H12_killed_between_sending_and_writing_down: the same id comes again", async () => {
  let wasKilled = false;
  r.answers["/held"] = (_, response) => {
    if (wasKilled) response.writeHead(204).end(); /* else it waits for an answer while it dies */
  };
  const { id } = await make("/held", { events: ["key.created"] });
  const key = await newKey("made before the kill");
  await r.until("/held", 1);
  wasKilled = true;
  await k.end("SIGKILL");
  await k.serve();
  const came = await r.until("/held", 2);
  assert.equal(came[1].headers["webhook-id"], came[0].headers["webhook-id"]);
  assert.equal(came[1].body, came[0].body);
  assert.equal(JSON.parse(came[1].body).data.id, key.id);
  await newKey("made after it");
  const all = await r.until("/held", 3);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(new Set(all.map(({ headers }) => headers["webhook-id"])).size, 2);
  const { json } = await k.call("GET", `/v1/webhooks/${id}/deliveries`); /* sessions ended with the process */
  assert.deepEqual(json.deliveries.map(({ state }) => state), ["delivered", "delivered"]);
});

test("H12_killed_at_any_moment: nothing is lost, and what comes twice has one id", async () => {
  const { json: { id } } = await k.call("POST", "/v1/webhooks", { url: r.url("/storm"), events: ["key.created"] });
  const made = [];
  for (let round = 0; round < 6; round++) {
    for (let i = 0; i < 4; i++) made.push((await newKey(`storm ${round} ${i}`)).id);
    await new Promise((resolve) => setTimeout(resolve, round * 40)); /* from before it is read to after it is sent */
    await k.end("SIGKILL");
    await k.serve();
  }
  await until(() => made.every((key) => r.at("/storm").some(({ body }) => JSON.parse(body).data.id === key)), 20_000);
  const ids = new Map(r.at("/storm").map(({ body, headers }) => [JSON.parse(body).data.id, headers["webhook-id"]]));
  assert.equal(ids.size, made.length);
  assert.ok(r.at("/storm").every(({ body, headers }) => ids.get(JSON.parse(body).data.id) === headers["webhook-id"]));
  await k.call("DELETE", `/v1/webhooks/${id}`);
});

test("a webhook to which nothing arrives for too long is turned off", async () => {
  const it = await Installation.make({ serve: false });
  try {
    await fs.appendFile(it.file, `webhook_allow_private: [127.0.0.1]\nwebhook_ports: [${r.port}]\nwebhook_retries: [1s, 1s, 1s]\n` +
      `webhook_off_after: 1s\nwebhook_ca_file: ${r.certificate.file}\n`);
    await it.serve();
    r.answers["/broken"] = (_, response) => response.writeHead(500).end();
    const { json: { id, secret } } = await it.call("POST", "/v1/webhooks", { url: r.url("/broken"), events: ["key.created", "webhook.disabled"] });
    await it.createKey("--name", "first", "--environment", "sandbox");
    const off = await until(async () => {
      const { json } = await it.call("GET", `/v1/webhooks/${id}`);
      return json.state === "disabled" && json;
    });
    assert.equal(off.why, "failing");
    await until(async () => (await it.call("GET", `/v1/webhooks/${id}`)).json.pending === 0);
    const n = r.at("/broken").length;
    assert.equal(n, 4); /* all that one delivery has */
    await it.createKey("--name", "second", "--environment", "sandbox");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(r.at("/broken").length, n);
    assert.match(it.log, new RegExp(`webhook ${id} is turned off`));
    assert.ok(!it.log.includes(secret.slice("whsec_".length)));
  } finally {
    await it.stop();
  }
});
