// processes.test.mjs - nginx's processes: who opens the state, and what a reload or a worker's death does to decisions.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { until } from "../lib/check.mjs";
import { startGateway } from "../lib/gateway.mjs";

let gateway;
before(async () => {
  gateway = await startGateway({ http: (g) => `proxy_cache_path ${g.folder}/cache keys_zone=zone:1m;` });
});
after(() => gateway.stop());

/** The text of a file below /proc; empty when its process has just ended. */
const textOf = (file) => fs.readFile(file, "utf8").catch(() => "");

/** nginx's children: [pid, what they call themselves]. One that has just begun still bears its master's name. */
async function children() {
  const { pid } = gateway.nginx.child;
  const pids = (await textOf(`/proc/${pid}/task/${pid}/children`)).split(" ").filter(Boolean);
  return Promise.all(pids.map(async (child) => [Number(child), await textOf(`/proc/${child}/cmdline`)]));
}

async function isVerifier(pid) {
  const links = await Promise.all((await fs.readdir(`/proc/${pid}/fd`)).map((fd) => fs.readlink(`/proc/${pid}/fd/${fd}`).catch(() => "")));
  const maps = await textOf(`/proc/${pid}/maps`);
  return links.some((link) => link.startsWith(path.join(gateway.run, "rings"))) || maps.includes(`${gateway.run}/`);
}

const worker = async () => (await children()).find(([, name]) => name.includes("worker process") && !name.includes("shutting down"))?.[0];
const ask = () => gateway.ask("GET /pay/x", { key: gateway.keys.full });

test("only_workers_open_the_state", async () => {
  const roles = await until(async () => {
    const all = await children();
    return ["worker", "cache manager", "cache loader"].every((role) => all.some(([, name]) => name.includes(`${role} process`))) && all;
  });
  assert.equal(await isVerifier(gateway.nginx.child.pid), false, "the master must not");
  for (const [pid, name] of roles) assert.equal(await isVerifier(pid), name.includes("worker process"), name);
});

test("a_reload_answers_nobody_wrongly", async () => {
  const old = await worker();
  await gateway.nginx.reload(gateway.http);
  for (let i = 0; (await worker()) === old || i < 30; i++) {
    const answer = await ask();
    assert.ok(answer === undefined || answer.status === 200, `${answer?.status} ${answer?.text}`);
  }
  assert.equal((await ask()).status, 200);
});

test("X2_a_killed_worker_is_followed_by_one_that_decides", async () => {
  const old = await worker();
  process.kill(old, "SIGKILL");
  await until(async () => {
    const now = await worker();
    return now !== undefined && now !== old;
  });
  const { answer, events } = await gateway.watch(() => until(async () => {
    const got = await ask();
    return got?.status === 200 && got;
  }));
  assert.equal(answer.status, 200);
  assert.equal(events.at(-1).reason, "allowed");
});
