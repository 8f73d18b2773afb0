// rotation.test.mjs - a program that switches within the overlap sees no refusal, and none gets through after the end.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { startGateway } from "../lib/gateway.mjs";
import { countBy, Load, LOAD_LOCATIONS } from "../lib/load.mjs";

const ROTATIONS = 10;
let gateway, service;
before(async () => {
  gateway = await startGateway({ sandbox: LOAD_LOCATIONS, nginx: { workers: 2 } });
  service = gateway.keyward.service;
});
after(() => gateway.stop());

const kinds = (answers) => Object.keys(countBy(answers, (one) => `${one.status} ${one.code ?? ""}`.trim())).sort();

/** Makes a call under load, and waits for it: what was asked, and begun after the call had returned. */
async function call(load, target, body) {
  const answer = await service.call("POST", target, body);
  assert.ok(answer.status < 300, answer.text);
  const returned = performance.now();
  await load.more(30);
  return { json: answer.json, after: () => load.answers.filter((one) => one.begun > returned) };
}

test("D11_a_client_that_switches_within_the_overlap_is_never_refused", async (t) => {
  const { id, key } = await gateway.keyward.createKey({ name: "rotating", permission: "transactions", more: ["--rate", "none"] });
  const load = await new Load(gateway.port, { key }).start();
  t.after(() => load.stop());
  for (let i = 0; i < ROTATIONS; i++) {
    const rotated = await call(load, `/v1/keys/${id}/rotate`, { overlap: "1h" });
    await load.switchTo(rotated.json.secret);
    await load.more(30);
    await call(load, `/v1/keys/${id}/rotation/complete`);
  }
  assert.deepEqual(kinds(load.answers), ["200"]);
  assert.equal(new Set(load.answers.map((one) => one.key)).size, ROTATIONS + 1, "each secret was used");
});

test("promise_2_no_request_with_the_old_secret_begun_after_complete_returned_is_allowed", async (t) => {
  const { id, key } = await gateway.keyward.createKey({ name: "left behind", permission: "transactions", more: ["--rate", "none"] });
  const load = await new Load(gateway.port, { key }).start();
  t.after(() => load.stop());
  for (let i = 0; i < ROTATIONS; i++) {
    const rotated = await call(load, `/v1/keys/${id}/rotate`, { overlap: "1h" });
    const completed = await call(load, `/v1/keys/${id}/rotation/complete`);
    const late = completed.after();
    assert.ok(late.length >= 20);
    assert.deepEqual(kinds(late).filter((kind) => !["401 secret_rotated", "429 too_many_failures"].includes(kind)), []);
    load.key = rotated.json.secret;
    await load.more(10);
  }
});
