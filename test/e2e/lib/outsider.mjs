// outsider.mjs - Keyward as somebody else finds it: installed in a folder, to be met by pkg-config and a compiler alone.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { build } from "./nginx.mjs";

export const examples = new URL("../../../examples/c/", import.meta.url).pathname;

/** Runs a command to its end, which has to be good; what it said on standard output. */
export function must(command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", ...options });
  assert.equal(status, 0, `${command} ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** Everything that `make install` installs, below a folder of its own. */
export async function installTree() {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "keyward-installed-"));
  must("meson", ["install", "-C", build, "--no-rebuild", "--quiet"], { env: { ...process.env, DESTDIR: folder } });
  const files = (await fs.readdir(folder, { recursive: true })).sort();
  const found = (end) => path.join(folder, files.find((file) => file.endsWith(end)) ?? assert.fail(`no ${end}`));
  const pc = found("pkgconfig/keyward.pc");
  const prefix = path.dirname(path.dirname(found("include/keyward/keyward.h")));
  return { folder, files, prefix: path.dirname(prefix), lib: path.dirname(path.dirname(pc)), pc, ...methods(folder, pc, path.dirname(prefix)) };
}

function methods(folder, pc, prefix) {
  const flags = (packages, ...options) => {
    const env = { ...process.env, PKG_CONFIG_PATH: path.dirname(pc) };
    return must("pkg-config", [`--define-variable=prefix=${prefix}`, ...options, "--cflags", "--libs", ...packages], { env }).trim().split(/\s+/);
  };
  return {
    flags,
    /** Compiles a C file as its head says, with every warning an error; the path of the program. */
    compile(source, packages = ["keyward"]) {
      const program = path.join(folder, path.basename(source, ".c"));
      const here = `-Wl,-rpath,${path.dirname(path.dirname(pc))}`;
      must("cc", ["-Wall", "-Wextra", "-Werror", "-O1", source, ...flags(packages), "-pthread", here, "-o", program]);
      return program;
    },
    stop: () => fs.rm(folder, { recursive: true }),
  };
}

/** A program that runs until it is told to end; its lines of standard output come one by one. */
export function start(program, args) {
  const child = spawn(program, args, { stdio: "pipe" });
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const it = { child, said: "" };
  child.stderr.on("data", (data) => (it.said += data));
  it.line = async () => (await lines.next()).value;
  it.ask = (line) => (child.stdin.write(`${line}\n`), it.line());
  it.end = async (signal = "SIGTERM") => {
    if (child.exitCode === null && child.signalCode === null) {
      if (signal === null) child.stdin.end();
      else child.kill(signal);
      await once(child, "exit");
    }
    return child.exitCode;
  };
  return it;
}
