// browser.mjs - Debian's Chromium, driven by Playwright, for one test file: it finds the names that it is told of, trusts their
// certificates, and reaches nothing else.
import { createHash, X509Certificate } from "node:crypto";
import fs from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

const installed = createRequire(new URL("../../../build/npm/package.json", import.meta.url));
const CHROMIUM = "/usr/bin/chromium";

/* Nobody but our own pages is looked at, and root has no sandbox; the rest keeps Chromium from calling home. */
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

function packageOf(name) {
  try {
    return installed(name);
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    throw new Error(`${name} is missing: run tools/bootstrap npm`, { cause: error });
  }
}

/** What Chromium calls a certificate that it shall trust, whoever signed it: the digest of its public key. */
function pinOf(pem) {
  const key = new X509Certificate(pem).publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(key).digest("base64");
}

/** `folder` takes all that the browser writes; `ca` is {name: PEM}: each name is this machine, any other is not found. */
export async function startBrowser({ folder, ca, more = [] }) {
  const home = path.join(folder, "browser");
  await fs.mkdir(home);
  process.env.TMPDIR = home; /* Playwright makes the profile there, empty */
  const names = [...Object.keys(ca), ...more];
  const rules = [...names.map((name) => `MAP ${name} 127.0.0.1`), "MAP * ~NOTFOUND"].join(", ");
  const pins = Object.values(ca).map(pinOf).join(",");
  return packageOf("playwright-core").chromium.launch({
    executablePath: CHROMIUM,
    args: [...FLAGS, `--host-resolver-rules=${rules}`, `--ignore-certificate-errors-spki-list=${pins}`],
    env: { ...process.env, HOME: home, LANG: "en_US.UTF-8", TZ: "UTC" },
    timeout: 120_000,
  });
}

let axe;

/** What axe-core finds on a page and calls serious or critical: ["rule: where, what is wrong"…]. */
export async function barriersOn(page) {
  axe ??= await fs.readFile(installed.resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
}
