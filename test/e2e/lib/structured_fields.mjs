// structured_fields.mjs - the limits' fields of an answer, read by a library for structured fields (RFC 9651), as a client does.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { values } from "./raw.mjs";

const installed = createRequire(new URL("../../../build/npm/package.json", import.meta.url));

function parseList(text) {
  try {
    return installed("structured-headers").parseList(text);
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    throw new Error("structured-headers is missing: run tools/bootstrap npm", { cause: error });
  }
}

/** A list of strings with whole numbers as parameters, {rate: {q: 600, w: 60}}: each name and each parameter once, in order. */
export function limitItems(answer, name) {
  const fields = values(answer, name);
  assert.equal(fields.length, 1, name);
  const items = parseList(fields[0]).map(([item, parameters]) => {
    assert.equal(typeof item, "string", `${name}: ${fields[0]}`);
    for (const [key, value] of parameters) assert.ok(Number.isInteger(value) && value >= 0, `${name}: ${key}=${value}`);
    return [item, Object.fromEntries(parameters)];
  });
  assert.equal(new Set(items.map(([item]) => item)).size, items.length, `${name}: ${fields[0]}`);
  return Object.fromEntries(items);
}

/** Asserts that RateLimit-Policy, RateLimit and X-RateLimit-* of one answer agree: {policy, now, told}. */
export function limitsTold(answer) {
  const policy = limitItems(answer, "ratelimit-policy"), now = limitItems(answer, "ratelimit");
  const told = Object.fromEntries(["limit", "remaining", "reset"].map((name) => {
    const fields = values(answer, `x-ratelimit-${name}`);
    assert.equal(fields.length, 1, name);
    assert.match(fields[0], /^\d+$/);
    return [name, Number(fields[0])];
  }));
  for (const [name, item] of Object.entries(policy)) assert.deepEqual(Object.keys(item), ["q", "w"], name);
  for (const [name, item] of Object.entries(now)) {
    assert.deepEqual(Object.keys(item), ["r", "t"], name);
    assert.ok(name in policy, `${name} is of no policy`);
    assert.ok(item.r <= policy[name].q, `${name}: ${item.r} of ${policy[name].q}`);
  }
  const named = Object.entries(now).some(([name, { r, t }]) => policy[name].q === told.limit && r === told.remaining && t === told.reset);
  assert.ok(named, JSON.stringify({ policy, now, told }));
  return { policy, now, told };
}
