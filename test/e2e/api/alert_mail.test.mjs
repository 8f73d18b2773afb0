// alert_mail.test.mjs - alerts by mail: to those who answer for the account, encrypted, again when the mail server was away, and also
// over a restart.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import { after, before, test } from "node:test";
import { until } from "../lib/check.mjs";
import { Installation } from "../lib/installation.mjs";
import { certificateFor, Mailbox } from "../lib/mailbox.mjs";
import { HOST, join } from "../lib/people.mjs";

const OWNER = "owner@main.example", ADMIN = "admin@main.example", DEVELOPER = "dev@main.example", OPERATOR = "operator@main.example";
let k, mailbox, certificate, owner;

before(async () => {
  k = await Installation.make({ serve: false });
  certificate = certificateFor(k.folder, "127.0.0.2");
  mailbox = await Mailbox.open({ certificate });
  await fs.appendFile(k.file, [`public_url: https://${HOST}`, `mail_server: ${mailbox.url}`, "mail_from: keyward@main.example",
    `mail_ca_file: ${certificate.file}`, "webhook_retries: [1s, 1s, 1s, 1s]", ""].join("\n"));
  await k.serve();
  await k.ok("accounts", "create", "shop");
  owner = await join(k, { email: OWNER, role: "owner" });
  await join(k, { email: ADMIN, role: "admin" });
  await join(k, { email: DEVELOPER, role: "developer" });
  await join(k, { email: OPERATOR, role: "viewer", operator: true });
  await join(k, { email: "owner@shop.example", role: "owner", account: "shop" });
});
after(async () => {
  await k.stop();
  await mailbox.close();
});

const about = (email, id) => mailbox.to(email).find(({ raw }) => raw.replace(/=\r\n/g, "").includes(id));

test("an alert is mailed to the admins and owners of its account, as text and HTML, over TLS", async () => {
  const { json } = await owner.call("POST", "/v1/alerts/test");
  const mail = await until(() => about(OWNER, json.id));
  await until(() => about(ADMIN, json.id));
  assert.ok(mail.isSafe);
  assert.deepEqual(mail.headers.subject, ["[Keyward] low: somebody tried whether alerts arrive - owner@main.example, main"]);
  assert.match(mail.headers["content-type"][0], /^multipart\/alternative; boundary="=_[0-9A-Za-z]{22}"$/);
  assert.match(mail.text, new RegExp(`https://${HOST}/alerts/${json.id}`));
  assert.match(mail.text, /<a href="https:/);
  assert.ok(mail.raw.split("\r\n").every((line) => line.length <= 78 && /^[\x20-\x7e]*$/.test(line)), mail.raw);
  for (const other of [DEVELOPER, OPERATOR, "owner@shop.example"]) assert.equal(about(other, json.id), undefined, other);
});

test("what is no account's goes to the operators", async () => {
  const { json } = await k.call("POST", "/v1/alerts/test");
  await until(() => about(OPERATOR, json.id));
  assert.equal(about(OWNER, json.id), undefined);
});

test("a mail server that is away is tried again, also after a kill, and nothing is lost", async () => {
  const { port } = mailbox, other = await join(k, { email: "other@main.example", role: "developer" });
  await mailbox.close();
  const { json } = await other.call("POST", "/v1/alerts/test");
  await until(() => k.log.includes("will be tried again"));
  await k.end("SIGKILL");
  mailbox = await Mailbox.open({ certificate, port });
  await k.serve();
  await until(() => about(OWNER, json.id));
  await until(() => about(ADMIN, json.id));
});
