// dashboard.mjs - the dashboard as people meet it: the sites of nginx as they are shipped, keyward serve and a gateway behind
// them, and Chromium before them, for one test file.
import { startBrowser } from "./browser.mjs";
import { join } from "./people.mjs";
import { MANAGEMENT, startSites } from "./sites.mjs";
import { watch } from "./watch.mjs";

const PATIENCE_MS = 30_000;
export const WIDE = { width: 1280, height: 900 }, NARROW = { width: 360, height: 740 };

/** Options: `names`, of other sites that the browser has to find; `prepare` and `settings`, of startKeyward. */
export async function startDashboard({ names = [], prepare, settings } = {}) {
  const sites = await startSites({ patience: "30s", prepare, settings });
  const browser = await startBrowser({ folder: sites.folder, ca: sites.ca, more: names });
  const origin = `https://${MANAGEMENT}:${sites.ports.tls}`;
  const service = sites.keyward.service;
  return {
    sites, browser, origin, service,
    linkOf: (text) => `${origin}/accept#${text}`,
    /** {email, role, …} of join in people.mjs: somebody who is signed in, elsewhere so far. */
    member: (details) => join(service, details),
    visit: (t, options) => visit({ browser, origin }, t, options),
    async stop() {
      await browser.close();
      await sites.stop();
    },
  };
}

/** A page in a browser that knows nothing, closed with the test. Options: `as`, of member: who is signed in; `at`, the address
 *  to begin with, null for none; `expect`, see watch.mjs; and those of a Playwright context. */
async function visit({ browser, origin }, t, { as, at = "/", expect, ...options } = {}) {
  const context = await browser.newContext({ viewport: WIDE, locale: "en-GB", timezoneId: "UTC", reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const watched = await watch(context, { origin, expect });
  t.after(async () => {
    try {
      await watched.assertNothingBad();
    } finally {
      await context.close();
    }
  });
  if (as !== undefined) await context.addCookies([cookieOf(as, origin)]);
  const page = await context.newPage();
  if (at !== null) await page.goto(new URL(at, origin).href);
  return page;
}

export function cookieOf(person, origin) {
  return { name: "__Host-keyward", value: person.cookie, url: `${origin}/`, secure: true, httpOnly: true, sameSite: "Strict" };
}
