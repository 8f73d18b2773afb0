// webhooks.test.mjs - keyward webhooks: made, tried, looked at, changed and removed in a terminal.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import { after, before, test } from "node:test";
import { until } from "../lib/check.mjs";
import { Installation, makeFolder } from "../lib/installation.mjs";
import { Receiver } from "../lib/receiver.mjs";

let k, r, folder;
before(async () => {
  folder = await makeFolder();
  r = await Receiver.start(folder);
  k = await Installation.make({ serve: false });
  await fs.appendFile(k.file, `webhook_allow_private: [127.0.0.1]\nwebhook_ports: [${r.port}]\nwebhook_ca_file: ${r.certificate.file}\n`);
  await k.serve();
});
after(async () => {
  await k.stop();
  r.stop();
  await fs.rm(folder, { recursive: true, force: true });
});

test("without webhooks the list says how to make one", async () => {
  assert.match(await k.ok("webhooks", "list"), /no webhooks.*\n\n {2}keyward webhooks create --to/);
  assert.match(await k.ok("webhooks", "events"), /^key\.created +a key was made\n/);
});

test("a webhook is made, tried, looked at, changed and removed", async () => {
  const made = await k.ok("webhooks", "create", "--to", r.url("/in"), "--name", "our desk", "--event", "key.revoked", "--event", "alert.raised");
  const id = /^Id +(\w{14})$/m.exec(made)[1], secret = /^whsec_.*$/m.exec(made)[0];
  assert.match(made, /^Told of +key\.revoked, alert\.raised$/m);
  assert.match(await k.ok("webhooks", "list"), new RegExp(`^ID +STATE +URL.*\n${id} +active +https://127.0.0.1:${r.port}/in +our desk +all +0 +key.revoked, `));
  assert.match(await k.ok("webhooks", "test", id), /^A webhook\.test is on its way, as evt_\w+\. /);
  const [{ headers }] = await r.until("/in", 1), event = headers["webhook-id"];
  const deliveries = async () => {
    const text = await k.ok("webhooks", "deliveries", id);
    return /pending/.test(text) ? new Promise((resolve) => setTimeout(resolve, 50)).then(deliveries) : text;
  };
  assert.match(await deliveries(), new RegExp(`^EVENT +TYPE.*\n${event} +webhook\\.test +\\S+ +delivered +1 +- +204 in \\d+ ms\n$`));
  assert.match(await k.ok("webhooks", "redeliver", id, event), /once more/);
  await r.until("/in", 2);
  assert.match(await k.ok("webhooks", "change", id, "--event", "*", "--state", "disabled"), /^Changed\.[^]*^State +disabled: by_hand\nTold of +\*$/m);
  assert.match(await k.ok("webhooks", "change", id, "--state", "active"), /^State +active$/m);
  const rotated = await k.ok("webhooks", "rotate-secret", id);
  assert.match(rotated, /^Rotated: for 24 hours both secrets sign\.[^]*^Old secret +20/m);
  assert.ok(!rotated.includes(secret) && /^whsec_/m.test(rotated));
  const shown = await until(async () => { /* it is told of its own changes, too */
    const text = await k.ok("webhooks", "show", id);
    return /^Waiting +0$/m.test(text) && text;
  });
  assert.ok(!/whsec_/.test(shown));
  assert.match(await k.ok("webhooks", "remove", id, "--yes"), /^Removed\.[^]*^State +removed$/m);
  assert.match(await k.ok("webhooks", "list"), /no webhooks/);
});

test("what cannot be done is said with the way on", async () => {
  const { id } = await k.ok("webhooks", "create", "--to", r.url("/x"), "--json");
  for (const [args, code, said] of [
    [["show", "x"], 65, /keyward webhooks list/],
    [["show", "7Q2mK4T9xJ1aBd"], 1, /no webhook of that id/],
    [["create"], 64, /--to is needed/],
    [["create", "--to", "http://hooks.example.com/"], 65, /--to: No webhook leads there: it does not begin with https/],
    [["create", "--to", `https://169.254.169.254:${r.port}/`], 65, /link-local/],
    [["create", "--to", r.url("/x"), "--event", "key.made"], 65, /There is no such event/],
    [["change", id], 64, /nothing is to be changed/],
    [["redeliver", id, "evt_x"], 1, /No such event was sent/],
    [["redeliver", id], 64, /an argument is missing/],
    [["remove", id], 64, /--yes/],
  ]) {
    const { code: got, stderr } = await k.run("webhooks", ...args);
    assert.deepEqual([got, said.test(stderr)], [code, true], `${args}: ${got} ${stderr}`);
  }
});
