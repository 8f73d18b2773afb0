// keyward.mjs - a keyward for the tests of the gateway: a policy, keys, and what stands on the record.
import fs from "node:fs/promises";
import path from "node:path";
import { Installation } from "./installation.mjs";

async function moveRunFolder(it, run) {
  const text = await fs.readFile(it.file, "utf8");
  await fs.writeFile(it.file, text.replace(/^run_dir:.*$/m, `run_dir: ${run}`));
  it.socket = path.join(run, "admin.sock");
}

/** One record as the tests speak of it. A summary stands for `count` attempts of strangers in a flood. */
function eventOf(record) {
  const allowed = record.reason === "allowed" || record.reason === "public";
  return { ...record, count: record.count ?? 1, allowed };
}

/** `policy` is the text of a policy file; `run`, where the shared files are to be instead of in the installation;
 *  `settings`, more lines for keyward.yaml; `prepare`, what is done to the installation before it serves. */
export async function startKeyward({ policy, run, settings = "", prepare = () => {} } = {}) {
  const it = await Installation.make({ serve: false });
  await fs.appendFile(it.file, settings);
  if (run !== undefined) await moveRunFolder(it, run);
  await prepare(it);
  await it.serve();
  await fs.writeFile(`${it.folder}/policy.yaml`, policy);
  await it.ok("policy", "apply", `${it.folder}/policy.yaml`);
  return {
    run: path.dirname(it.socket),
    service: it,
    /** {id, key}: the public id and the whole text. `more` are further arguments of `keys create`. */
    async createKey({ name, permission, environment = "sandbox", more = [] }) {
      const args = ["--name", name, "--environment", environment, "--permission", permission, ...more];
      const { id, secret } = await it.createKey(...args);
      return { id, key: secret };
    },
    /** Every attempt on the record so far, oldest first. */
    async events() {
      const answer = await it.run("audit", "search", "--events", "--oldest-first", "--json");
      if (answer.code !== 0) throw new Error(answer.stderr);
      return answer.stdout.split("\n").filter(Boolean).map((line) => eventOf(JSON.parse(line)));
    },
    stop: () => it.stop(),
  };
}
