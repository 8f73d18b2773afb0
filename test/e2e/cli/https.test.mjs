// https.test.mjs - the command line on another machine: over the management site as it is shipped, with a management token.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { after, before, test } from "node:test";
import { program, run } from "../lib/installation.mjs";
import { freePort } from "../lib/nginx.mjs";
import { MANAGEMENT, SANDBOX, startSites } from "../lib/sites.mjs";
import { startTunnel } from "../lib/tunnel.mjs";

const TOKEN = /[a-z][a-z0-9]{1,7}_admin_[0-9A-Za-z]{14}_[0-9A-Za-z]{49}/;
let sites, tunnel, all;
before(async () => {
  sites = await startSites();
  tunnel = await startTunnel(sites.ports.tls);
  all = await makeToken("keys:read", "keys:write", "accounts:read", "policy:read", "policy:write", "events:read");
});
after(async () => {
  assert.doesNotMatch(sites.keyward.service.log, TOKEN, "the log must never hold a token");
  assert.doesNotMatch(await sites.log(), TOKEN);
  assert.doesNotMatch(tunnel.seen(), TOKEN, "a proxy sees TLS");
  await tunnel.stop();
  await sites.stop();
});

async function makeToken(...scopes) {
  const { status, json, text } = await sites.keyward.service.call("POST", "/v1/management-tokens", { name: "there", scopes, expires: "1d" });
  assert.equal(status, 201, text);
  assert.match(json.secret, TOKEN);
  return json;
}

/** The address and the authority of the site; the proxy stands for a name service. */
const there = (more) => ({
  https_proxy: tunnel.url, KEYWARD_URL: `https://${MANAGEMENT}`, KEYWARD_CA_FILE: `${sites.folder}/tls/${MANAGEMENT}.crt`, KEYWARD_TOKEN: all.secret, ...more,
});

/** Nothing that the command says holds the token. */
async function keyward(args, more = {}) {
  const answer = await run(args, { env: there(more) });
  assert.doesNotMatch(answer.stdout + answer.stderr, TOKEN);
  return answer;
}

async function ok(...args) {
  const { code, stdout, stderr } = await keyward(args);
  assert.equal(code, 0, `keyward ${args.join(" ")}: ${stderr}`);
  assert.equal(stderr, "");
  return args.includes("--json") && args[0] !== "audit" ? JSON.parse(stdout) : stdout; /* of the record, a line each */
}

test("keys, accounts and the policy are managed from another machine", async () => {
  const { id } = await ok("keys", "create", "--name", "from afar", "--environment", "sandbox", "--json");
  assert.match(await ok("keys", "list"), new RegExp(`${id} +from afar`));
  assert.match(await ok("keys", "change", id, "--name", "changed"), /changed/); /* If-Match comes back through the proxy */
  assert.match(await ok("keys", "revoke", id, "--yes"), /Revoked/);
  assert.match(await ok("accounts", "list"), /main/);
  assert.match(await ok("policy", "show"), /read:/);
  assert.match(await ok("policy", "test", "GET", "/pay/x", "--permission", "transactions"), /allow/);
  await fs.writeFile(`${sites.folder}/policy.yaml`, await ok("policy", "show"));
  assert.match(await ok("policy", "apply", `${sites.folder}/policy.yaml`), /in force/);
  assert.match(await ok("health"), /^Status +ok\n$/);
  assert.equal((await ok("health", "--json")).status, "ok");
  assert.ok(tunnel.hosts.every((host) => host === `${MANAGEMENT}:443`), tunnel.hosts.join());
});

