// credentials.test.mjs - exactly one key, in a header, right to the last byte.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { assertAllowed, assertOneEvent, assertRefused, received, until } from "../lib/check.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { values } from "../lib/raw.mjs";
import { otherSecret, unknownId } from "../../../tools/run/key_text.mjs";

let gateway;
before(async () => {
  gateway = await startGateway({
    http: "log_format redacted '$keyward_request|$keyward_reason|$keyward_key_id|$keyward_request_id|$status';",
    sandbox: (g) => `access_log ${g.folder}/access.log redacted;
      location / { keyward on; ${g.pass} }
      location /pay/bearer { keyward on; keyward_bearer on; ${g.pass} }
      location /pay/keep { keyward on; keyward_forward_key on; ${g.pass} }
      location /pay/plain { keyward on; keyward_plaintext on; ${g.pass} }
      location /pay/page { keyward on; keyward_browser refuse; ${g.pass} }
      location /pay/named { keyward on; keyward_header X-Wallet-Key; ${g.pass} }`,
  });
});
after(() => gateway.stop());

const ask = (line, options) => gateway.watch(() => gateway.ask(line, options));
const changed = (text, at, byte) => text.slice(0, at) + byte + text.slice(at + 1);

/** The same text with another last letter of its secret part: its checksum does not hold. */
function misspelt(key) {
  const at = key.length - 10;
  return changed(key, at, key[at] === "x" ? "y" : "x");
}

test("D1_without_a_key_the_answer_says_so", async () => {
  const result = await ask("GET /pay/x");
  assertRefused(result, 401, "missing_key");
  assert.equal(result.answer.json.message, "Missing authentication header");
  assert.equal(result.answer.json.error, "Unauthorized");
});

test("D3_malformed_keys_get_the_generic_answer", async () => {
  const { key } = gateway.keys.pay;
  const wrong = [misspelt(key), key.slice(0, -1), key + "0", "x", key.toUpperCase(), "mk_", key.slice(1)];
  for (const text of [...wrong, "m".repeat(6000)]) {
    const { answer, events, seen } = await ask("GET /pay/x", { key: text });
    assert.equal(answer.status, 401, text);
    assert.equal(answer.json.code, "invalid_key");
    assert.equal(answer.json.message, "Invalid API key");
    assert.deepEqual(seen, []);
    assert.equal(events.length, 1);
  }
  const beyond = await ask("GET /pay/x", { key: "m".repeat(9000) });
  assert.equal(beyond.answer.status, 400, "nginx refuses what is beyond its buffers");
  assert.deepEqual(beyond.seen, []);
});

test("D4_a_wrong_secret_and_an_unknown_id_are_answered_alike", async () => {
  const other = await gateway.keyward.createKey({ name: "gone", permission: "read_only" });
  const answers = [];
  const { key } = gateway.keys.pay;
  const wrong = [["wrong_secret", otherSecret(key)], ["wrong_secret", otherSecret(other.key)], ["unknown_key", unknownId(key)],
    ["malformed_key", misspelt(key)], ["malformed_key", "mk_test_nobody"]];
  for (const [reason, text] of wrong) {
    const { answer, events } = await ask("GET /pay/x", { key: text });
    assertOneEvent(events, reason); /* the record knows */
    const { requestId, ...rest } = answer.json;
    const names = answer.headers.filter(([name]) => name !== "X-Request-Id" && name !== "Date");
    answers.push(JSON.stringify([answer.status, names, rest]));
    assert.match(requestId, /^[0-9a-f]{32}$/);
  }
  assert.equal(new Set(answers).size, 1);
});

test("D5_a_key_is_not_normalised", async () => {
  const { key } = gateway.keys.pay;
  const utf8 = (text) => Buffer.from(text, "utf8").toString("latin1");
  const spellings = [`${key}\0`, key + utf8("\u200b"), key.replace(/[0-9]/, utf8("\uff11")), `${key}\xff`, `${key}\t`, `\t${key}`];
  for (const text of [...spellings, `"${key}"`, `Bearer ${key}`, `${key},`, `${key} ${key}`]) {
    if (text === key) continue; /* a key without a digit */
    const { answer, seen } = await ask("GET /pay/x", { key: text });
    assert.ok([400, 401].includes(answer.status), `${answer.status} for ${JSON.stringify(text)}`);
    assert.deepEqual(seen, []);
  }
  assertAllowed(await ask("GET /pay/x", { headers: [["x-api-key", `  ${key}  `]] })); /* not part of the value */
});

