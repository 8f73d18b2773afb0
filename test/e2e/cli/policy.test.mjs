// policy.test.mjs - the route policy through the command line.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { Installation } from "../lib/installation.mjs";

let k, file;
before(async () => {
  k = await Installation.make();
  file = path.join(k.folder, "policy.yaml");
});
after(() => k.stop());

async function apply(text) {
  await fs.writeFile(file, text);
  return k.run("policy", "apply", file);
}

const good = `# a comment
read:
  - GET /wallet/me
  - "GET /wallet/{reference}"
transact: [POST /wallet/pay]
public:
- GET /public/**
deny:
  - DELETE /wallet/**
`;

test("without a policy only full_access gets through", async () => {
  assert.match(await k.ok("policy", "show"), /only keys with full_access/);
  assert.deepEqual((await k.ok("policy", "show", "--json")).version, 0);
  const { code, stdout } = await k.run("policy", "test", "GET", "/wallet/me", "--json");
  assert.equal(code, 1);
  assert.deepEqual(JSON.parse(stdout).opens, ["full_access"]);
  assert.equal(JSON.parse(stdout).class, "unlisted");
});

test("a policy is applied, shown, and applied again from what was shown", async () => {
  assert.match((await apply(good)).stdout, /version 1 with 5 routes is in force/);
  const shown = await k.ok("policy", "show");
  assert.match((await apply(shown)).stdout, /version 2 with 5 routes/);
  const { policy } = await k.ok("policy", "show", "--json");
  assert.deepEqual(policy, { read: ["GET /wallet/me", "GET /wallet/{reference}"], transact: ["POST /wallet/pay"], manage: [],
    public: ["GET /public/**"], deny: ["DELETE /wallet/**"] });
});

const trials = [
  [["GET", "/wallet/me"], 0, "allowed", "read", "GET /wallet/me"],
  [["GET", "/wallet/abc?x=1"], 0, "allowed", "read", "GET /wallet/{reference}"],
  [["HEAD", "/wallet/me"], 0, "allowed", "read", "GET /wallet/me"],
  [["POST", "/wallet/pay"], 1, "permission_denied", "transact", "POST /wallet/pay"],
  [["POST", "/wallet/pay", "--permission", "transactions"], 0, "allowed", "transact", "POST /wallet/pay"],
  [["POST", "/wallet/pay", "--permission", "read_only", "--permission", "account_management"], 1, "permission_denied", "transact",
    "POST /wallet/pay"],
  [["GET", "/public/x"], 0, "public", "public", "GET /public/**"],
  [["DELETE", "/wallet/me", "--permission", "full_access"], 1, "route_denied", "deny", "DELETE /wallet/**"],
  [["GET", "/elsewhere"], 1, "permission_denied", "unlisted", null],
  [["GET", "/elsewhere", "--permission", "full_access"], 0, "allowed", "unlisted", null],
  [["TRACE", "/wallet/me", "--permission", "full_access"], 1, "route_denied", "deny", null],
  [["GET", "/public/../wallet/me"], 1, "path_ambiguous", null, null],
  [["GET", "/public/%2e%2e/wallet/me"], 1, "path_ambiguous", null, null],
];
for (const [args, code, reason, routeClass, route] of trials)
  test(`policy test ${args.join(" ")}: ${reason}`, async () => {
    const r = await k.run("policy", "test", ...args, "--json");
    assert.equal(r.code, code, r.stderr);
    assert.equal(r.json.reason, reason);
    assert.equal(r.json.class, routeClass);
    assert.equal(r.json.route, route);
    assert.equal(r.json.verdict, code === 0 ? "allow" : "deny");
  });

const bad = [
  ["a list that there is not", "reed:\n  - GET /a\n", 'line 1: there is no setting "reed"'],
  ["a list twice", "read:\n  - GET /a\nread:\n  - GET /b\n", "line 3:"],
  ["an alias", "read: &r\n  - GET /a\nmanage: *r\n", "line 1:"],
  ["a number", "read: 1\n", "line: 1"],
  ["a mapping in a list", "read:\n  - GET: /a\n", "line 2:"],
  ["not YAML", "read: [\n", "not YAML"],
  ["a line without a method", "read:\n  - GET /a\ntransact:\n  - /b\n", "line 4:"],
  ["a path that nobody can ask for", "read:\n  - GET /a/../b\n", "line 2:"],
  ["the same route twice", "read:\n  - GET /a\nmanage:\n  - GET /a\n", "line 4:"],
];
for (const [name, text, says] of bad)
  test(`${name} is refused, with its line, and nothing changes`, async () => {
    const before = (await k.ok("policy", "show", "--json")).version;
    const { code, stderr } = await apply(text);
    assert.equal(code, 65, stderr);
    assert.ok(stderr.includes(file) && stderr.includes(says), stderr);
    assert.equal((await k.ok("policy", "show", "--json")).version, before);
  });

test("a file that is not there ends with 66", async () => {
  assert.equal((await k.run("policy", "apply", path.join(k.folder, "none.yaml"))).code, 66);
});

test("a policy without a route is refused: a file that was cut short takes none out of force", async () => {
  const before = (await k.ok("policy", "show", "--json")).version;
  for (const text of ["", "# nothing\n", "read: []\n"]) {
    const { code, stderr } = await apply(text);
    assert.equal(code, 65);
    assert.match(stderr, /lists no route/);
  }
  assert.equal((await k.ok("policy", "show", "--json")).version, before);
});
