// network.mjs - a network namespace of its own, with addresses that are not loopback. Needs root.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

const ASK = new URL("./ask_from.mjs", import.meta.url).pathname;

function run(args) {
  const { status, stderr, error } = spawnSync(args[0], args.slice(1));
  if (status !== 0) throw new Error(`${args.join(" ")}: ${error ?? stderr}`);
}

/** Why there can be none here; false: there can. */
export function noNetwork() {
  if (process.getuid() !== 0) return "needs root, to make a network namespace";
  const made = spawnSync("unshare", ["-n", "ip", "link", "set", "lo", "up"]);
  return made.status !== 0 && `no network namespace can be made here: ${made.error ?? made.stderr}`.trim();
}

/** `addresses`: ["192.0.2.1/24", …]. They lie on the interface lo, which every kernel has; what makes an address loopback
 *  is the address, not the interface. `inside` is what a command begins with to run there. */
export async function startNetwork(addresses) {
  const holder = spawn("unshare", ["-n", "sh", "-c", "echo ready; read -r end"], { stdio: ["pipe", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  const inside = ["nsenter", "-t", String(holder.pid), "-n"];
  const ip = (...args) => run([...inside, "ip", ...args]);
  ip("link", "set", "lo", "up");
  for (const address of addresses) ip("addr", "add", address, "dev", "lo", ...(address.includes(":") ? ["nodad"] : []));
  return {
    inside,
    /** Asks from there: {from, to, port, path, key}, in order; answers {status, code, error}. */
    async ask(requests) {
      const child = spawn(inside[0], [...inside.slice(1), process.execPath, ASK], { stdio: ["pipe", "pipe", "inherit"] });
      let stdout = "";
      child.stdout.on("data", (data) => (stdout += data));
      child.stdin.end(JSON.stringify(requests));
      await once(child, "close");
      return JSON.parse(stdout);
    },
    async stop() {
      holder.stdin.end();
      if (holder.exitCode === null) await once(holder, "exit");
    },
  };
}
