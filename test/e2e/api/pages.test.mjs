// pages.test.mjs - a cursor tells nothing of what is there besides, and goes on with its own list alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertProblem, Installation } from "../lib/installation.mjs";
import { join } from "../lib/people.mjs";

let k, shop, main;
before(async () => {
  k = await Installation.make();
  await k.call("POST", "/v1/accounts", { id: "shop" });
  for (let i = 0; i < 3; i++)
    for (const account of ["main", "shop"]) await k.call("POST", "/v1/keys", { account, name: `${account} ${i}`, environment: "sandbox" });
  shop = await join(k, { email: "owner@shop.example", role: "owner", account: "shop" });
  main = await join(k, { email: "owner@main.example", role: "owner" });
  await join(k, { email: "second@shop.example", role: "viewer", account: "shop" });
});
after(() => k.stop());

const page = async (by, path, cursor) => (await by.call("GET", `${path}?limit=1${cursor === undefined ? "" : `&cursor=${cursor}`}`)).json;

test("a cursor has no number in it, and is another one each time", async () => {
  const cursors = [await page(shop, "/v1/keys"), await page(shop, "/v1/keys"), await page(shop, "/v1/members"), await page(k, "/v1/accounts")]
    .map(({ next }) => next);
  for (const cursor of cursors) assert.match(cursor, /^[0-9a-f]{64}$/);
  assert.equal(new Set(cursors).size, 4);
});

test("pages follow one another to the end", async () => {
  const names = [];
  for (let next; next !== null;) {
    const one = await page(shop, "/v1/keys", next);
    names.push(...one.keys.map((key) => key.name));
    ({ next } = one);
  }
  assert.deepEqual(names, ["shop 0", "shop 1", "shop 2"]);
});

test("a cursor of another list, of another account, or made up is refused", async () => {
  const { next } = await page(shop, "/v1/keys");
  const refuse = async (by, target) => assertProblem(await by.call("GET", target), 400, "syntax", "cursor");
  await refuse(shop, `/v1/members?cursor=${next}`);
  await refuse(main, `/v1/keys?cursor=${next}`);
  await refuse(k, `/v1/keys?cursor=${next}`);
  await refuse(shop, `/v1/keys?cursor=${(await page(main, "/v1/keys")).next}`);
  await refuse(shop, `/v1/keys?cursor=${next.replace(/^./, (c) => (c === "0" ? "1" : "0"))}`);
  for (const cursor of ["7", "0", "", next.slice(2), `${next}00`, next.toUpperCase()]) await refuse(shop, `/v1/keys?cursor=${cursor}`);
});

test("a cursor outlives a restart", async () => {
  const { next } = await page(k, "/v1/keys");
  await k.end();
  await k.serve();
  assert.deepEqual((await page(k, "/v1/keys", next)).keys.map((key) => key.name), ["shop 0"]);
});