test("D6_two_keys_are_refused_even_when_they_are_the_same", async () => {
  const { pay, read } = gateway.keys;
  for (const [one, two] of [[pay, pay], [pay, read], [read, pay]]) {
    const headers = [["x-api-key", one.key], ["Accept", "*/*"], ["X-API-KEY", two.key]];
    assertRefused(await ask("GET /pay/x", { headers }), 400, "ambiguous_credentials");
  }
  const empty = [["x-api-key", ""], ["x-api-key", pay.key]];
  assertRefused(await ask("GET /pay/x", { headers: empty }), 400, "ambiguous_credentials");
  const many = Array.from({ length: 30 }, () => ["x-api-key", pay.key]);
  assertRefused(await ask("GET /pay/x", { headers: many }), 400, "ambiguous_credentials");
});

test("D6_a_key_and_a_bearer_of_ours_are_two_also_where_no_bearer_is_accepted", async () => {
  const { pay, read } = gateway.keys;
  const headers = [["Authorization", `Bearer ${pay.key}`]];
  const token = `mkt_live_${pay.key.slice(8)}`;
  for (const target of ["/pay/bearer", "/pay/x"])
    for (const ours of [pay.key, read.key, token, "mkr_x"])
      for (const value of [`Bearer ${ours}`, `bearer   ${ours}`])
        assertRefused(await ask(`GET ${target}`, { key: pay, headers: [["Authorization", value]] }), 400, "ambiguous_credentials");
  assertAllowed(await ask("GET /pay/bearer", { headers }));
  assertRefused(await ask("GET /pay/x", { headers }), 401, "missing_key");
});

test("D6_a_foreign_authorization_passes_untouched_and_ours_does_not", async () => {
  for (const foreign of ["Bearer eyJhbGciOi.x.y", "Basic dTpw", "Bearer"]) {
    const result = await ask("GET /pay/x", { key: gateway.keys.pay, headers: [["Authorization", foreign]] });
    assertAllowed(result);
    assert.deepEqual(received(result.seen[0], "authorization"), [foreign]);
  }
  const headers = [["Authorization", `Bearer ${gateway.keys.read.key}`]];
  for (const [line, options] of [["GET /public/x", { headers }], ["GET /pay/x", { key: gateway.keys.pay, headers: [["Authorization", gateway.keys.read.key]] }]]) {
    const { answer, seen } = await ask(line, options);
    assert.equal(answer.status, 200, line);
    assert.deepEqual(received(seen[0], "authorization"), [], line);
  }
});

test("the_key_is_removed_before_the_upstream", async () => {
  const { key } = gateway.keys.pay;
  const cases = [["GET /pay/x", [["x-api-key", key]]], ["GET /public/x", [["X-Api-Key", key]]], ["GET /pay/named", [["x-wallet-key", key]]]];
  cases.push(["GET /pay/bearer", [["Authorization", `Bearer ${key}`]]]);
  for (const [line, headers] of cases) {
    const { answer, seen } = await ask(line, { headers });
    assert.equal(answer.status, 200, line);
    assert.ok(!JSON.stringify(seen).includes(key), line);
  }
  const kept = await ask("GET /pay/keep", { key });
  assert.deepEqual(received(kept.seen[0], "x-api-key"), [key]);
});

test("the_key_header_is_the_one_that_is_configured", async () => {
  assertRefused(await ask("GET /pay/named", { key: gateway.keys.pay }), 401, "missing_key");
});

test("D8_a_key_of_the_other_environment_is_refused", async () => {
  assertRefused(await ask("GET /pay/x", { key: gateway.keys.live }), 403, "environment_mismatch");
  const production = { port: gateway.livePort };
  assertRefused(await ask("GET /pay/x", { key: gateway.keys.pay, ...production }), 403, "environment_mismatch");
  assertAllowed(await ask("GET /pay/x", { key: gateway.keys.live, ...production }));
});

test("D12_a_key_in_the_url_or_a_cookie_is_refused_and_redacted", async () => {
  const { key } = gateway.keys.pay;
  const encoded = key.replaceAll("_", "%5f");
  const lines = [`GET /pay/x?key=${key}`, `GET /pay/${key}`, `GET /public/x?a=b&k=${key}`, `GET /pay/x?x-api-key=1`, `GET /pay/x?k=${encoded}`];
  const secret = key.slice(-30);
  for (const line of lines) {
    const result = await ask(line, { key: gateway.keys.full });
    assertRefused(result, 400, "credential_in_url");
    assert.ok(!JSON.stringify([result.answer, result.events]).includes(secret), line);
  }
  const cookies = [["Cookie", "a=b"], ["Cookie", `session=1; key=${key}`]];
  for (const headers of [cookies, [["Cookie", `key=${encoded}`]], [["Cookie", key]], [["Cookie", `key="${key}"`]]])
    assertRefused(await ask("GET /public/x", { headers }), 400, "credential_in_url");
  for (const token of ["mkt_live_", "mkr_test_"].map((begin) => begin + key.slice(8)))
    for (const line of [`GET /pay/x?t=${token}`, `GET /pay/${token}`])
      assertRefused(await ask(line, { key: gateway.keys.full }), 400, "credential_in_url");
});

