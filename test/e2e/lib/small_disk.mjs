// small_disk.mjs - a small disk of its own for the state folder of an installation, which a test can fill.
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import path from "node:path";

/** Why there can be none here; false: there can. */
export const noDisk = process.getuid() !== 0 && "a disk of its own needs root";

const BLOCK = Buffer.alloc(4096, 0x66);

async function writeUntilFull(file) {
  const handle = await fs.open(file, "a");
  try {
    for (let size = 256; size >= 1; size /= 4) await writeBlocks(handle, Buffer.alloc(size * BLOCK.length, BLOCK));
  } finally {
    await handle.close();
  }
}

async function writeBlocks(handle, bytes) {
  for (;;) {
    try {
      const { bytesWritten } = await handle.write(bytes);
      if (bytesWritten < bytes.length) return;
    } catch (error) {
      if (error.code !== "ENOSPC") throw error;
      return;
    }
  }
}

/** Puts the state folder of an installation that is not serving on a tmpfs of so many MiB, in a mount namespace in which it
 *  serves from then on. fill() leaves not one block; free() gives back what fill() took; stop() after the last serve. */
export async function smallDisk(installation, mib) {
  const state = path.join(installation.dir, "state");
  const script = `set -e; cp -a "$1" "$1.whole"; mount -t tmpfs -o size=${mib}m,mode=0700 none "$1"; cp -a "$1.whole/." "$1"
    rm -r "$1.whole"; echo ready; exec sleep 600`;
  const holder = spawn("unshare", ["-m", "sh", "-c", script, "sh", state], { stdio: ["ignore", "pipe", "inherit"] });
  await Promise.race([once(holder.stdout, "data"), once(holder, "exit").then(() => { throw new Error("no tmpfs"); })]);
  installation.through = ["nsenter", "-t", String(holder.pid), "-m", "--"];
  const inside = path.join(`/proc/${holder.pid}/root`, state);
  return {
    inside,
    fill: () => writeUntilFull(path.join(inside, "filler")),
    free: () => fs.rm(path.join(inside, "filler")),
    async stop() {
      holder.kill("SIGKILL");
      await once(holder, "exit");
    },
  };
}
