// http_socket.test.mjs - http.sock, which nginx offers to the world: what needs no caller is answered, nothing else is.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { assertInContract, contract } from "../lib/contract.mjs";
import { readDashboard } from "../../../tools/dashboard/files.mjs";
import { assertProblem, Installation, request } from "../lib/installation.mjs";

const OPEN = ["GET /v1/health", "GET /openapi.json", "GET /docs", "GET /docs/style.css", "POST /v1/session",
  "POST /v1/session/totp", "POST /v1/links/open", "POST /v1/links/accept", "POST /v1/reset", "POST /v1/leaks", "POST /v1/leaks/github",
  "POST /v1/tokens", "POST /v1/tokens/refresh", "POST /v1/tokens/revoke"]; /* the closed list; src/api/routes.c has the column */
let k, socket, id;
before(async () => {
  k = await Installation.make();
  socket = path.join(path.dirname(k.socket), "http.sock");
  ({ id } = await k.createKey("--name", "kept", "--environment", "sandbox"));
});
after(() => k.stop());

const routes = Object.entries(contract.paths).flatMap(([target, methods]) =>
  Object.keys(methods).map((method) => [method.toUpperCase(), target]));
const ask = (method, target, headers = {}, body = undefined) => request(socket, method, target, headers, body);

test("every route but those of the closed list answers 401, also to root", async () => {
  for (const [method, target] of routes) {
    const answer = await ask(method, target.replace("{id}", id), { "content-type": "application/json" }, ["GET", "DELETE"].includes(method) ? undefined : "{}");
    assertInContract(method, target, answer);
    if (OPEN.includes(`${method} ${target}`)) {
      const want = method === "GET" ? 200 : target === "/v1/tokens" ? 401 : target === "/v1/leaks/github" ? 404 : 400; /* an empty body is no log-in, and asks for all of a key; GitHub has no key here */
      assert.equal(answer.status, want);
      continue;
    }
    assertProblem(answer, 401, "unauthenticated");
    assert.equal(answer.headers["www-authenticate"], 'Bearer realm="keyward"');
  }
  assert.equal((await k.ok("keys", "show", id, "--json")).state, "active", "nothing was done");
});

test("the dashboard answers anybody, on the addresses of its closed list and with the files it was built with", async () => {
  const { pages, files } = contract["x-dashboard"];
  for (const target of pages) assert.match((await ask("GET", target.replace("{id}", id))).text, /^<!doctype html>/i, target);
  assert.deepEqual(files, ["/assets/{name}", "/favicon.svg"]);
  for (const { name } of readDashboard(new URL("../../../web/dist", import.meta.url).pathname).files)
    assert.equal((await ask("GET", `/${name}`)).status, 200, name);
});

test("what anybody may ask says whether, and nothing about what is inside", async () => {
  const answer = await ask("GET", "/v1/health");
  assert.deepEqual(answer.json, { status: "ok" });
  assertProblem(await ask("GET", "/v1/health?x=1"), 400, "unknown_parameter");
});

test("what there is not is not there: 404 and 405", async () => {
  assertProblem(await ask("GET", "/nope"), 404, "not_found");
  assertProblem(await ask("GET", "/v1/keys/"), 404, "not_found");
  assertProblem(await ask("DELETE", "/v1/health"), 405, "method_not_allowed");
});

test("no header makes a stranger an administrator", async () => {
  for (const headers of [{ authorization: "Bearer x" }, { "x-forwarded-for": "127.0.0.1" }, { "x-keyward-account": "main" }, { host: "keyward" }])
    assertProblem(await ask("GET", "/v1/keys", headers), 401, "unauthenticated");
});

test("its file is for its owner and the group of the verifiers alone, and goes with the program", async () => {
  assert.equal((await fs.stat(socket)).mode & 0o777, 0o660);
  await k.end();
  await assert.rejects(fs.stat(socket));
  await k.serve();
  assert.equal((await ask("GET", "/v1/health")).status, 200);
});

test("whoever fills http.sock keeps nobody out of admin.sock", async () => {
  const net = await import("node:net");
  const held = Array.from({ length: 300 }, () => net.connect(socket).on("error", () => {}));
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal((await k.run("health")).code, 0);
  held.forEach((each) => each.destroy());
});

test("its group is verify_group", { skip: process.getuid() !== 0 && "needs root" }, async () => {
  await k.end();
  await fs.appendFile(k.file, "verify_group: nogroup\n");
  await k.serve();
  assert.equal((await fs.stat(socket)).gid, 65534);
  assert.notEqual((await fs.stat(k.socket)).gid, 65534);
});

test("a backend that is listed has its requests decided here, and may do nothing else", async () => {
  const other = await Installation.make({ serve: false });
  try {
    await fs.appendFile(other.file, `authorize_users: [${os.userInfo().username}]\n`);
    await other.serve();
    const { secret } = await other.createKey("--name", "x", "--environment", "sandbox", "--permission", "full_access");
    const way = path.join(path.dirname(other.socket), "http.sock"), json = { "content-type": "application/json" };
    const asked = { key: secret, method: "GET", path: "/me", source: "203.0.113.7", environment: "sandbox", tls: true };
    const answer = await request(way, "POST", "/v1/authorize", json, JSON.stringify(asked));
    assertInContract("POST", "/v1/authorize", answer);
    assert.equal(answer.json.allowed, true);
    assertProblem(await request(way, "GET", "/v1/keys", {}), 403, "scope_missing");
    assert.deepEqual((await request(way, "GET", "/v1/health", {})).json, { status: "ok" });
  } finally {
    await other.stop();
  }
});

test("a user that there is not is named when the program starts", async () => {
  const other = await Installation.make({ serve: false });
  await fs.appendFile(other.file, "authorize_users: [nobody-at-all]\n");
  const { code, stderr } = await other.run("serve", "--config", other.file);
  assert.notEqual(code, 0);
  assert.match(stderr, /authorize_users: there is no user "nobody-at-all" on this machine/);
  await fs.rm(other.folder, { recursive: true });
});
