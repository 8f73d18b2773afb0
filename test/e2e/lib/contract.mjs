// contract.mjs - api/openapi.yaml as something to hold answers against.
import assert from "node:assert/strict";
import fs from "node:fs";
import { readYaml } from "../../../tools/contract/yaml.mjs";

export const contract = readYaml(fs.readFileSync(new URL("../../../api/openapi.yaml", import.meta.url), "utf8"));

function follow(node) {
  if (node?.$ref === undefined) return node;
  return follow(node.$ref.slice(2).split("/").reduce((at, name) => at[name], contract));
}

const typeOf = (value) => {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
};

/** An answer may hold what its schema lists and nothing else, even where the schema does not say so. */
function assertObject(value, schema, at) {
  for (const name of schema.required ?? []) assert.ok(name in value, `${at}.${name} is missing`);
  for (const [name, inner] of Object.entries(value)) {
    assert.ok(name in schema.properties, `${at}.${name} is not in the contract`);
    assertSchema(inner, schema.properties[name], `${at}.${name}`);
  }
}

function fits(value, reference, at) {
  try {
    assertSchema(value, reference, at);
    return true;
  } catch {
    return false;
  }
}

function assertSchema(value, reference, at) {
  const schema = follow(reference);
  if (schema.oneOf !== undefined) {
    const n = schema.oneOf.filter((inner) => fits(value, inner, at)).length;
    assert.equal(n, 1, `${at} fits ${n} of its forms: ${JSON.stringify(value)}`);
  }
  if (schema.enum !== undefined) assert.ok(schema.enum.includes(value), `${at}: ${value} is none of ${schema.enum}`);
  if (schema.type !== undefined) assert.ok([schema.type].flat().includes(typeOf(value)), `${at} is ${typeOf(value)}`);
  if (schema.pattern !== undefined && typeof value === "string") assert.match(value, new RegExp(schema.pattern), at);
  if (schema.properties !== undefined && value !== null) assertObject(value, schema, at);
  if (schema.items !== undefined) value.forEach((item, i) => assertSchema(item, schema.items, `${at}[${i}]`));
}

/** The answer of a call is one that the contract foresees, in status, headers and body. */
export function assertInContract(method, path, answer) {
  const operation = contract.paths[path]?.[method.toLowerCase()];
  assert.ok(operation, `${method} ${path} is not in the contract`);
  const response = follow(operation.responses[answer.status]);
  assert.ok(response, `${method} ${path} does not foresee ${answer.status}: ${answer.text}`);
  for (const name of Object.keys(response.headers)) assert.ok(answer.headers[name.toLowerCase()], `${name} is missing`);
  if (response.content === undefined) return assert.equal(answer.text, "", `${method} ${path} has a body`);
  const type = answer.headers["content-type"].split(";")[0];
  assert.ok(response.content[type], `${method} ${path} does not foresee ${type}`);
  assertSchema(answer.json ?? answer.text, response.content[type].schema, `${method} ${path}`);
}
