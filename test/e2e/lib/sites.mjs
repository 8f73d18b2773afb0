// sites.mjs - the nginx sites as they are shipped, with certificates, a keyward and an API of the test; nothing is changed
// but ports, paths and how long keyward serve is waited for.
import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";
import { promisify } from "node:util";
import { copyParts, site } from "../../../tools/run/site.mjs";
import { POLICY } from "./gateway.mjs";
import { startKeyward } from "./keyward.mjs";
import { freePort, startNginx } from "./nginx.mjs";
import { exchange, requestBytes } from "./raw.mjs";
import { startUpstream } from "./upstream.mjs";

export const SANDBOX = "sandbox.api.example.com", PRODUCTION = "api.example.com", MANAGEMENT = "keyward.example.com";
const run = promisify(execFile);

/** The management site has an RSA key, the others are on P-256: some ciphers go with one of them alone. */
const ECDSA = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], RSA = ["rsa:2048"];

/** A certificate for a name, signed by itself: `folder`/NAME.crt and .key. */
async function makeCertificate(folder, name) {
  await run("openssl", ["req", "-x509", "-newkey", ...(name === MANAGEMENT ? RSA : ECDSA), "-nodes", "-days", "2",
    "-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`, "-keyout", `${folder}/${name}.key`, "-out", `${folder}/${name}.crt`]);
}

/** [[from, to]…] of a site's ports: on the loopback address, of one family. `ports` undefined: as they are shipped. */
function moved(text, ports) {
  if (ports === undefined) return text;
  return text.replace(/^ *listen \[::\].*\n/gm, "").replace(/listen (443|80)\b/g, (_, port) => `listen 127.0.0.1:${port === "443" ? ports.tls : ports.plain}`);
}

const log = (at) => ["/var/log/nginx/keyward.log", `${at.folder}/keyward.log`];

function httpOf(at) {
  const tls = ["/etc/keyward/tls", `${at.folder}/tls`];
  const upstreams = [["127.0.0.1:9001", `unix:${at.upstream.path}`], ["127.0.0.1:9002", `unix:${at.upstream.path}`]];
  return [
    site("keyward.conf", [["/run/keyward", at.keyward.run]]),
    site("keyward-default.conf", [log(at)]),
    site("keyward-gateway.conf", [tls, ...upstreams, log(at)]),
    site("keyward-management.conf", [["proxy_read_timeout 30s", `proxy_read_timeout ${at.patience}`], tls, ["/run/keyward", at.keyward.run], ["@WWW@", `${at.folder}/www`], log(at)]),
  ].map((text) => moved(text, at.ports)).join("\n");
}

/** Options: `more`, more of the http block, a text or a function of what is made; `network`, of network.mjs: the sites stand
 *  there, on the ports that they are shipped with; `patience`, how long keyward serve is waited for; `prepare` and
 *  `settings`, of startKeyward. */
export async function startSites({ more = "", network, patience = "2s", prepare, settings } = {}) {
  const at = { patience, folder: await fs.mkdtemp(path.join(os.tmpdir(), "keyward-tls-")) };
  await fs.mkdir(`${at.folder}/tls`, { mode: 0o700 });
  for (const name of [SANDBOX, PRODUCTION, MANAGEMENT]) await makeCertificate(`${at.folder}/tls`, name);
  copyParts(at.folder);
  at.ca = Object.fromEntries(await Promise.all([SANDBOX, PRODUCTION, MANAGEMENT].map(async (name) =>
    [name, await fs.readFile(`${at.folder}/tls/${name}.crt`, "utf8")])));
  at.upstream = await startUpstream(path.join(at.folder, "api.sock"));
  at.keyward = await startKeyward({ policy: POLICY, prepare, settings });
  at.key = await at.keyward.createKey({ name: "payer", permission: "transactions", more: ["--rate", "none"] });
  at.ports = network === undefined ? { tls: await freePort(), plain: await freePort() } : undefined;
  const http = `${httpOf(at)}\n${typeof more === "function" ? more(at) : more}`;
  at.nginx = await startNginx(at.folder, http, at.ports === undefined ? [] : Object.values(at.ports), { inside: network?.inside });
  return Object.assign(at, methods(at));
}

function methods(at) {
  return {
    /** What tls.connect needs to reach a site. */
    secure: (name) => ({ servername: name, ca: at.ca[name], ALPNProtocols: ["http/1.1"] }),
    /** Sends bytes to a site over TLS: its first answer. */
    send: (name, bytes, options = {}) => exchange(at.ports.tls, bytes, { secure: at.secure(name), ...options }),
    /** "METHOD target" with headers, over TLS; `key` is short for an x-api-key header. */
    ask(name, line, { key, headers = [], body = "" } = {}) {
      const fields = [["Host", name], ["Connection", "close"], ...headers];
      if (key !== undefined) fields.push(["x-api-key", key.key ?? key]);
      if (body !== "") fields.push(["Content-Length", body.length]);
      return at.send(name, requestBytes(`${line} HTTP/1.1`, fields, body), { method: line.split(" ")[0] });
    },
    connectH2: (name) => tls.connect({ port: at.ports.tls, host: "127.0.0.1", servername: name, ca: at.ca[name], ALPNProtocols: ["h2"] }),
    /** The same without TLS. */
    askPlain(name, line, { key } = {}) {
      const fields = [["Host", name], ["Connection", "close"], ...(key === undefined ? [] : [["x-api-key", key.key]])];
      return exchange(at.ports.plain, requestBytes(`${line} HTTP/1.1`, fields));
    },
    log: () => fs.readFile(`${at.folder}/keyward.log`, "utf8"),
    async stop() {
      await at.nginx.stop();
      await at.keyward.stop();
      await at.upstream.stop();
      await fs.rm(at.folder, { recursive: true });
    },
  };
}