test("the record is read from another machine, line by line as it is here", async () => {
  const here = async (...args) => (await sites.keyward.service.run("audit", ...args)).stdout, question = ["--events", "--key", sites.key.id];
  assert.equal((await sites.ask(SANDBOX, "GET /pay/x", { key: sites.key })).status, 200);
  for (const args of [["search", ...question], ["search", ...question, "--json"], ["search", "--changes", "--limit", "2"], ["tail", "-n", "3", "--changes"], ["tail", "-n", "2", "--json", ...question], ["tail", "-n", "0"],
    ["search", "--verdict", "allow", "--environment", "sandbox"], ["search", "--member", "0".repeat(14), "--json"]])
    assert.equal(await ok("audit", ...args), await here(...args), args.join(" "));
  assert.match(await here("search", ...question), /allowed .* "GET" "\/pay\/x"/);
  const { request_id } = JSON.parse(await here("search", ...question, "--json", "--limit", "1"));
  assert.equal(await ok("audit", "explain", request_id), await here("explain", request_id));
  assert.deepEqual(JSON.parse(await ok("audit", "explain", request_id, "--json")), JSON.parse(await here("explain", request_id, "--json")));
  const none = await keyward(["audit", "search", "--key", "0".repeat(14)]);
  assert.deepEqual([none.code, none.stdout, none.stderr], [0, "", "Nothing on the record matches.\n"]);
  assert.equal((await keyward(["audit", "explain", "0".repeat(32)])).code, 1);
});

test("keyward serve verifies its record for who may operate it", async () => {
  const refused = await keyward(["audit", "verify"]);
  assert.equal(refused.code, 77);
  assert.match(refused.stderr, /operate/);
  const { secret } = await makeToken("operate");
  const verified = await keyward(["audit", "verify"], { KEYWARD_TOKEN: secret });
  assert.equal(verified.code, 0, verified.stderr);
  assert.match(verified.stdout, /newest day of the record holds: \d+ records/);
  assert.equal((await keyward(["audit", "verify", "--json"], { KEYWARD_TOKEN: secret })).json.holds, true);
});

test("a search goes on from page to page", async () => {
  const search = ["audit", "search", "--events", "--key", sites.key.id, "--json"];
  for (let i = 0; i < 10; i++) await Promise.all(Array.from({ length: 101 }, () => sites.ask(SANDBOX, "GET /pay/x", { key: sites.key })));
  const far = await ok(...search), here = (await sites.keyward.service.run(...search)).stdout;
  assert.ok(far === here, "there and here are the same");
  assert.ok(far.split("\n").length > 1010);
  assert.ok((await ok("audit", "tail", "-n", "1005", ...search.slice(2))) === (await sites.keyward.service.run("audit", "tail", "-n", "1005", ...search.slice(2))).stdout);
});

test("the token comes from a file that its owner alone may read", async () => {
  const file = `${sites.folder}/token`;
  await fs.writeFile(file, `${all.secret}\n`, { mode: 0o600 });
  const unset = { KEYWARD_TOKEN: "" };
  assert.equal((await keyward(["keys", "list", "--token-file", file], unset)).code, 0);
  assert.equal((await keyward(["keys", "list"], { ...unset, KEYWARD_TOKEN_FILE: file })).code, 0);
  await fs.chmod(file, 0o644);
  const open = await keyward(["keys", "list", "--token-file", file], unset);
  assert.equal(open.code, 77);
  assert.match(open.stderr, /others may read the token.*chmod 600/);
  const none = await keyward(["keys", "list", "--token-file", "/nowhere"], unset);
  assert.equal(none.code, 66);
  const wrong = await keyward(["keys", "list"], { KEYWARD_TOKEN: "x" });
  assert.equal(wrong.code, 65);
  assert.match(wrong.stderr, /KEYWARD_TOKEN: that is no management token/);
});

test("a token is never an argument", async () => {
  const { code, stderr } = await run(["keys", "list", "--token-file", all.secret], { env: there() });
  assert.equal(code, 64);
  assert.match(stderr, /looks like an API key/);
  assert.doesNotMatch(stderr, TOKEN);
});

