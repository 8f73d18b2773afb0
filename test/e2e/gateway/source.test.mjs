// source.test.mjs - where a request comes from: its address, and whether its connection may carry a key.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import os from "node:os";
import https from "node:https";
import { once } from "node:events";
import { makeCertificate } from "../lib/certificate.mjs";
import { assertAllowed, assertRefused } from "../lib/check.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { freePort } from "../lib/nginx.mjs";

const outside = Object.values(os.networkInterfaces()).flat().find((address) => !address.internal && address.family === "IPv4")?.address;
const skip = outside === undefined && "this machine has no address but loopback";

let gateway, wildPort, tlsPort;

function certificateOf(folder) {
  const { certificate, key } = makeCertificate(folder);
  return `ssl_certificate ${certificate}; ssl_certificate_key ${key};`;
}

before(async () => {
  wildPort = await freePort("0.0.0.0");
  tlsPort = await freePort("0.0.0.0");
  gateway = await startGateway({
    http: (g) => `${certificateOf(g.folder)}
      server { listen ${wildPort}; keyward_environment sandbox;
        location / { keyward on; ${g.pass} }
        location /pay/plain { keyward on; keyward_plaintext on; ${g.pass} } }
      server { listen ${tlsPort} ssl; keyward_environment sandbox; location / { keyward on; ${g.pass} } }`,
    sandbox: (g) => `location / { keyward on; ${g.pass} }
      location /pay/proxied { set_real_ip_from 127.0.0.1; real_ip_header X-Forwarded-For; keyward on; ${g.pass} }`,
  });
});
after(() => gateway.stop());

const ask = (line, options) => gateway.watch(() => gateway.ask(line, options));

test("C16_a_key_over_plain_http_on_a_public_listener_is_refused", { skip }, async () => {
  const public_ = { key: gateway.keys.pay, port: wildPort, host: outside };
  assertRefused(await ask("GET /pay/x", public_), 403, "tls_required");
  assertAllowed(await ask("GET /pay/plain", public_));
});

test("C16_a_wildcard_listener_reached_over_loopback_is_loopback", async () => {
  assertAllowed(await ask("GET /pay/x", { key: gateway.keys.pay, port: wildPort }));
});

test("C16_tls_may_carry_a_key_from_anywhere", async () => {
  const { answer, events } = await gateway.watch(async () => {
    const options = { host: outside ?? "127.0.0.1", port: tlsPort, path: "/pay/x", rejectUnauthorized: false, agent: false };
    const request = https.get({ ...options, headers: { "x-api-key": gateway.keys.pay.key } });
    const [response] = await once(request, "response");
    response.resume();
    return response.statusCode;
  });
  assert.equal(answer, 200);
  assert.equal(events[0].reason, "allowed");
});

test("C9_forwarded_for_of_an_untrusted_peer_is_ignored", async () => {
  const headers = [["X-Forwarded-For", "203.0.113.7"], ["X-Real-IP", "203.0.113.7"]];
  const { events } = await ask("GET /pay/x", { key: gateway.keys.pay, headers });
  assert.equal(events[0].source, "127.0.0.1");
});

test("C10_the_address_is_the_one_that_realip_of_the_location_finds", async () => {
  const headers = [["X-Forwarded-For", "198.51.100.1, 203.0.113.7"]];
  const { events } = await ask("GET /pay/proxied", { key: gateway.keys.pay, headers });
  assert.equal(events[0].source, "203.0.113.7");
});
