// example.mjs - the configurations of examples/, run from those very files: only addresses and paths are replaced.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import https from "node:https";
import path from "node:path";
import { until } from "./check.mjs";
import { freePort } from "./nginx.mjs";
import { pairs } from "./upstream.mjs";

const FOLDER = path.resolve(path.dirname(new URL(import.meta.url).pathname), "../../../examples");

export const readExample = (name) => fs.readFile(path.join(FOLDER, name), "utf8");

/** The text of an example; each key of `replacements` must stand in it, or the test would not run what it shows. */
export async function example(name, replacements) {
  let text = await readExample(name);
  for (const [from, to] of Object.entries(replacements)) {
    assert.ok(text.includes(from), `examples/${name} must contain "${from}"`);
    text = text.replaceAll(from, to);
  }
  return text;
}

async function answers(port) {
  return ask(port, "sandbox.example.com", "GET /").then(() => true, () => false);
}

/** Caddy with this Caddyfile, answering on a port of 127.0.0.1. Ends with stop(). */
export async function startCaddy(folder, text, port) {
  const file = path.join(folder, "Caddyfile");
  await fs.writeFile(file, text);
  const env = { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: `${folder}/caddy`, XDG_CONFIG_HOME: `${folder}/caddy` };
  const child = spawn("caddy", ["run", "--config", file, "--adapter", "caddyfile"], { env, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.on("data", (data) => (log += data));
  await until(async () => {
    assert.equal(child.exitCode, null, `caddy ended: ${log}`);
    return answers(port);
  }, 60);
  return {
    async stop() {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

export { freePort };

/** One request by HTTPS, from 127.0.0.5, so that the client is not taken for a proxy; headers are [name, value] pairs. */
export function ask(port, host, line, { key, headers = [], body = "" } = {}) {
  const [method, target] = line.split(" ");
  const fields = { Host: host };
  for (const [name, value] of headers) fields[name] = value;
  if (key !== undefined) fields["x-api-key"] = key.key ?? key;
  if (body !== "") fields["Content-Length"] = String(body.length);
  const options = { host: "127.0.0.1", port, servername: host, localAddress: "127.0.0.5", method, path: target, headers: fields,
    agent: false, rejectUnauthorized: false, timeout: 10_000 };
  return new Promise((resolve, reject) => {
    const request = https.request(options, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode, headers: pairs(response.rawHeaders), text, json: parse(text) });
      });
    });
    request.on("timeout", () => request.destroy(new Error("no answer")));
    request.on("error", reject);
    request.end(body);
  });
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
