// watch.mjs - looks over a browser's shoulder: whatever a page must never do is kept, and fails the test at its end.
import assert from "node:assert/strict";

/* A page that is opened by nobody asks who he is, and is told. */
const ALWAYS = [/^console error: .* 401 \(\) https:\/\/[^/]+\/v1\/session$/];

/* Runs in the page, before all of its scripts. */
function tellOfViolations() {
  document.addEventListener("securitypolicyviolation", (event) =>
    window.toldOfViolation(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`));
}

/* Runs in the page. */
async function readStores() {
  const databases = await indexedDB.databases();
  return [...Object.keys(localStorage), ...Object.keys(sessionStorage), ...databases.map(({ name }) => name), ...(await caches.keys())];
}

/** `origin` is where all requests have to go; `expect` are patterns of what this test wants to happen. */
export async function watch(context, { origin, expect = [] }) {
  const seen = [];
  await context.exposeBinding("toldOfViolation", (_, what) => seen.push(`policy: ${what}`));
  await context.addInitScript(tellOfViolations);
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) seen.push(`console ${message.type()}: ${message.text()} ${message.location().url}`);
  });
  context.on("weberror", (error) => seen.push(`uncaught: ${error.error()?.stack}`));
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && !["data:", "blob:", "about:"].includes(url.protocol)) seen.push(`elsewhere: ${request.method()} ${url}`);
  });
  return {
    async assertNothingBad() {
      for (const page of context.pages().filter((page) => page.url().startsWith(`${origin}/`)))
        for (const name of await page.evaluate(readStores)) seen.push(`stored: ${name}`);
      assert.deepEqual(seen.filter((what) => ![...ALWAYS, ...expect].some((pattern) => pattern.test(what))), []);
    },
  };
}
