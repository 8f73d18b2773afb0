// descriptors.test.mjs - keyward serve has no descriptor left: who is new is refused, decisions and the record go on, and
// nothing has to be restarted afterwards.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import net from "node:net";
import { until } from "../lib/check.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { countBy, Load, LOAD_LOCATIONS } from "../lib/load.mjs";
import { assertAllRecorded, assertChainHolds } from "../lib/on_record.mjs";

const DESCRIPTORS = 64, CALLERS = 200;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const outcome = ({ status, code }) => `${status} ${code ?? ""}`.trim();
let gateway, service;
before(async () => {
  gateway = await startGateway({
    sandbox: LOAD_LOCATIONS,
    nginx: { workers: 2 },
    prepare: (installation) => (installation.through = ["sh", "-c", `ulimit -n ${DESCRIPTORS}; exec "$@"`, "sh"]),
  });
  service = gateway.keyward.service;
});
after(() => gateway.stop());

async function connectMany() {
  const sockets = Array.from({ length: CALLERS }, () => net.connect(service.socket));
  for (const socket of sockets) socket.on("error", () => {}).write("GET /v1/health HTTP/1.1\r\n");
  await pause(500);
  return sockets;
}

const health = () => service.call("GET", "/v1/health").catch(() => ({ status: 0 }));

test("X7_with_no_descriptor_left_decisions_and_the_record_go_on_and_serve_recovers", async (t) => {
  const { id, key } = await gateway.keyward.createKey({ name: "load", permission: "transactions", more: ["--rate", "none"] });
  const load = await new Load(gateway.port, { key, pauseMs: 5 }).start();
  t.after(() => load.stop());
  for (let round = 0; round < 3; round++) {
    const sockets = await connectMany();
    await load.more(50);
    /* One more is not answered, or is, where a descriptor was left; it is never answered wrongly. */
    const one = await Promise.race([health(), pause(500).then(() => ({ status: 0 }))]);
    assert.ok([0, 200, 503].includes(one.status), String(one.status));
    for (const socket of sockets) socket.destroy();
    await until(async () => (await health()).status === 200);
  }
  const { status, text } = await service.call("POST", `/v1/keys/${gateway.keys.pay.id}/revoke`);
  assert.equal(status, 200, text);
  assert.equal((await gateway.ask("GET /pay/x", { key: gateway.keys.pay })).status, 401);
  await load.stop();
  assert.deepEqual(Object.keys(countBy(load.answers, outcome)), ["200"]);
  await assertAllRecorded(gateway.keyward, load.answers);
  await assertChainHolds(service);
  assert.equal(service.child.exitCode, null, "it is the same process");
  t.diagnostic(`fault | X7 serve without descriptors: decisions meanwhile | ${load.answers.length} | ${load.answers.length} | 0`);
});

test("X7_who_was_there_before_is_served_while_others_take_all_descriptors", async () => {
  const kept = net.connect(service.socket);
  let got = "";
  kept.on("data", (data) => (got += data));
  const ask = async () => {
    const before = got.length;
    kept.write("GET /v1/health HTTP/1.1\r\nHost: k\r\n\r\n");
    await until(() => got.length > before);
    assert.match(got.slice(before), /^HTTP\/1.1 200 /);
  };
  await ask();
  const sockets = await connectMany();
  await ask();
  for (const socket of sockets) socket.destroy();
  kept.destroy();
});
