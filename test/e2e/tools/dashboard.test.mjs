// dashboard.test.mjs - what carries the dashboard takes what vite builds, and nothing that no address leads to.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import test from "node:test";
import zlib from "node:zlib";

const tools = new URL("../../../tools/dashboard/", import.meta.url).pathname;
const PAGE = '<!doctype html><meta name="style-nonce" content="{nonce}">';
const SCRIPT = "console.log(1);\n".repeat(100);
const RIGHT = { "index.html": PAGE, "favicon.svg": "<svg/>", "assets/index-1a2b3c4d.js": SCRIPT, "assets/sans-latin-B-_xyz12.woff2": "font", ".made-of": "x" };

function folderOf(t, files) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "keyward-dashboard-"));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, "dist", name)), { recursive: true });
    fs.writeFileSync(path.join(folder, "dist", name), text);
  }
  return folder;
}

function embed(folder) {
  const { status, stderr } = spawnSync(process.execPath, [path.join(tools, "embed.mjs"), "dist", ".", "dashboard.d"], { cwd: folder, encoding: "utf8" });
  return { status, stderr, read: (name) => fs.readFileSync(path.join(folder, name)) };
}

/** The rows of the table: {path: {type, plain, gzip, br}}, the bytes as they lie there. */
function rowsOf({ read }) {
  const bytes = read("dashboard.bin"), piece = (offset, n) => bytes.subarray(Number(offset), Number(offset) + Number(n));
  const perhaps = String.raw`(?:BYTES\((\d+), (\d+)\)|\{NULL, 0\})`;
  const row = new RegExp(String.raw`\{"([^"]+)", "([^"]+)", BYTES\((\d+), (\d+)\), ${perhaps}, ${perhaps}\}`, "g");
  return Object.fromEntries([...String(read("dashboard.inc")).matchAll(row)].map(([, name, type, at, n, gzipAt, gzipN, brAt, brN]) =>
    [name, { type, plain: piece(at, n), gzip: gzipAt && piece(gzipAt, gzipN), br: brAt && piece(brAt, brN) }]));
}

test("every file has a row, with its bytes and its type, compressed where that is shorter", (t) => {
  const made = embed(folderOf(t, RIGHT));
  assert.deepEqual([made.status, made.stderr], [0, ""]);
  const rows = rowsOf(made);
  assert.deepEqual(Object.keys(rows).sort(), ["/assets/index-1a2b3c4d.js", "/assets/sans-latin-B-_xyz12.woff2", "/favicon.svg"]);
  const script = rows["/assets/index-1a2b3c4d.js"];
  assert.equal(String(script.plain), SCRIPT);
  assert.equal(String(zlib.gunzipSync(script.gzip)), SCRIPT);
  assert.equal(String(zlib.brotliDecompressSync(script.br)), SCRIPT);
  assert.ok(script.br.length < script.gzip.length);
  for (const name of ["/favicon.svg", "/assets/sans-latin-B-_xyz12.woff2"]) assert.deepEqual([rows[name].gzip, rows[name].br], [undefined, undefined]);
  assert.equal(rows["/assets/sans-latin-B-_xyz12.woff2"].type, "font/woff2");
});

test("the page is there with the place of its nonce, and under no address of a file", (t) => {
  const made = embed(folderOf(t, RIGHT));
  const [, at, n] = /#define DASHBOARD_PAGE_OFFSET (\d+)\n#define DASHBOARD_PAGE_LENGTH (\d+)\n/.exec(made.read("dashboard.inc"));
  assert.equal(String(made.read("dashboard.bin").subarray(Number(at), Number(at) + Number(n))), PAGE);
  assert.ok(!("/index.html" in rowsOf(made)));
});

test("the same again leaves everything as it was, and another byte makes another text for the assembler", (t) => {
  const folder = folderOf(t, RIGHT), file = path.join(folder, "dashboard.S");
  embed(folder);
  const before = fs.readFileSync(file, "utf8");
  fs.utimesSync(file, 1, 1);
  embed(folder);
  assert.equal(fs.statSync(file).mtimeMs, 1000);
  fs.writeFileSync(path.join(folder, "dist/favicon.svg"), "<svg />");
  embed(folder);
  assert.notEqual(fs.readFileSync(file, "utf8"), before);
});

test("what it was made of stands in the list for ninja", (t) => {
  const folder = folderOf(t, RIGHT);
  const list = String(embed(folder).read("dashboard.d"));
  for (const name of Object.keys(RIGHT).filter((each) => each !== ".made-of")) assert.ok(list.includes(path.join(folder, "dist", name)), name);
});

test("without a dashboard one line says what to run", (t) => {
  const { status, stderr } = embed(folderOf(t, {}));
  assert.equal(status, 1);
  assert.match(stderr, /^dashboard: dist holds no dashboard: run `make web` .*\n$/);
});

for (const [why, name] of Object.entries({
  "a page besides the page": "other.html", "a file beside the assets": "robots.txt", "an asset without a hash": "assets/index.js",
  "an asset in a folder": "assets/a/index-1a2b3c4d.js", "a type that nothing is served of": "assets/index-1a2b3c4d.map", "a quote in a name": 'assets/a"-1a2b3c4d.js',
}))
  test(`refused: ${why}`, (t) => {
    const { status, stderr } = embed(folderOf(t, { ...RIGHT, [name]: "x" }));
    assert.equal(status, 1);
    assert.ok(stderr.includes(`${name}: `) && stderr.split("\n").length === 2, stderr);
  });

test("what is too large is told with its largest files, and what is not, only when asked", (t) => {
  const size = (folder, ...more) => spawnSync(process.execPath, [path.join(tools, "size.mjs"), ...more, "dist"], { cwd: folder, encoding: "utf8" });
  const small = folderOf(t, RIGHT);
  assert.match(size(small).stdout, /^dashboard: 4 files, 0\.\d kB compressed, of 350\.0 at most\n$/);
  assert.deepEqual([size(small, "--quiet").stdout, size(small, "--quiet").status], ["", 0]);
  const { status, stdout } = size(folderOf(t, { ...RIGHT, "assets/big-1a2b3c4d.woff2": Buffer.alloc(350_000) }), "--quiet");
  assert.equal(status, 1);
  assert.match(stdout, / 350\.0 kB {2}assets\/big-1a2b3c4d\.woff2/);
});