test("a certificate of an authority that is not trusted, or for another name, ends the call before the token is sent", async () => {
  const foreign = await keyward(["keys", "list"], { KEYWARD_CA_FILE: `${sites.folder}/tls/${SANDBOX}.crt` });
  const unknown = await keyward(["keys", "list"], { KEYWARD_CA_FILE: "" });
  const name = await against({ status: 200 }, { make: secure(await pair()), scheme: "https" });
  for (const { code, stderr } of [foreign, unknown, name]) {
    assert.equal(code, 69);
    assert.match(stderr, /certificate of https:\/\/\S+ does not hold .*--ca-file/);
  }
  assert.deepEqual(name.asked, []);
  const stranger = await keyward(["keys", "list", "--url", "https://other.example.com"]);
  assert.equal(stranger.code, 69);
  assert.match(stranger.stderr, /no TLS .*are host and port right/);
  const none = await keyward(["keys", "list", "--ca-file", "/nowhere"]);
  assert.equal(none.code, 66);
  assert.match(none.stderr, /--ca-file \/nowhere/);
});

test("a token that is revoked, missing, or may not do this: 77, and what to do", async () => {
  const token = await makeToken("keys:read");
  assert.equal((await keyward(["keys", "list"], { KEYWARD_TOKEN: token.secret })).code, 0);
  const missing = await keyward(["accounts", "list"], { KEYWARD_TOKEN: token.secret });
  assert.equal(missing.code, 77);
  assert.match(missing.stderr, /accounts:read/);
  await sites.keyward.service.call("POST", `/v1/management-tokens/${token.id}/revoke`);
  const revoked = await keyward(["keys", "list"], { KEYWARD_TOKEN: token.secret });
  assert.equal(revoked.code, 77);
  assert.match(revoked.stderr, /expired, was revoked.*keyward tokens create/);
  const none = await keyward(["keys", "list"], { KEYWARD_TOKEN: "" });
  assert.equal(none.code, 77);
  assert.match(none.stderr, /KEYWARD_TOKEN.*--token-file/);
  assert.equal(JSON.parse((await keyward(["keys", "list", "--json"], { KEYWARD_TOKEN: "" })).stderr).statusCode, 401);
});

test("addresses that would show the token are refused, and not repeated", async () => {
  for (const [url, says] of [["http://keyward.example.com", /without TLS/], ["https://a:secret@b", /no name and password/], ["https://a/secret", /no path/]]) {
    const { code, stderr } = await keyward(["keys", "list", "--url", url]);
    assert.equal(code, 65);
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /secret/);
  }
});

const contradictions = [
  [["keys", "list", "--socket", "/x", "--url", "https://a"], {}, /exclude each other/],
  [["keys", "list"], { KEYWARD_SOCKET: "/x" }, /both set/],
  [["metrics"], {}, /on the machine of keyward serve/],
  [["audit", "verify", "--key", "/x"], {}, /goes with --dir/],
  [["audit", "tail", "--follow"], {}, /on the machine of keyward serve/],
  [["audit", "search", "--oldest-first"], {}, /on the machine of keyward serve/],
  [["keys", "list", "--socket", "/x", "--ca-file", "/y"], {}, /go with --url/],
];
for (const [args, env, says] of contradictions)
  test(`keyward ${args.join(" ")} ${Object.keys(env)} contradicts itself`, async () => {
    const { code, stderr } = await keyward(args, env);
    assert.equal(code, 64);
    assert.match(stderr, says);
  });

test("--socket goes before KEYWARD_URL, and --url before KEYWARD_SOCKET", async () => {
  const { socket } = sites.keyward.service;
  assert.equal((await keyward(["health", "--json", "--socket", socket])).json.pid > 0, true);
  assert.equal((await keyward(["health", "--json", "--url", `https://${MANAGEMENT}`], { KEYWARD_SOCKET: socket, KEYWARD_URL: "" })).json.pid, undefined);
});

const pair = async () => {
  const [key, cert] = await Promise.all(["key", "crt"].map((end) => fs.readFile(`${sites.folder}/tls/${MANAGEMENT}.${end}`)));
  return { key, cert };
};
const secure = (options) => (handler) => https.createServer(options, handler);

async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server.address().port;
}

function close(server) {
  server.closeAllConnections();
  server.close();
}

