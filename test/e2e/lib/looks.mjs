// looks.mjs - a place of the dashboard in light, in dark and on the narrowest screen: axe finds nothing serious, and nothing sticks out.
import assert from "node:assert/strict";
import { barriersOn } from "./browser.mjs";
import { NARROW } from "./dashboard.mjs";

/* Each is loaded anew: colours that are on their way from one scheme to the other are nobody's. */
const LOOKS = [{ colorScheme: "light" }, { colorScheme: "dark" }, { colorScheme: "light", viewport: NARROW }];

const sticksOut = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Somebody comes to a place in each look; `open` leads there, and `what` says which it is. */
export async function assertFine(dashboard, t, what, as, open) {
  for (const look of LOOKS) {
    const page = await dashboard.visit(t, { as, at: null, ...look });
    await open(page);
    assert.deepEqual(await barriersOn(page), [], `${what}: ${JSON.stringify(look)}`);
    assert.equal(await sticksOut(page), 0, `${what}: so many pixels stick out, ${JSON.stringify(look)}`);
    await page.close();
  }
}
