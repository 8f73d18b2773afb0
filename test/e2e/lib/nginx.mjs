// nginx.mjs - the real nginx with our module, in a folder of its own, on free loopback ports.
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import net from "node:net";
import path from "node:path";

const repository = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../../..");
export const build = process.env.KEYWARD_BUILD ?? path.join(repository, "build");
const module = path.join(build, "ngx_http_keyward_module.so");

/** A port that nobody listens on, below those that the kernel gives to outgoing connections meanwhile. */
export async function freePort(host = "127.0.0.1") {
  for (;;) {
    const port = 20000 + Math.floor(Math.random() * 12000);
    const server = net.createServer();
    const isFree = await new Promise((resolve) => {
      server.once("error", () => resolve(false)).listen(port, host, () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}

/** The whole configuration around an http block's contents. */
function configuration(folder, http, { workers = 1, main = "", user = "root", plain = false } = {}) {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `${plain ? "" : `load_module ${module};`}
daemon off;
${process.getuid() === 0 ? `user ${user};` : ""}
pid ${folder}/nginx.pid;
error_log ${folder}/error.log info;
worker_processes ${workers};
${main}
events { worker_connections 256; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n  ")}
  ${http}
}
`;
}

async function write(folder, http, options) {
  const file = path.join(folder, "nginx.conf");
  await fs.writeFile(file, configuration(folder, http, options));
  return file;
}

async function run(args) {
  const child = spawn("nginx", args, { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (data) => (stderr += data));
  const [code] = await once(child, "close");
  return { code, stderr };
}

/** nginx -t: {code, stderr}. */
export async function testConfiguration(folder, http, options) {
  const file = await write(folder, http, options);
  return run(["-t", "-e", `${folder}/test.log`, "-c", file]);
}

async function answers(port) {
  const socket = net.connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function untilUp(child, ports, stderr) {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`nginx ended: ${stderr()}`);
    const up = await Promise.all(ports.map(answers));
    if (up.every(Boolean)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("nginx does not listen");
}

/** Starts nginx; `http` is the http block's contents, `ports` those that must answer. Ends with stop(). Options: `workers`;
 *  `user` of the workers; `plain`, true: without our module; `main`, more of the configuration; `inside`, what its command begins with (see network.mjs). */
export async function startNginx(folder, http, ports, options) {
  const file = await write(folder, http, options);
  const command = [...(options?.inside ?? []), "nginx", "-e", `${folder}/error.log`, "-c", file];
  const child = spawn(command[0], command.slice(1), { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (data) => (stderr += data));
  await untilUp(child, ports, () => stderr);
  return {
    child,
    errorLog: () => fs.readFile(`${folder}/error.log`, "utf8"),
    /** Reads the configuration again; the caller waits for what he expects of it. */
    async reload(next) {
      await write(folder, next, options);
      child.kill("SIGHUP");
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

/** The process ids of the workers that take new connections. */
export async function workersOf(nginx) {
  const { pid } = nginx.child;
  const textOf = (file) => fs.readFile(file, "utf8").catch(() => "");
  const pids = (await textOf(`/proc/${pid}/task/${pid}/children`)).split(" ").filter(Boolean);
  const names = await Promise.all(pids.map((child) => textOf(`/proc/${child}/cmdline`)));
  return pids.filter((_, i) => names[i].includes("worker process") && !names[i].includes("shutting down")).map(Number);
}