/** A server of this machine that answers everything alike: what it was asked, and the command's end. */
async function against({ status, headers = {}, body = "{}" }, { make = http.createServer, scheme = "http", args = ["keys", "list"] } = {}) {
  const asked = [];
  const server = make((request, response) => {
    asked.push(request.headers);
    response.writeHead(status, headers).end(body);
  });
  const port = await listen(server);
  try {
    const { code, stdout, stderr } = await keyward(args, { KEYWARD_URL: `${scheme}://127.0.0.1:${port}`, http_proxy: tunnel.url, https_proxy: "" });
    return { asked, code, stdout, stderr };
  } finally {
    close(server);
  }
}

test("this machine may be asked without TLS, and no proxy hears of it", async () => {
  const { asked, code, stderr } = await against({ status: 200, body: '{"keys":[],"next":null}' });
  assert.equal(code, 0, stderr);
  assert.equal(asked[0].authorization, `Bearer ${all.secret}`);
});

test("a link is shown whole where the address of the dashboard is known", async () => {
  const member = { id: "5fGh2kLm9pQr3s", email: "a@b.example", link: "invitation", linkEndsAt: "2026-12-01T04:00:00Z", secret: "S3cr3t" };
  const invite = { args: ["members", "invite", "a@b.example", "--role", "viewer"] };
  const known = await against({ status: 201, body: JSON.stringify({ ...member, url: "https://k.example:8443/accept#S3cr3t" }) }, invite);
  assert.match(known.stdout, /^https:\/\/k\.example:8443\/accept#S3cr3t$/m);
  assert.equal(known.stdout.match(/S3cr3t/g).length, 1);
  assert.match((await against({ status: 201, body: JSON.stringify(member) }, invite)).stdout, /^https:.*\/accept#S3cr3t$/m);
  const mailed = await against({ status: 201, body: JSON.stringify({ ...member, secret: null, url: null, mailed: true }) }, invite);
  assert.match(mailed.stdout, /The link is on its way to a@b\.example/);
  assert.doesNotMatch(mailed.stdout, /accept#/);
});

test("an answer that is no list, or no JSON object at all, does not bring the program down", async () => {
  for (const body of ["[]", "1", '"x"', "null", '{"keys":1}', '{"keys":[1,null,{"id":7}],"next":5}']) {
    const { code } = await against({ status: 200, body });
    assert.ok([0, 69].includes(code), `${body}: ${code}`);
  }
});

test("a redirection is not followed: the token goes nowhere else", async () => {
  const followed = [];
  const other = http.createServer((request, response) => response.end(followed.push(request.url) && "{}"));
  const location = `http://127.0.0.1:${await listen(other)}/`;
  const { code, stderr } = await against({ status: 302, headers: { location } });
  close(other);
  assert.equal(code, 69);
  assert.match(stderr, /sends elsewhere \(HTTP status 302\)/);
  assert.deepEqual(followed, []);
});

test("an error page of somebody else is called that", async () => {
  const { code, stderr } = await against({ status: 502, body: "<html>Bad Gateway</html>" });
  assert.equal(code, 69);
  assert.match(stderr, /HTTP status 502 and no JSON/);
});

test("TLS 1.1 is not spoken, and plain HTTP is not taken for TLS", async () => {
  const old = { ...(await pair()), minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
  for (const make of [secure(old), http.createServer]) {
    const { code, stderr, asked } = await against({ status: 200 }, { make, scheme: "https" });
    assert.equal(code, 69, stderr);
    assert.match(stderr, /no TLS 1\.2/);
    assert.deepEqual(asked, []);
  }
});

test("nobody there", async () => {
  const { code, stderr } = await keyward(["keys", "list"], { KEYWARD_URL: `https://127.0.0.1:${await freePort()}`, https_proxy: "" });
  assert.equal(code, 69);
  assert.match(stderr, /cannot be reached/);
});

test("while it works, no list of processes shows the token", async () => {
  const silent = http.createServer(() => {});
  const url = `http://127.0.0.1:${await listen(silent)}`;
  const child = spawn(program, ["keys", "list"], { env: there({ KEYWARD_URL: url }), stdio: "ignore" });
  await once(silent, "request");
  assert.doesNotMatch(await fs.readFile(`/proc/${child.pid}/cmdline`, "latin1"), TOKEN);
  child.kill();
  await once(child, "exit");
  close(silent);
});
