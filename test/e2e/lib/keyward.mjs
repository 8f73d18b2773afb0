// keyward.mjs - a keyward of its own for one test file: initialised, serving, asked through its command line.
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import path from "node:path";
import { build } from "./nginx.mjs";

const program = process.env.KEYWARD_PROGRAM ?? path.join(build, "keyward");

async function run(args, environment = {}) {
  const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "", stderr = "";
  child.stdout.on("data", (data) => (stdout += data));
  child.stderr.on("data", (data) => (stderr += data));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`keyward ${args.join(" ")} ended with ${code}: ${stderr}`);
  return stdout;
}

/** Where the configuration says that the shared files are. */
async function runFolder(configuration, dir) {
  const text = await fs.readFile(configuration, "utf8");
  const value = /^run_dir:\s*"?([^"\s#]+)/m.exec(text)?.[1];
  return path.resolve(dir, value ?? "run");
}

async function moveRunFolder(configuration, to) {
  const text = (await fs.readFile(configuration, "utf8")).replace(/^run_dir:.*$/m, "");
  await fs.writeFile(configuration, `${text.trimEnd()}\nrun_dir: ${to}\n`);
}

async function serve(configuration, socket) {
  const child = spawn(program, ["serve", "--config", configuration], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (data) => (stderr += data));
  for (let tries = 0; tries < 400; tries++) {
    if (child.exitCode !== null) throw new Error(`keyward serve ended with ${child.exitCode}: ${stderr}`);
    const isUp = await run(["health"], { KEYWARD_SOCKET: socket }).then(() => true, () => false);
    if (isUp) return child;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`keyward serve does not answer: ${stderr}`);
}

/** One record of the audit as the tests speak of it. A summary stands for `count` attempts of strangers in a flood. */
function eventOf(record) {
  return {
    kind: record.kind,
    count: record.count ?? 1,
    request_id: record.request_id,
    reason: record.reason,
    allowed: record.reason === "allowed" || record.reason === "public",
    method: record.method,
    path: record.path,
    source: record.source,
  };
}

/** `policy` is the text of a policy file; `run`, where the shared files are to be instead of where init puts them. */
export async function startKeyward(folder, { policy, run: wanted } = {}) {
  const dir = path.join(folder, "keyward"), configuration = path.join(dir, "keyward.yaml");
  await run(["init", "--dir", dir]);
  if (wanted !== undefined) await moveRunFolder(configuration, wanted);
  const shared = await runFolder(configuration, dir);
  const environment = { KEYWARD_SOCKET: path.join(shared, "admin.sock") };
  const child = await serve(configuration, environment.KEYWARD_SOCKET);
  await fs.writeFile(path.join(dir, "policy.yaml"), policy);
  await run(["policy", "apply", path.join(dir, "policy.yaml")], environment);
  return {
    run: shared,
    /** {id, key}: the public id and the whole text. */
    async createKey({ name, permission, environment: of = "sandbox" }) {
      const args = ["keys", "create", "--name", name, "--environment", of, "--permission", permission, "--json"];
      const { id, secret } = JSON.parse(await run(args, environment));
      return { id, key: secret };
    },
    /** Every attempt on the record so far, oldest first. */
    async events() {
      const lines = (await run(["audit", "search", "--events", "--oldest-first", "--json"], environment)).split("\n");
      return lines.filter(Boolean).map((line) => eventOf(JSON.parse(line)));
    },
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}
