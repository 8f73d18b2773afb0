// slow.test.mjs - clients that send their request by the drop, or nothing at all: they are dropped in time, and others do
// not feel them.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import net from "node:net";
import { startGateway } from "../lib/gateway.mjs";
import { LOAD_LOCATIONS } from "../lib/load.mjs";

const SLOW = 200, IDLE = 1000, PROBES = 300, DROPPED_S = 45;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const HEAD = "POST /v1/keys HTTP/1.1\r\nHost: k\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n";
let gateway, service;
before(async () => {
  gateway = await startGateway({
    sandbox: LOAD_LOCATIONS,
    http: "client_header_timeout 3s; client_body_timeout 3s;",
  });
  service = gateway.keyward.service;
});
after(() => gateway.stop());

/** Connections that send a text and then one byte every 200 ms. */
function dribble(where, n, text) {
  const sockets = Array.from({ length: n }, () => net.connect(where));
  /* A reset is a way of being dropped, too: events.once would make a failure of it. */
  const closed = sockets.map((socket) => new Promise((resolve) => socket.on("error", () => {}).on("close", resolve)));
  for (const socket of sockets) socket.on("data", () => {}).write(text);
  const timer = setInterval(() => sockets.forEach((socket) => socket.writable && socket.write("x")), 200);
  return { sockets, closed, stop: () => { clearInterval(timer); sockets.forEach((socket) => socket.destroy()); } };
}

async function millis(ask) {
  const took = [];
  for (let i = 0; i < PROBES; i++) {
    const begun = performance.now();
    assert.equal((await ask()).status, 200);
    took.push(performance.now() - begun);
  }
  return took.sort((a, b) => a - b);
}

const at = (sorted, share) => sorted[Math.floor(sorted.length * share)];

/* A machine that has other things to do is slow by itself: what others' waiting is compared with is that and some. */
function assertNotSlower(quiet, busy) {
  const limit = Math.max(3 * at(quiet, 0.95), at(quiet, 0.95) + 50);
  assert.ok(at(busy, 0.95) <= limit, `p95 ${at(busy, 0.95).toFixed(1)} ms, before ${at(quiet, 0.95).toFixed(1)} ms`);
}

test("X9_slow_headers_and_bodies_on_admin_sock_are_dropped_and_others_are_served", async (t) => {
  const health = () => service.call("GET", "/v1/health");
  const quiet = await millis(health);
  const kinds = ["GET /v1/health HTTP/1.1\r\nX-Slow: ", `${HEAD}\r\n`];
  const slow = kinds.map((text) => dribble({ path: service.socket }, SLOW / 2, text));
  t.after(() => slow.forEach((some) => some.stop()));
  await pause(300);
  assertNotSlower(quiet, await millis(health));
  const all = Promise.all(slow.flatMap(({ closed }) => closed)).then(() => true);
  assert.ok(await Promise.race([all, pause(DROPPED_S * 1000).then(() => false)]), `some are still there after ${DROPPED_S} s`);
  t.diagnostic(`fault | X9 slow headers and bodies on admin.sock | ${SLOW} | ${SLOW} | 0`);
});

/* More than serve takes: whoever comes then waits until the first are dropped; decisions wait for nobody. */
test("X9_idle_connections_to_admin_sock_are_dropped_and_decisions_go_on", async (t) => {
  const idle = Array.from({ length: IDLE }, () => net.connect(service.socket).on("error", () => {}).on("data", () => {}));
  t.after(() => idle.forEach((socket) => socket.destroy()));
  await pause(300);
  assert.equal((await gateway.ask("GET /read/x", { key: gateway.keys.read })).status, 200);
  const health = () => service.call("GET", "/v1/health").catch(() => ({ status: 0 }));
  const deadline = Date.now() + DROPPED_S * 1000;
  while ((await health()).status !== 200) assert.ok(Date.now() < deadline, "nobody is let in any more");
  t.diagnostic(`fault | X9 idle connections to admin.sock | ${IDLE} | ${IDLE} | 0`);
});

test("X9_slow_clients_of_the_gateway_do_not_make_others_wait", async (t) => {
  const key = await gateway.keyward.createKey({ name: "fast", permission: "transactions", more: ["--rate", "none"] });
  const ask = () => gateway.ask("GET /pay/x", { key });
  const quiet = await millis(ask);
  const slow = dribble({ port: gateway.port, host: "127.0.0.1" }, SLOW, "GET /pay/x HTTP/1.1\r\nHost: api.test\r\nX-Slow: ");
  t.after(() => slow.stop());
  await pause(300);
  assertNotSlower(quiet, await millis(ask));
  await Promise.all(slow.closed); /* by nginx's client_header_timeout */
  t.diagnostic(`fault | X9 slow headers at the gateway | ${SLOW} | ${SLOW} | 0`);
});
