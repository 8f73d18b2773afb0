// webhooks.mjs - a dashboard whose webhooks lead to a receiver of this machine, for the pages that show them.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import { startDashboard } from "./dashboard.mjs";
import { makeFolder } from "./installation.mjs";
import { Receiver } from "./receiver.mjs";

/** {dashboard, receiver, stop}: what fails is tried again after a second, once. */
export async function startWithReceiver() {
  const folder = await makeFolder(), receiver = await Receiver.start(folder);
  const settings = `webhook_allow_private: [127.0.0.1]\nwebhook_ports: [443, ${receiver.port}]\nwebhook_retries: [1s]\nwebhook_ca_file: ${receiver.certificate.file}\n`;
  const dashboard = await startDashboard({ settings });
  return {
    dashboard, receiver,
    async stop() {
      await dashboard.stop();
      receiver.stop();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes one, as the API shows it, with its secret. */
export async function makeWebhook(by, body) {
  const { status, json, text } = await by.call("POST", "/v1/webhooks", body);
  assert.equal(status, 201, text);
  return json;
}
