// alerts.test.mjs - keyward alerts: found, shown, taken on and ended in a terminal.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Installation } from "../lib/installation.mjs";
import { join } from "../lib/people.mjs";

let k;
before(async () => (k = await Installation.make()));
after(() => k.stop());

let people = 0;

/** By somebody else each time: everybody may try once in a minute. */
async function raise() {
  const by = await join(k, { email: `owner-${++people}@main.example`, role: "owner" });
  return (await by.call("POST", "/v1/alerts/test")).json;
}

test("without alerts the list says how to try them", async () => {
  assert.match(await k.ok("alerts", "list"), /no such alerts.*keyward alerts test/);
});

test("an alert is shown with what became of it", async () => {
  assert.match(await k.ok("alerts", "test"), /^Raised: /);
  const { id } = await raise();
  assert.match(await k.ok("alerts", "list", "--state", "open"), new RegExp(`^ID +SEVERITY.*\n${id} +low +open `));
  assert.match(await k.ok("alerts", "acknowledge", id, "--comment", "mine"), /^Acknowledged/);
  assert.match(await k.ok("alerts", "comment", id, "--comment", "a trial"), /^Said/);
  assert.match(await k.ok("alerts", "resolve", id), /^Resolved: what is found from here on is a new alert\.\n$/, "nothing was done to a key");
  const shown = await k.ok("alerts", "show", id);
  assert.match(shown, /^low: somebody tried whether alerts arrive\n/);
  assert.match(shown, /State +resolved\n/);
  assert.match(shown, /open, by member:\w+\n.*acknowledged, by uid:\d+: mine\n.*: a trial\n.*resolved, by uid:\d+\n$/s);
});

test("what cannot be done is said with the way on", async () => {
  const { id } = await raise();
  for (const [args, code, said] of [
    [["show", "x"], 65, /keyward alerts list/],
    [["comment", id], 64, /--comment is needed/],
    [["list", "--state", "closed"], 65, /--state: It is "open"/],
    [["list", "--severity", "grave"], 65, /--severity: It is "low"/],
    [["list", "--detector", "telepathy"], 65, /--detector: There is no such detector/],
    [["undo", id], 64, /^(?!.*final).*--yes/],
    [["undo", id, "--yes"], 1, /took nothing from a key/],
    [["show", "7Q2mK4T9xJ1aBd"], 1, /no alert of that id/],
  ]) {
    const { code: got, stderr } = await k.run("alerts", ...args);
    assert.deepEqual([got, said.test(stderr)], [code, true], `${args}: ${got} ${stderr}`);
  }
});