test("D12_no_secret_that_came_in_a_url_is_in_a_file_of_ours", async () => {
  const { key } = gateway.keys.pay;
  const agent = [["User-Agent", `curl ${key}`]];
  for (const line of [`GET /pay/x?key=${key}`, `GET /pay/${key}`, `GET /public/${key.replaceAll("_", "%5F")}`])
    await ask(line, { headers: [["Cookie", `key=${key}`], ...agent] });
  const { dir } = gateway.keyward.service;
  const files = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  assert.ok(files.some(({ name }) => name.endsWith(".seg")) && files.some(({ name }) => name === "keyring"));
  for (const { path, name } of files) assert.ok(!(await readFile(`${path}/${name}`, "latin1")).includes(key.slice(-40)), name);
  /* At level info nginx shows the header lines that it refuses, whatever is in them: docs/gateway.md warns of it. */
  const log = (await gateway.nginx.errorLog()).split("\n").filter((line) => !line.includes(" [info] "));
  assert.ok(!log.some((line) => line.includes(key.slice(-40))), "nginx's error log");
});

test("D12_the_redacted_request_line_in_the_log_has_no_secret", async () => {
  const { key, id } = gateway.keys.pay;
  await ask(`GET /pay/x?key=${key}&more=1`, {});
  await ask("GET /pay/x", { key });
  const log = await until(async () => {
    const text = await readFile(`${gateway.folder}/access.log`, "utf8");
    return text.includes(`|allowed|${id}|`) && text; /* nginx writes it after the answer */
  });
  assert.ok(!log.includes(key.slice(-40)));
  assert.match(log, new RegExp(`GET /pay/x\\?key=mk_test_${id}_.*&more=1 HTTP/1.1\\|credential_in_url\\|-\\|[0-9a-f]{32}\\|400`));
  assert.match(log, new RegExp(`GET /pay/x HTTP/1.1\\|allowed\\|${id}\\|[0-9a-f]{32}\\|200`));
});

test("browsers_are_reported_or_refused_as_configured", async () => {
  for (const header of [["Origin", "https://shop.test"], ["Sec-Fetch-Mode", "cors"], ["sec-fetch-anything", "1"]]) {
    assertAllowed(await ask("GET /pay/x", { key: gateway.keys.pay, headers: [header] }));
    assertRefused(await ask("GET /pay/page", { key: gateway.keys.pay, headers: [header] }), 403, "browser_use");
  }
  assertAllowed(await ask("GET /pay/page", { key: gateway.keys.pay }));
});

test("answers_to_a_proved_key_tell_its_limits", async () => {
  const { answer } = await ask("GET /pay/x", { key: gateway.keys.pay });
  assert.match(values(answer, "ratelimit")[0], /^"rate";r=\d+;t=\d+/);
  assert.match(values(answer, "ratelimit-policy")[0], /^"rate";q=\d+;w=\d+/);
  for (const name of ["limit", "remaining", "reset"]) assert.match(values(answer, `x-ratelimit-${name}`)[0], /^\d+$/);
});

test("answers_without_a_proved_key_tell_no_limits", async () => {
  for (const options of [{}, { key: "mk_test_nobody" }]) {
    const { answer } = await ask("GET /pay/x", options);
    for (const name of ["ratelimit", "ratelimit-policy", "x-ratelimit-limit"]) assert.deepEqual(values(answer, name), []);
  }
});

test("over_its_limit_a_key_is_told_when_to_come_again", async () => {
  const key = await gateway.keyward.createKey({ name: "busy", permission: "read_only" });
  let answer;
  for (let i = 0; i < 400 && answer?.status !== 429; i++) answer = await gateway.ask("GET /read/x", { key });
  assert.equal(answer.status, 429);
  assert.equal(answer.json.code, "rate_limited");
  assert.match(values(answer, "retry-after")[0], /^[1-9]\d*$/);
  assert.deepEqual(values(answer, "x-ratelimit-remaining"), ["0"]);
});
