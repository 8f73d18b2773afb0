// spending.mjs - what a payment backend asks before it moves money, and the limits that an owner sets.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";

/** The body of POST /v1/spend for a key: a payment of its own each time, unless `more` says otherwise. */
export function reservationOf(key, more = {}) {
  const requestId = randomBytes(16).toString("hex");
  return { key: key.id, requestId, reference: `payout ${requestId.slice(0, 8)}`, currency: "NGN", amount: "1.00", destination: "0123456789", ...more };
}

/** Puts the rules in the place of whatever there is. */
export async function limitSpend(service, key, rules) {
  const target = `/v1/keys/${key.id}/spend-rules`;
  const { headers } = await service.call("GET", target);
  const answer = await service.call("PUT", target, { rules }, { "if-match": headers.etag });
  assert.equal(answer.status, 200, answer.text);
}
