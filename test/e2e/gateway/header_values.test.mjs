// header_values.test.mjs - nothing that people write becomes a header, and what becomes one cannot become two.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { assertAllowed, identityOf, received } from "../lib/check.mjs";
import { startGateway, values } from "../lib/gateway.mjs";
import { crc32c } from "../../../tools/run/key_text.mjs";

let gateway;
before(async () => {
  gateway = await startGateway({
    sandbox: (g) => `location / { keyward on; ${g.pass} proxy_set_header X-Own $keyward_account; add_header X-Seen "$keyward_account $keyward_key_id"; }`,
  });
});
after(() => gateway.stop());

const ask = (key) => gateway.watch(() => gateway.ask("GET /pay/x", { key }));

test("C6_the_name_of_a_key_reaches_no_header_and_no_answer", async () => {
  for (const name of ["X-Admin: canary", "%0d%0aX-Admin: canary", "a\\r\\nX-Admin: canary", "canary, full_access", "canary\u00a0\u{1f511}"]) {
    const key = await gateway.keyward.createKey({ name, permission: "transactions" });
    const result = await ask(key);
    assertAllowed(result);
    assert.ok(!/canary|admin/i.test(JSON.stringify([result.seen, result.answer])), name);
    const denied = await gateway.ask("DELETE /pay/x", { key });
    assert.equal(denied.status, 403);
    assert.ok(!/canary|admin/i.test(JSON.stringify(denied)), name);
  }
});

test("C6_what_reaches_a_header_is_of_an_alphabet_without_line_breaks", async () => {
  const longest = "a".repeat(39) + "-";
  await gateway.keyward.service.ok("accounts", "create", longest);
  const more = ["--account", longest, "--permission", "account_management", "--permission", "full_access", "--permission", "read_only"];
  const key = await gateway.keyward.createKey({ name: "x", permission: "transactions", more });
  const { seen } = await ask(key);
  const identity = identityOf(seen[0]);
  assert.equal(identity["x-keyward-account"], longest);
  assert.match(identity["x-keyward-account"], /^[a-z][a-z0-9-]{0,39}$/);
  assert.match(identity["x-keyward-key-id"], /^[0-9A-Za-z]{14}$/);
  assert.match(identity["x-keyward-permissions"], /^[a-z_]+(,[a-z_]+)*$/);
  assert.match(identity["x-keyward-environment"], /^(sandbox|production)$/);
  assert.match(identity["x-request-id"], /^[0-9a-f]{32}$/);
});

/** Writes another account id, of the length of `from`, into the keyring, with a checksum that holds: what only a fault of
 *  ours could do. See docs/keyring-format.md. */
async function forgeAccount(from, to) {
  const file = path.join(gateway.run, "keyring");
  const bytes = await fs.readFile(file);
  const id = bytes.indexOf(Buffer.from(`${from}\0`)), at = id - 24;
  const record = Buffer.from(bytes.subarray(at, at + 64));
  assert.equal(record.readUInt32LE(4), crc32c(record.subarray(8)), "the account's record must be where it is looked for");
  record.write(to, 24, "latin1");
  record.writeUInt32LE(crc32c(record.subarray(8)), 4);
  const handle = await fs.open(file, "r+");
  await handle.write(record, 0, 64, at);
  await handle.close();
}

test("C6_header_values_are_encoded_anyway", async () => {
  const from = "canary-0123456789abc", to = "a\r\nX-Admin: 1\nb\0 %/", encoded = "a%0D%0AX-Admin%3A%201%0Ab";
  assert.ok(to.length <= 40);
  await gateway.keyward.service.ok("accounts", "create", from);
  const key = await gateway.keyward.createKey({ name: "x", permission: "transactions", more: ["--account", from] });
  assertAllowed(await ask(key));
  await forgeAccount(from, to);
  const { answer, seen } = await ask(key);
  assert.equal(answer.status, 200);
  const [request] = seen;
  assert.deepEqual(received(request, "x-admin"), []);
  assert.deepEqual(received(request, "x-own"), [encoded]);
  assert.equal(identityOf(request)["x-keyward-account"], encoded);
  assert.deepEqual(values(answer, "x-admin"), []);
  assert.deepEqual(values(answer, "x-seen"), [`${encoded} ${key.id}`]);
});
