// doctor.test.mjs - keyward doctor finds what is wrong, says what to do, and is quiet about what is right.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { startGateway } from "../lib/gateway.mjs";
import { KEY, program, run } from "../lib/installation.mjs";

const isRoot = process.getuid() === 0;
let gateway, service, conf;
before(async () => {
  gateway = await startGateway({ http: (g) => `log_format keyward '$keyward_request $status'; access_log ${g.folder}/access.log keyward;` });
  service = gateway.keyward.service;
  conf = path.join(gateway.folder, "nginx.conf");
});
after(() => gateway.stop());

/** Its findings, and how it ended. `nginx`: what `nginx -T` is to have printed. */
async function doctor({ nginx, args = [] } = {}) {
  const more = nginx === undefined ? [] : ["--nginx-conf", "-"];
  const { code, stdout, stderr } = await run(["doctor", "--config", service.file, "--json", ...more, ...args], { input: nginx ?? "" });
  assert.ok([0, 1].includes(code), stderr);
  const { status, checks } = JSON.parse(stdout);
  assert.equal(code, status === "fail" ? 1 : 0, stdout);
  for (const one of checks) assert.equal(one.remedy === "", one.status === "ok", JSON.stringify(one));
  assert.deepEqual(stdout.match(KEY), null);
  return { status, checks, find: (check, text) => checks.filter((one) => one.check === check && one.message.includes(text)) };
}

function assertFound(found, check, status, text) {
  const hits = found.find(check, text);
  assert.equal(hits.length, 1, JSON.stringify(found.checks, null, 1));
  assert.equal(hits[0].status, status);
  return hits[0];
}

/** As it would be on a machine where nginx is not root's. */
const text = async () => (await fs.readFile(conf, "utf8")).replace("user root;", "user www-data;");

test("nothing_is_wrong_with_what_the_tests_make", async () => {
  const found = await doctor({ nginx: await text() });
  assert.deepEqual(found.checks.filter(({ status }) => status === "fail"), []);
  for (const [check, says] of [["files", "files and folders"], ["serve", "answers"], ["serve", "its heart beat"], ["versions", "the keyring is of format"],
    ["versions", "the module is of this version"], ["disk", "state has"], ["shared", "is on tmpfs"], ["ports", "are listened on"], ["nginx", "2 protected blocks"]])
    assertFound(found, check, "ok", says);
});

