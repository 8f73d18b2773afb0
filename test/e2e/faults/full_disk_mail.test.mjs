// full_disk_mail.test.mjs - while the disk of the state folder is full no mail is sent, for each letter is written down; what waits goes
// out once there is room.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import { after, before, test } from "node:test";
import { until } from "../lib/check.mjs";
import { Installation } from "../lib/installation.mjs";
import { certificateFor, Mailbox } from "../lib/mailbox.mjs";
import { HOST, join } from "../lib/people.mjs";
import { noDisk, smallDisk } from "../lib/small_disk.mjs";

const OWNER = "owner@main.example", PAUSE_MS = 3000;
let k, mailbox, certificate, disk;
if (!noDisk) {
  before(async () => {
    k = await Installation.make({ serve: false });
    certificate = certificateFor(k.folder, "127.0.0.2");
    mailbox = await Mailbox.open({ certificate });
    await fs.appendFile(k.file, [`public_url: https://${HOST}`, `mail_server: ${mailbox.url}`, "mail_from: keyward@main.example",
      `mail_ca_file: ${certificate.file}`, `webhook_retries: [${Array(6).fill("1s").join(", ")}]`, ""].join("\n"));
    disk = await smallDisk(k, 24);
    await k.serve();
  });
  after(async () => {
    await k.stop();
    await disk.stop();
    await mailbox.close();
  });
}

const noneComes = async (why) => {
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  assert.equal(mailbox.connections, 0, why);
};

test("X3_on_a_full_disk_letters_wait", { skip: noDisk }, async () => {
  const { port } = mailbox, owner = await join(k, { email: OWNER, role: "owner" });
  const key = await k.createKey("--name", "one", "--environment", "sandbox");
  await mailbox.close();
  const { json } = await owner.call("POST", "/v1/alerts/test");
  await until(() => k.log.includes("will be tried again"));
  await disk.fill();
  await until(() => k.log.includes("mail about alerts is not sent at the moment: "));
  mailbox = await Mailbox.open({ certificate, port });
  await noneComes("what became of the last try is not written down yet");
  assert.equal((await k.call("POST", `/v1/keys/${key.id}/revoke`)).status, 200);
  await noneComes("the room that there is now is for revocations");

  await disk.free();
  const mail = await until(() => mailbox.to(OWNER)[0]);
  assert.ok(mail.raw.replace(/=\r\n/g, "").includes(json.id));
  assert.match(k.log, /mail about alerts is sent again/);
});
