// limits.test.mjs - limits are deleted, cut and filled with garbage: no quota is given once more, by any worker of nginx.
import { after, before, beforeEach, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { until } from "../lib/check.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { LOAD_LOCATIONS } from "../lib/load.mjs";

const QUOTA = 60, USED = 40, UNSAVED = 5;
let gateway, service, limits, key;
before(async () => {
  gateway = await startGateway({ sandbox: LOAD_LOCATIONS, nginx: { workers: 2 } });
  service = gateway.keyward.service;
  limits = path.join(gateway.run, "limits");
});
after(() => gateway.stop());
beforeEach(async () => {
  key = await gateway.keyward.createKey({ name: "quota", permission: "transactions", more: ["--rate", "none", "--quota", `${QUOTA}/month`] });
});

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function outcome() {
  const answer = await gateway.ask("GET /pay/x", { key });
  return `${answer.status} ${answer.json?.code ?? ""}`.trim();
}

async function use(n) {
  for (let i = 0; i < n; i++) assert.equal(await outcome(), "200");
}

/** Waits until serve has noticed the damage: it says so, and once more that it has built a keyring by then. */
async function untilNoticed(logged) {
  await until(() => service.log.slice(logged).includes("limits have vanished or were cut short"));
  await pause(300);
}

/** Asks until every worker refuses: how many were allowed. */
async function left() {
  let allowed = 0;
  for (let refused = 0; refused < 30; ) {
    const got = await outcome();
    if (got === "200") { allowed++; refused = 0; }
    else if (got === "429 quota_exceeded") refused++;
    else assert.equal(got, "503 unavailable"); /* while new files are being opened */
    assert.ok(allowed <= QUOTA);
  }
  return allowed;
}

async function restart() {
  await service.end(); /* saves what was used */
  await service.serve();
}

test("X11_deleted_limits_give_no_quota_once_more", async () => {
  await use(USED); /* not saved by then */
  const logged = service.log.length;
  await fs.rm(limits);
  await untilNoticed(logged);
  assert.equal(await left(), QUOTA - USED);
});

const garbage = async (from) => {
  const handle = await fs.open(limits, "r+");
  await handle.write(Buffer.alloc((await handle.stat()).size - from, 0x5a), 0, undefined, from);
  await handle.close();
};
for (const [name, damage] of [
  ["emptied", () => fs.truncate(limits, 0)],
  ["cut_to_their_header", () => fs.truncate(limits, 4096)],
  ["cut_before_the_first_key", async () => fs.truncate(limits, 4096 + 16384 * 4 * 16)],
  ["filled_with_garbage", () => garbage(0)],
])
  test(`X11_limits_${name}_give_again_only_what_was_not_saved`, async () => {
    await use(USED);
    await restart();
    await use(UNSAVED);
    const logged = service.log.length;
    await damage();
    await untilNoticed(logged);
    const again = await left();
    assert.ok(again >= QUOTA - USED - UNSAVED && again <= QUOTA - USED, `${again} were left`);
  });

test("X11_limits_deleted_while_serve_is_dead_are_given_up_by_every_worker", async () => {
  await use(USED);
  await restart();
  await use(UNSAVED);
  await service.end("SIGKILL");
  await fs.rm(limits);
  await service.serve();
  const again = await left();
  assert.ok(again >= QUOTA - USED - UNSAVED && again <= QUOTA - USED, `${again} were left`);
});
