// browser_use.test.mjs - a key that is used from a browser: noted on the record, and found there by both ways to search it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Installation } from "../lib/installation.mjs";

let k, key;
before(async () => {
  k = await Installation.make();
  key = await k.createKey("--name", "in a page", "--environment", "sandbox", "--permission", "full_access");
  for (const [path, browser] of [["/plain", false], ["/page", true]])
    await k.call("POST", "/v1/authorize", { key: key.secret, method: "GET", path, source: "192.0.2.1", environment: "sandbox", tls: true, browser });
});
after(() => k.stop());

test("attempts from a browser are found, and nothing else is", async () => {
  const { json } = await k.call("GET", "/v1/events?browser=true");
  assert.deepEqual(json.events.map(({ kind, path, browser, reason }) => [kind, path, browser, reason]), [["decision", "/page", true, "allowed"]]);
  const { json: denied } = await k.call("GET", "/v1/events?browser=true&verdict=deny");
  assert.deepEqual(denied.events, []);
});

test("the command line finds them too", async () => {
  const lines = (await k.run("audit", "search", "--browser", "--json")).stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ path }) => path), ["/page"]);
});

test("the filter has one word", async () => {
  for (const word of ["false", "1", ""]) assert.equal((await k.call("GET", `/v1/events?browser=${word}`)).status, 400, word);
});