test("it_asks_nginx_itself", async () => {
  const folder = path.join(gateway.folder, "bin"), copy = path.join(gateway.folder, "copy.conf");
  await fs.mkdir(folder);
  await fs.writeFile(path.join(folder, "nginx"), `#!/bin/sh\n[ "$1" = -T ] && echo noise >&2 && exec cat ${copy}\n`, { mode: 0o755 });
  await fs.writeFile(copy, await text());
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const { code, stdout } = await run(["doctor", "--config", service.file, "--nginx"], { env });
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^ok +nginx +2 protected blocks/m);
  assert.match(stdout, /^\d+ ok, \d+ to look at, 0 wrong$/m);
  await fs.writeFile(path.join(folder, "nginx"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  const failed = await run(["doctor", "--config", service.file, "--nginx"], { env });
  assert.equal(failed.code, 69);
  assert.match(failed.stderr, /does not succeed/);
  assert.equal((await run(["doctor", "--config", service.file, "--nginx"], { env: { PATH: "/nowhere" } })).code, 69);
});

test("a_log_that_would_hold_keys_is_found_and_the_remedy_is_right", async () => {
  const leaky = (await text()).replace("$keyward_request $status", "$request $status");
  assertFound(await doctor({ nginx: leaky }), "nginx", "fail", "$request in log_format keyward");
});

test("ways_around_the_check_are_found", async () => {
  const on = "keyward on;";
  for (const [line, status, says] of [["return 200;", "fail", "return"], ["error_page 401 =200 /x;", "fail", "error_page"],
    ["proxy_cache c;", "fail", "proxy_cache"], ["proxy_pass_request_headers off;", "fail", "identity"], ["set $k $http_x_api_key;", "fail", "set takes"]])
    assertFound(await doctor({ nginx: (await text()).replace(on, `${on} ${line}`) }), "nginx", status, says);
});

test("a_configuration_that_is_none_is_said_to_be_none", async () => {
  assertFound(await doctor({ nginx: "http {\n server {\n" }), "nginx", "fail", "cannot be read");
  const missing = await run(["doctor", "--config", service.file, "--nginx-conf", "/nowhere"]);
  assert.equal(missing.code, 66);
  assert.equal((await run(["doctor", "--config", service.file, "--nginx-conf", conf, "--nginx"])).code, 64);
});

test("a_port_that_nobody_listens_on_is_found", async () => {
  const other = (await text()).replace(`listen 127.0.0.1:${gateway.port}`, "listen 127.0.0.1:1");
  assertFound(await doctor({ nginx: other }), "ports", "warn", "port 1,");
});

test("another_module_is_found", async () => {
  const file = path.join(gateway.folder, "ngx_http_keyward_module.so");
  const module = /load_module (\S+);/.exec(await text())[1];
  const bytes = await fs.readFile(module);
  const at = bytes.indexOf("keyward engine's stamp\0");
  assert.ok(at > 0);
  const altered = Buffer.from(bytes);
  altered.writeUInt32LE(99, at + 40);
  await fs.writeFile(file, altered);
  const with_ = async () => doctor({ nginx: (await text()).replace(module, file) });
  assertFound(await with_(), "versions", "fail", "has formats 99 and");
  altered.writeUInt32LE(bytes.readUInt32LE(at + 40), at + 40);
  altered.write("9.9.9\0", at + 24);
  await fs.writeFile(file, altered);
  assertFound(await with_(), "versions", "warn", "the module is version 9.9.9");
  await fs.writeFile(file, "no module");
  assertFound(await with_(), "versions", "fail", "does not say which version");
  await fs.rm(file);
  assertFound(await with_(), "versions", "warn", "cannot be read");
});

test("others_under_the_user_of_nginx_are_found", { skip: !isRoot && "needs root" }, async () => {
  const child = spawn("sleep", ["60"], { uid: 33, gid: 33, stdio: "ignore" });
  try {
    const found = await doctor({ nginx: await text() });
    assert.match(assertFound(found, "nginx", "warn", "others run as www-data").message, /sleep/);
  } finally {
    child.kill();
    await once(child, "exit");
  }
  assertFound(await doctor({ nginx: await fs.readFile(conf, "utf8") }), "nginx", "fail", "workers run as root");
});

test("files_that_others_may_touch_are_found_and_the_remedy_is_right", async () => {
  for (const [name, mode] of [["keys/master.key", 0o640], ["keys", 0o755], ["keys/head", 0o602], ["state", 0o711], ["state/keyward.db", 0o644],
    ["audit.pub", 0o666], ["run/keyring", 0o644], ["run", 0o777], ["run/admin.sock", 0o666]]) {
    const file = path.join(service.dir, name), was = (await fs.stat(file)).mode & 0o7777;
    await fs.chmod(file, mode);
    const { remedy } = assertFound(await doctor(), "files", "fail", `${file} has mode ${mode.toString(8).padStart(4, "0")}`);
    assert.equal(spawnSync("sh", ["-c", remedy]).status, 0, remedy);
    assert.equal((await doctor()).find("files", `${file} has mode`).length, 0);
    await fs.chmod(file, was);
  }
});

test("a_file_of_somebody_else_is_found", { skip: !isRoot && "needs root" }, async () => {
  const file = path.join(service.dir, "keys/head");
  await fs.chown(file, 65534, 65534);
  assertFound(await doctor(), "files", "fail", `${file} belongs to user 65534`);
  await fs.chown(file, 0, 0);
});

test("a_missing_file_is_found", async () => {
  const file = path.join(service.dir, "audit.pub");
  await fs.rename(file, `${file}.away`);
  assertFound(await doctor(), "files", "fail", `${file} is not there`);
  await fs.rename(`${file}.away`, file);
});

test("a_serve_that_hangs_or_is_away_is_found", async () => {
  await service.end();
  const found = await doctor();
  assertFound(found, "serve", "fail", "does not answer");
  await fs.rename(path.join(service.dir, "run/keyring"), path.join(service.dir, "run/away"));
  assertFound(await doctor(), "serve", "fail", "there is no keyring");
  await fs.writeFile(path.join(service.dir, "run/keyring"), "short");
  assertFound(await doctor(), "serve", "fail", "is cut short");
  const keyring = await fs.readFile(path.join(service.dir, "run/away"));
  keyring.writeUInt32LE(99, 16);
  await fs.writeFile(path.join(service.dir, "run/keyring"), keyring);
  assertFound(await doctor(), "versions", "fail", "is of format 99");
  await fs.rm(path.join(service.dir, "run/away"));
  await service.serve();
  assert.equal((await doctor()).status === "fail", false);
});

test("a_configuration_that_cannot_be_read_ends_with_its_own_status", async () => {
  assert.equal(spawnSync(program, ["doctor", "--config", "/nowhere.yaml"]).status, 66);
});
