// embed - web/dist as the program carries it: all bytes in one file, which the assembler takes as they are, and a table of
// what is where.
//
//     tools/node tools/dashboard/embed.mjs DIST FOLDER DEPFILE
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { readDashboard } from "./files.mjs";

const [dist, folder, depfile] = process.argv.slice(2);
const pieces = [];
let end = 0;

/** Where bytes begin in the one file, and how many they are. */
function put(bytes) {
  const at = { offset: end, length: bytes.length };
  pieces.push(bytes);
  end += bytes.length;
  return at;
}

function range(bytes) {
  if (bytes === undefined) return "{NULL, 0}";
  const { offset, length } = put(bytes);
  return `BYTES(${offset}, ${length})`;
}

/* Read-only, and with the mark that its code (there is none) may run under CET, without which the whole program would not.
 * The sum makes it another file when the bytes are others, for ninja cannot see what the assembler takes in. */
const assembly = (bytes) => `/* The bytes of the dashboard, ${createHash("sha256").update(bytes).digest("hex")}; see src/api/dashboard_files.c. */
#ifdef __CET__
#include <cet.h>
#endif
    .section .rodata
    .global dashboard_bytes
    .hidden dashboard_bytes
    .type dashboard_bytes, %object
    .balign 64
dashboard_bytes:
    .incbin "${path.join(folder, "dashboard.bin")}"
    .size dashboard_bytes, . - dashboard_bytes
    .section .note.GNU-stack, "", %progbits
`;

/** What stays as it was keeps its time, and ninja builds nothing that depends on it. */
function write(name, content) {
  const file = path.join(folder, name), bytes = Buffer.from(content);
  if (!fs.existsSync(file) || !fs.readFileSync(file).equals(bytes)) fs.writeFileSync(file, bytes);
}

function main() {
  const { page, files } = readDashboard(dist);
  const rows = files.map(({ name, type, plain, gzip, br }) => `    {"/${name}", "${type}", ${range(plain)}, ${range(gzip)}, ${range(br)}},\n`);
  const at = put(page);
  write("dashboard.inc", `${rows.join("")}\n#define DASHBOARD_PAGE_OFFSET ${at.offset}\n#define DASHBOARD_PAGE_LENGTH ${at.length}\n`);
  const bytes = Buffer.concat(pieces);
  write("dashboard.bin", bytes);
  write("dashboard.S", assembly(bytes));
  const made = ["index.html", ...files.map(({ name }) => name)].map((name) => path.resolve(dist, name).replaceAll(" ", "\\ "));
  fs.writeFileSync(depfile, `${path.join(folder, "dashboard.S")}: ${made.join(" ")}\n`);
}

try {
  main();
} catch (error) {
  console.error(`dashboard: ${error.message}`);
  process.exitCode = 1;
}
