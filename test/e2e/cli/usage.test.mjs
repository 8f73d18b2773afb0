// usage.test.mjs - the command line itself: help, mistakes, exit statuses, and that the manual knows all of it.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { run } from "../lib/installation.mjs";

const repository = path.resolve(path.dirname(new URL(import.meta.url).pathname), "../../..");

/** Every command, with its operands, as `keyward help` lists them. */
async function commands() {
  const { stdout } = await run(["help"]);
  return stdout.split("\n").flatMap((line) => /^ {2}([a-z][a-z ]*?)((?: [A-Z]+)*) {2,}\S/.exec(line)?.slice(1, 2) ?? []);
}

test("help lists the commands, and each of them helps", async () => {
  const all = await commands();
  assert.ok(all.length >= 17, all.join());
  for (const command of all) {
    const { code, stdout, stderr } = await run([...command.split(" "), "--help"]);
    assert.equal(code, 0);
    assert.equal(stderr, "");
    assert.ok(stdout.startsWith(`keyward ${command} - `), stdout);
    assert.match(stdout, /--help/);
    assert.equal((await run(["help", ...command.split(" ")])).stdout, stdout);
  }
});

test("the manual and docs/cli.md tell of every command, option and exit status", async () => {
  const texts = await Promise.all(["man/keyward.1", "docs/cli.md"].map((name) => fs.readFile(path.join(repository, name), "utf8")));
  const plain = texts.map((text) => text.replaceAll("Fl -", "--"));
  for (const command of await commands()) {
    const options = (await run([...command.split(" "), "--help"])).stdout.match(/--[a-z-]+/g);
    for (const text of plain) {
      assert.ok(text.includes(command), `${command} is not told of`);
      for (const option of options) assert.ok(text.includes(option), `${option} of ${command} is not told of`);
    }
  }
  const statuses = (await run(["help"])).stdout.match(/^ {2,3}\d+(?= {2})/gm).map(Number);
  assert.deepEqual(statuses, [0, 1, 64, 65, 66, 69, 73, 74, 75, 77, 78]);
  for (const text of plain) for (const status of statuses) assert.match(text, new RegExp(`\\b${status}\\b`));
});

const mistakes = [
  [[], /Usage: keyward COMMAND/],
  [["keys"], /keys create/],
  [["keys", "crate"], /did you mean `keyward keys create`\?/],
  [["--socket", "x", "alerts", "list"], /--socket stands before the command: options stand behind it/],
  [["sevre"], /did you mean `keyward serve`\?/],
  [["frobnicate"], /no command frobnicate/],
  [["serve", "--confg", "x"], /did you mean --config\?/],
  [["serve", "extra"], /one argument too many/],
  [["keys", "show"], /an argument is missing/],
  [["keys", "create", "--name"], /--name needs a value/],
  [["keys", "create", "--name", "x"], /--environment are needed/],
  [["keys", "list", "--state", "a", "--state", "b"], /may be given once/],
  [["version", "-j"], /no option -j/],
];
for (const [args, says] of mistakes)
  test(`keyward ${args.join(" ")} ends with 64 and says why`, async () => {
    const { code, stdout, stderr } = await run(args);
    assert.equal(code, 64);
    assert.equal(stdout, "");
    assert.match(stderr, says);
  });

test("version", async () => {
  assert.match((await run(["version"])).stdout, /^keyward \d+\.\d+\.\d+\n$/);
  assert.match((await run(["--version"])).stdout, /^keyward \d/);
  assert.match((await run(["version", "--json"])).json.version, /^\d/);
});

test("an answer that cannot be written is an error", { skip: process.platform !== "linux" }, async () => {
  const { spawnSync } = await import("node:child_process");
  const { program } = await import("../lib/installation.mjs");
  const full = await fs.open("/dev/full", "w");
  const { status } = spawnSync(program, ["version", "--json"], { stdio: ["ignore", full.fd, "ignore"] });
  await full.close();
  assert.equal(status, 74);
});
