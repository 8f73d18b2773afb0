// size - how many bytes a browser loads for all of the dashboard: the page and every file of it, each as it is sent to a
// browser (with brotli; fonts and images as they are). At most 350 kB, of 1000 bytes each.
//
//     tools/node tools/dashboard/size.mjs DIST             says it; exit status 1 when it is too much
//     tools/node tools/dashboard/size.mjs --quiet DIST     says it only then
import zlib from "node:zlib";
import { readDashboard } from "./files.mjs";

const MAX = 350_000;
const quiet = process.argv[2] === "--quiet";

function main(folder) {
  const { page, files } = readDashboard(folder);
  const sizes = [{ name: "index.html", n: zlib.gzipSync(page, { level: 9 }).length }, ...files.map(({ name, plain, gzip, br }) => ({ name, n: (br ?? gzip ?? plain).length }))];
  const sum = sizes.reduce((n, each) => n + each.n, 0), kb = (n) => (n / 1000).toFixed(1);
  if (!quiet || sum > MAX) console.log(`dashboard: ${sizes.length} files, ${kb(sum)} kB compressed, of ${kb(MAX)} at most`);
  if (sum <= MAX) return 0;
  for (const { name, n } of sizes.sort((a, b) => b.n - a.n).slice(0, 10)) console.log(`  ${kb(n).padStart(6)} kB  ${name}`);
  return 1;
}

try {
  process.exitCode = main(process.argv.at(-1));
} catch (error) {
  console.error(`dashboard: ${error.message}`);
  process.exitCode = 1;
}
