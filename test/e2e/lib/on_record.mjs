// on_record.mjs - compares what clients were told with what stands on the record.
import assert from "node:assert/strict";
import { until } from "./check.mjs";
import { countBy } from "./load.mjs";

/** The attempts with a request id, by that id; none may be there twice. */
export function byId(events) {
  const decisions = events.filter((event) => event.kind === "decision");
  const map = new Map(decisions.map((event) => [event.request_id, event]));
  assert.equal(map.size, decisions.length, "an attempt is twice on the record");
  return map;
}

/** Every answer is on the record once, with the same outcome. Returns the record. */
export async function assertAllRecorded(keyward, answers) {
  const answered = answers.filter((answer) => answer.id !== undefined);
  assert.equal(new Set(answered.map((answer) => answer.id)).size, answered.length, "a request id was given twice");
  const missing = (events) => {
    const ids = new Set(events.map((event) => event.request_id));
    return answered.filter((answer) => !ids.has(answer.id));
  };
  let events;
  await until(async () => missing((events = await keyward.events())).length === 0).catch(() => {});
  assert.deepEqual(countBy(missing(events), (answer) => `${answer.status} ${answer.code}`), {}, "not on the record");
  const record = byId(events);
  for (const { id, status } of answered) assert.equal(record.get(id).allowed, status === 200, `${id} ${status}`);
  return events;
}

export async function assertChainHolds(service) {
  const { code, stdout, stderr } = await service.run("audit", "verify");
  assert.equal(code, 0, stdout + stderr);
}
