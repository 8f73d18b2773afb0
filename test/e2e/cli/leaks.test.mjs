// leaks.test.mjs - keyward leaks report: keys come from standard input or a private file, never from an argument.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { Installation, run } from "../lib/installation.mjs";

let k, key;
before(async () => {
  k = await Installation.make();
  key = await k.createKey("--name", "leaky", "--environment", "production", "--permission", "transactions");
});
after(() => k.stop());

const report = (input, ...args) => run(["leaks", "report", ...args], { env: { KEYWARD_SOCKET: k.socket }, input });
test("J1_a_key_comes_from_standard_input_or_a_file_and_never_from_an_argument", async () => {
  const argued = await report("", key.secret);
  assert.notEqual(argued.code, 0);
  const file = path.join(k.folder, "found");
  await fs.writeFile(file, `${key.secret}\n`, { mode: 0o644 });
  assert.equal((await report("", "--key-file", file)).code, 77, "others may read it");
  assert.equal((await k.ok("keys", "show", key.id, "--json")).frozen, "nothing");
  assert.notEqual((await report("\n")).code, 0, "nothing to report");
});

test("what is reported is looked at, and the record says what became of it", async () => {
  const { code, stdout } = await report(`no key\n${key.secret}\n`, "--found-at", "https://paste.example/1");
  assert.equal(code, 0);
  assert.match(stdout, /^Reported: 2\./);
  for (let tries = 0; tries < 200 && (await k.ok("keys", "show", key.id, "--json")).frozen !== "transact"; tries++)
    await new Promise((resolve) => setTimeout(resolve, 25));
  assert.match(await k.ok("audit", "search", "--leaks"), new RegExp(`leak froze_transact +${key.id} +by anybody +"https://paste.example/1"`));
  assert.match(await k.ok("audit", "tail"), /leak not_a_key +- +by anybody +summary of 1/);
  assert.equal((await k.run("audit", "search", "--leaks", "--changes")).code, 64);
});
