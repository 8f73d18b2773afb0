// usage_places.test.mjs - usage by country, with a file of places; and by route, over versions of the policy.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { join } from "../lib/people.mjs";

/* CC0; tools/bootstrap takes it from npm. */
const FILE = path.resolve(path.dirname(new URL(import.meta.url).pathname), "../../../build/npm/node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb");
const SWISS = "130.59.1.1", GERMAN = "131.188.3.1", NIGERIAN = "41.58.1.1", PRIVATE = "10.1.1.1";

let g, k, theirs;
const usage = async (query = "", by = k) => {
  const answer = await by.call("GET", `/v1/usage${query}`);
  assertInContract("GET", "/v1/usage", answer);
  return answer.json;
};
const numbers = (list, what) => Object.fromEntries(list.map((one) => [one[what], [one.allowed, one.denied]]));
const from = (client, key, line = "GET /read/1") => g.ask(line, { key, headers: [["X-Forwarded-For", client]] });

before(async () => {
  g = await startGateway({ settings: `location_country_file: ${FILE}\n`, http: "set_real_ip_from 127.0.0.0/8; real_ip_header X-Forwarded-For;" });
  k = g.keyward.service;
  await k.ok("accounts", "create", "shop");
  theirs = await g.keyward.createKey({ name: "theirs", permission: "read_only", more: ["--account", "shop"] });
  for (const client of [SWISS, SWISS, SWISS, GERMAN, GERMAN, PRIVATE]) await from(client, theirs);
  await from(NIGERIAN, g.keys.read);
  await from(NIGERIAN, g.keys.read, "POST /pay/1");
});
after(() => g.stop());

test("countries: of a key, an account and everything; what the file does not know is unknown", async () => {
  const json = await usage(`?key=${theirs.id}`);
  assert.equal(json.places, true);
  assert.deepEqual(json.countries.map(({ country }) => country), ["CH", "DE", "unknown"]);
  assert.deepEqual(numbers(json.countries, "country"), { CH: [3, 0], DE: [2, 0], unknown: [1, 0] });
  assert.deepEqual(numbers((await usage("?account=main")).countries, "country"), { NG: [1, 1] });
  assert.deepEqual(numbers((await usage()).countries, "country"), { CH: [3, 0], DE: [2, 0], unknown: [1, 0], NG: [1, 1] });
});

test("E7_countries_and_routes_of_another_account_are_not_told", async () => {
  const member = await join(k, { email: "viewer@shop.example", role: "viewer", account: "shop" });
  for (const query of ["", "?account=shop", `?key=${theirs.id}`]) {
    const json = await usage(query, member);
    assert.deepEqual(Object.keys(numbers(json.countries, "country")), ["CH", "DE", "unknown"]);
    assert.deepEqual(Object.keys(numbers(json.routes, "route")), ["GET /read/**"]);
  }
  const { countries, routes, latency } = await usage("?account=main", member);
  assert.deepEqual([countries, routes, latency], [[], [], null]);
});

test("the command line has a table of them", async () => {
  const text = await k.ok("usage", "--key", theirs.id);
  for (const line of [/^COUNTRY +ALLOWED +DENIED$/m, /^CH +3 +0$/m, /^unknown +1 +0$/m]) assert.match(text, line);
  assert.doesNotMatch(text, /^Countries/m);
});

test("a route is the same one in every version of the policy, wherever it stands there", async () => {
  const policy = { read: ["GET /new", "GET /read/{id}", "GET /read/**"], transact: ["POST /pay/**"] };
  assert.equal((await k.call("PUT", "/v1/policy", policy)).status, 200);
  await from(SWISS, theirs); /* GET /read/{id} now */
  await from(SWISS, theirs, "GET /read/1/2");
  assert.deepEqual(numbers((await usage(`?key=${theirs.id}`)).routes, "route"), { "GET /read/**": [7, 0], "GET /read/{id}": [1, 0] });
});

test("what no line of the policy opens is counted under none", async () => {
  await from(SWISS, theirs, "GET /elsewhere");
  assert.deepEqual(numbers((await usage(`?key=${theirs.id}`)).routes, "route").none, [0, 1]);
});
