// files.mjs - which files the dashboard consists of: web/dist, as vite has built it, held against what may be there.
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

/* What is served under these names is served for good: vite puts a hash of the bytes into them. */
const ASSET = /^assets\/[0-9A-Za-z_.-]+-[0-9A-Za-z_-]{8}\.[a-z0-9]+$/;
const TYPES = {
  css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8", svg: "image/svg+xml; charset=utf-8",
  png: "image/png", woff2: "font/woff2",
};
const COMPRESSED = ["png", "woff2"]; /* already, by themselves */

function list(folder, below = "") {
  return fs.readdirSync(path.join(folder, below), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
    const name = path.posix.join(below, entry.name);
    if (entry.isDirectory()) return list(folder, name);
    return entry.name.startsWith(".") ? [] : [name];
  });
}

function refuseStranger(folder, name) {
  if (name !== "favicon.svg" && !ASSET.test(name))
    throw new Error(`${path.join(folder, name)}: no address leads there; what is served is favicon.svg and assets/<name>-<hash>.<type>`);
  if (!(path.extname(name).slice(1) in TYPES))
    throw new Error(`${path.join(folder, name)}: of this type nothing is served; tools/dashboard/files.mjs has the list`);
}

const shorter = (packed, than) => (packed.length < than.length ? packed : undefined);

function read(folder, name) {
  const plain = fs.readFileSync(path.join(folder, name)), ending = path.extname(name).slice(1);
  if (COMPRESSED.includes(ending)) return { name, type: TYPES[ending], plain };
  const gzip = shorter(zlib.gzipSync(plain, { level: 9 }), plain);
  return { name, type: TYPES[ending], plain, gzip, br: shorter(zlib.brotliCompressSync(plain), gzip ?? plain) }; // of quality 11, the best
}

/** {page, files}: the page's bytes, and of every other file {name, type, plain, gzip, br}; gzip is undefined where it is
 *  no shorter than plain, and br where it is no shorter than both. Throws when something is there that has no address, or the page is not. */
export function readDashboard(folder) {
  if (!fs.existsSync(path.join(folder, "index.html")))
    throw new Error(`${folder} holds no dashboard: run \`make web\` (tools/web), or \`make\`, which does`);
  const names = list(folder).filter((name) => name !== "index.html");
  names.forEach((name) => refuseStranger(folder, name));
  return { page: fs.readFileSync(path.join(folder, "index.html")), files: names.map((name) => read(folder, name)) };
}
