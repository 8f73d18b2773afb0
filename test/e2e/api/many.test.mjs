// many.test.mjs - more keys than are looked at in one go: each order gives all of them, once, from either end.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { after, before, test } from "node:test";
import { Installation } from "../lib/installation.mjs";
import { build } from "../lib/nginx.mjs";

const N = 6000;
let k;
before(async () => {
  k = await Installation.make({ serve: false });
  const { status, stderr } = spawnSync(path.join(build, "bench/bench-fill"), [k.file, String(N), path.join(k.folder, "keys")], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  await k.serve();
});
after(() => k.stop());

async function walk(query) {
  const ids = [];
  for (let next = ""; next !== null;) {
    const { status, json, text } = await k.call("GET", `/v1/keys?${query}${next && `&cursor=${next}`}`);
    assert.equal(status, 200, text);
    ids.push(...json.keys.map(({ id }) => id));
    ({ next } = json);
  }
  return ids;
}

test("the newest first are the oldest first, turned round, whatever a page holds", async () => {
  const oldest = await walk("limit=1000");
  assert.equal(oldest.length, N);
  assert.equal(new Set(oldest).size, N);
  const newest = [...oldest].reverse();
  for (const query of ["limit=1000", "limit=999", "account=main&limit=1000"]) assert.deepEqual(await walk(`order=newest&${query}`), newest, query);
});

test("the first key is found from the other end, and nothing where nothing is", async () => {
  const [first] = await walk("limit=1000");
  assert.deepEqual(await walk(`order=newest&q=${first}`), [first]);
  assert.deepEqual(await walk("order=newest&name=nothing"), []);
});

test("all of them are counted", async () => {
  const { json } = await k.call("GET", "/v1/overview");
  const states = Object.values(json.keys).flatMap((environment) => Object.values(environment));
  assert.equal(states.reduce((sum, n) => sum + n), N);
  assert.equal(json.neverUsed, N);
});
