// upgrade.test.mjs - serve and module are exchanged while clients ask: every answer is right, every attempt is recorded once.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { until } from "../lib/check.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { countBy, Load, LOAD_LOCATIONS } from "../lib/load.mjs";
import { freePort, workersOf } from "../lib/nginx.mjs";
import { assertAllRecorded, assertChainHolds } from "../lib/on_record.mjs";

const ROUNDS = 4;
let gateway, service, right, revoked;
before(async () => {
  gateway = await startGateway({ sandbox: LOAD_LOCATIONS, nginx: { workers: 2 } });
  service = gateway.keyward.service;
  const more = ["--rate", "none"];
  right = await gateway.keyward.createKey({ name: "right", permission: "transactions", more });
  revoked = await gateway.keyward.createKey({ name: "revoked", permission: "transactions", more });
  await service.ok("keys", "revoke", revoked.id, "--yes");
});
after(() => gateway.stop());

/** Four connections, two of a right key and two of a revoked one, until stop(). */
async function ask(t, port) {
  const loads = [];
  for (const { key } of [right, revoked]) loads.push(await new Load(port, { key, pauseMs: 1 }).start(2));
  const stop = () => Promise.all(loads.map((load) => load.stop()));
  t.after(stop);
  return { loads, more: (n) => Promise.all(loads.map((load) => load.more(n))), stop };
}

const outcomes = (load) => countBy(load.answers.filter(({ status }) => status !== 0), ({ status, code }) => `${status} ${code ?? ""}`.trim());

/** A connection that nginx closes while it is idle may have a request on its way, which nobody answers and nobody decides. */
async function assertRightAndRecorded({ loads }, recordedBefore) {
  const [good, bad] = loads.map(outcomes);
  assert.deepEqual(Object.keys(good), ["200"], JSON.stringify(good));
  assert.deepEqual(Object.keys(bad), ["401 key_revoked"], JSON.stringify(bad));
  const all = loads.flatMap(({ answers }) => answers);
  const broken = all.filter(({ status }) => status === 0).length;
  assert.ok(broken < all.length / 20, `${broken} of ${all.length} were not answered`);
  const events = (await assertAllRecorded(gateway.keyward, all)).slice(recordedBefore);
  const n = (reason) => events.filter((event) => event.reason === reason).reduce((sum, { count }) => sum + count, 0);
  const answered = (load) => load.answers.filter(({ status }) => status !== 0).length;
  for (const [reason, load] of [["allowed", loads[0]], ["key_revoked", loads[1]]]) {
    assert.ok(n(reason) >= answered(load), reason);
    assert.ok(n(reason) <= load.answers.length, `${n(reason)} ${reason} on the record, ${load.answers.length} asked`);
  }
  await assertChainHolds(service);
  return { answers: all.length, broken };
}

const recorded = async () => (await gateway.keyward.events()).length;

async function reload() {
  const old = await workersOf(gateway.nginx);
  await gateway.nginx.reload(gateway.http);
  await until(async () => {
    const now = await workersOf(gateway.nginx);
    return now.length === 2 && now.every((pid) => !old.includes(pid));
  });
}

async function restartServe() {
  assert.equal(await service.end(), 0);
  await new Promise((resolve) => setTimeout(resolve, 100)); /* as long as an upgrade leaves it away */
  await service.serve();
}

test("promise_3_serve_is_restarted_and_nginx_reloaded_under_load", async (t) => {
  const was = await recorded(), asking = await ask(t, gateway.port);
  for (let round = 0; round < ROUNDS; round++) {
    await asking.more(30);
    await restartServe();
    await asking.more(30);
    await reload();
  }
  await asking.more(30);
  await asking.stop();
  t.diagnostic(JSON.stringify(await assertRightAndRecorded(asking, was)));
});

test("promise_3_nginx_is_reloaded_while_serve_is_away", async (t) => {
  const was = await recorded(), asking = await ask(t, gateway.port);
  await asking.more(30);
  assert.equal(await service.end(), 0);
  await reload();
  await asking.more(30);
  await service.serve();
  await asking.more(30);
  await asking.stop();
  await assertRightAndRecorded(asking, was);
});

/** An nginx that is nobody's child, as a package starts it: that alone lets itself be exchanged in place. */
async function startDaemon(t) {
  const folder = path.join(gateway.folder, "daemon"), module = path.join(folder, "ngx_http_keyward_module.so"), port = await freePort();
  await fs.mkdir(folder);
  const text = await fs.readFile(path.join(gateway.folder, "nginx.conf"), "utf8");
  const from = /load_module (\S+);/.exec(text)[1];
  await fs.copyFile(from, module);
  const mine = text.replace("daemon off;", "").replaceAll(`${gateway.folder}/`, `${folder}/`).replace(from, module)
    .replace(`127.0.0.1:${gateway.port}`, `127.0.0.1:${port}`).replace(`127.0.0.1:${gateway.livePort}`, `127.0.0.1:${await freePort()}`);
  await fs.writeFile(path.join(folder, "nginx.conf"), mine);
  const program = spawnSync("sh", ["-c", "command -v nginx"], { encoding: "utf8" }).stdout.trim(); /* it starts itself anew by its own path */
  const { status, stderr } = spawnSync(program, ["-e", `${folder}/error.log`, "-c", `${folder}/nginx.conf`], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const pid = async (name = "nginx.pid") => Number(await fs.readFile(path.join(folder, name), "utf8").catch(() => "0"));
  t.after(async () => {
    for (const name of ["nginx.pid.oldbin", "nginx.pid"]) if ((await pid(name)) > 0) process.kill(await pid(name), "SIGTERM");
    await until(async () => (await pid()) === 0);
  });
  return { port, module, pid };
}

const mapsOld = async (pid) => (await fs.readFile(`/proc/${pid}/maps`, "utf8")).includes("ngx_http_keyward_module.so (deleted)");
const children = (pid) => workersOf({ child: { pid } });

/** Another module in the place of the one there is, as a package installs it. */
async function installModule(module) {
  await fs.copyFile(module, `${module}.new`);
  await fs.rename(`${module}.new`, module);
}

test("promise_3_the_module_is_exchanged_in_place_under_load", async (t) => {
  const daemon = await startDaemon(t), was = await recorded();
  const asking = await ask(t, daemon.port), old = await daemon.pid();
  await asking.more(30);
  await installModule(daemon.module);
  process.kill(old, "SIGHUP");
  await asking.more(60);
  assert.ok(await mapsOld(old), "a reload keeps the module that is loaded");
  const found = await service.run("doctor", "--config", service.file, "--nginx-conf", path.join(gateway.folder, "nginx.conf"), "--json");
  assert.ok(JSON.parse(found.stdout).checks.some(({ message }) => message.includes("still runs the module")), found.stdout);
  process.kill(old, "SIGUSR2");
  await until(async () => (await daemon.pid("nginx.pid.oldbin")) === old && (await daemon.pid()) !== old && (await daemon.pid()) > 0);
  const fresh = await daemon.pid();
  await until(async () => (await children(fresh)).length === 2);
  process.kill(old, "SIGQUIT");
  await asking.more(60);
  await until(async () => !(await fs.access(`/proc/${old}`).then(() => true, () => false)));
  await restartServe();
  await asking.more(30);
  await asking.stop();
  for (const pid of [fresh, ...(await children(fresh))]) assert.equal(await mapsOld(pid), false, "the new module is the one that decides");
  t.diagnostic(JSON.stringify(await assertRightAndRecorded(asking, was)));
});
