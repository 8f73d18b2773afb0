// installation.test.mjs - what the installation is called and where it is reached: told to whoever is known, and to nobody else.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import os from "node:os";
import { after, before, test } from "node:test";
import { assertInContract } from "../lib/contract.mjs";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { Browser, join } from "../lib/people.mjs";

let k, owner;
const ask = (by, headers) => by.call("GET", "/v1/installation", undefined, headers);
const program = async (scopes) => {
  const { json } = await owner.call("POST", "/v1/management-tokens", { name: "x", scopes, expires: "90d" });
  return { authorization: `Bearer ${json.secret}`, origin: undefined, "sec-fetch-site": undefined };
};
before(async () => {
  k = await Installation.make({ serve: false, brand: "acme" });
  await fs.appendFile(k.file, "sandbox_url: https://sandbox.example.com\nprobe_path: /v2/ping\n");
  await k.serve();
  owner = await join(k, { email: "owner@main.example", role: "owner" });
});
after(() => k.stop());

test("everything is told, and null is what nobody has told the program", async () => {
  const answer = await ask(k);
  assertInContract("GET", "/v1/installation", answer);
  const { version, ...rest } = answer.json;
  assert.match(version, /^\d+\.\d+\.\d+$/);
  assert.deepEqual(rest, {
    brand: "acme", header: "x-api-key", mail: false, places: false, publicUrl: null, probe: "/v2/ping",
    gateways: { sandbox: "https://sandbox.example.com", production: null },
    defaultRate: "600/min", defaultQuota: "none",
  });
});

test("every role and every token may ask", async () => {
  const { json } = await ask(k);
  for (const role of ["viewer", "developer", "admin"])
    assert.deepEqual((await ask(await join(k, { email: `${role}@main.example`, role }))).json, json, role);
  const operator = await join(k, { email: "operator@main.example", role: "owner", operator: true });
  for (const by of [owner, operator]) assert.deepEqual((await ask(by)).json, json);
  assert.deepEqual((await ask(new Browser(k), await program(["policy:read"]))).json, json);
});

test("E7_who_is_not_known_is_told_nothing", async () => {
  assertProblem(await ask(new Browser(k)), 401, "unauthenticated");
  assertProblem(await ask(new Browser(k), { cookie: `__Host-keyward=${"0".repeat(43)}` }), 401, "unauthenticated");
  assertProblem(await ask(new Browser(k), { authorization: "Bearer x" }), 401, "unauthenticated");
});

test("a backend of authorize_users is told nothing either: it may ask for decisions", async () => {
  await k.end();
  await fs.appendFile(k.file, `authorize_users: [${os.userInfo().username}]\n`);
  await k.serve();
  assertProblem(await ask(new Browser(k)), 401, "unauthenticated");
});

test("a session that has ended is told nothing any more", async () => {
  const gone = await join(k, { email: "gone@main.example", role: "viewer" });
  assert.equal((await ask(gone)).status, 200);
  await k.call("DELETE", `/v1/members/${gone.id}`);
  assertProblem(await ask(gone), 401, "unauthenticated");
});
