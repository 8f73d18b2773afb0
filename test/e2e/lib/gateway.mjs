// gateway.mjs - a keyward, an nginx with a sandbox and a production host, and an API behind them, for one test file.
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { startKeyward } from "./keyward.mjs";
import { freePort, startNginx } from "./nginx.mjs";
import { exchange, requestBytes, values } from "./raw.mjs";
import { startUpstream } from "./upstream.mjs";

/** The routes that the tests of the gateway speak of. */
export const POLICY = `public:
  - GET /public
  - GET /public/**
  - OPTIONS /open/**
read:
  - GET /read/**
  - GET /wallet/deposit/status/{reference}
transact:
  - GET /pay/**
  - POST /pay/**
deny:
  - GET /closed/**
`;

async function createKeys(keyward) {
  const create = (name, permission, environment = "sandbox") => keyward.createKey({ name, permission, environment });
  return {
    read: await create("reader", "read_only"),
    pay: await create("payer", "transactions"),
    full: await create("everything", "full_access"),
    live: await create("live payer", "transactions", "production"),
  };
}

function server(listen, environment, locations) {
  return `server { listen ${listen}; keyward_environment ${environment};
    ${locations} }`;
}

/** Options: `http`, more of the http block; `sandbox`, the locations of the sandbox host instead of "everything is
 *  protected and proxied"; `keyward`, false: no service is started and there are no keys; `settings`, more of keyward.yaml; `prepare`, see startKeyward;
 *  `nginx`, options of startNginx. The texts for nginx may be functions of the gateway (its folder, ports and upstream). */
export async function startGateway({ http = "", sandbox, keyward = true, settings, prepare, nginx } = {}) {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "keyward-e2e-"));
  const gateway = { folder, port: await freePort(), livePort: await freePort() };
  gateway.upstream = await startUpstream(path.join(folder, "api.sock"));
  gateway.pass = `proxy_pass http://unix:${gateway.upstream.path};`;
  gateway.keyward = keyward ? await startKeyward({ policy: POLICY, settings, prepare }) : undefined;
  gateway.run = gateway.keyward?.run ?? path.join(folder, "no-state");
  gateway.keys = keyward ? await createKeys(gateway.keyward) : {};
  const text = (part) => (typeof part === "function" ? part(gateway) : part);
  const all = `location / { keyward on; ${gateway.pass} }`;
  gateway.http = `keyward_state ${gateway.run};
    ${text(http)}
    ${server(`127.0.0.1:${gateway.port}`, "sandbox", sandbox === undefined ? all : text(sandbox))}
    ${server(`127.0.0.1:${gateway.livePort}`, "production", all)}`;
  gateway.nginx = await startNginx(folder, gateway.http, [gateway.port, gateway.livePort], nginx);
  return Object.assign(gateway, methods(gateway));
}

function methods(gateway) {
  return {
    /** Sends "METHOD target" with headers; `key` is short for an x-api-key header. */
    async ask(line, { key, headers = [], body = "", port = gateway.port, host = "127.0.0.1" } = {}) {
      const fields = [["Host", "api.test"], ["Connection", "close"], ...headers];
      if (key !== undefined) fields.push(["x-api-key", key.key ?? key]);
      if (body !== "") fields.push(["Content-Length", body.length]);
      const bytes = requestBytes(`${line} HTTP/1.1`, fields, body);
      return exchange(port, bytes, { method: line.split(" ")[0], host });
    },
    async stop() {
      await gateway.nginx.stop();
      await gateway.keyward?.stop();
      await gateway.upstream.stop();
      await fs.rm(gateway.folder, { recursive: true });
    },
    /** Runs an action: its result, the events it left and what reached the upstream. */
    async watch(action) {
      const before = (await gateway.keyward.events()).length;
      const seen = gateway.upstream.seen.length;
      const answer = await action();
      const events = (await gateway.keyward.events()).slice(before);
      return { answer, events, seen: gateway.upstream.seen.slice(seen) };
    },
  };
}

export { values };
