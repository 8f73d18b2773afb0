// schema.mjs - a schema of the contract in words and tables.
export const escape = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

export const follower = (contract) => function follow(node) {
  return node?.$ref === undefined ? node : follow(node.$ref.slice(2).split("/").reduce((at, name) => at[name], contract));
};

const nameOf = (node) => node?.$ref?.split("/").pop();
const code = (text) => `<code>${escape(text)}</code>`;

/** The type in a few words; a name stands for a schema with a table of its own. */
export function typeOf(node, follow) {
  const schema = follow(node);
  if (schema.oneOf) return schema.oneOf.map((inner) => typeOf(inner, follow)).join(" or ");
  if (schema.properties) return `<a href="#schema-${nameOf(node)}">${escape(nameOf(node) ?? "object")}</a>${[schema.type].flat().includes("null") ? " or null" : ""}`;
  if (schema.items) return `list of ${typeOf(schema.items, follow)}`;
  if (schema.enum) return schema.enum.map((one) => code(one)).join(", ");
  return escape([schema.type ?? "any"].flat().join(" or "));
}

/** What bounds it besides its type. */
export function boundsOf(node, follow) {
  const s = follow(node), said = [];
  if (s.format) said.push(escape(s.format));
  if (s.pattern) said.push(code(s.pattern));
  if (s.minimum !== undefined && s.maximum !== undefined) said.push(`${s.minimum} to ${s.maximum}`);
  else if (s.minimum !== undefined) said.push(`at least ${s.minimum}`);
  if (s.maxLength !== undefined) said.push(`${s.minLength ?? 0} to ${s.maxLength} long`);
  if (s.maxItems !== undefined) said.push(`at most ${s.maxItems} entries`);
  if (s.default !== undefined) said.push(`default ${code(s.default)}`);
  return said.join("; ");
}

const described = (node, follow) => {
  const schema = follow(node);
  return escape(schema.description ?? (schema.items && follow(schema.items).description) ?? "");
};

/** Rows: name, what it is, what it means. */
export function table(rows, heading = "Member") {
  const line = ([name, type, text]) => `<tr><th scope="row">${name}</th><td>${type}</td><td>${text}</td></tr>`;
  return `<div class="wide"><table><thead><tr><th>${heading}</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${rows.map(line).join("")}</tbody></table></div>`;
}

export function members(node, follow) {
  const schema = follow(node), required = new Set(schema.required ?? []);
  return table(Object.entries(schema.properties).map(([name, inner]) => [
    `${code(name)}${required.has(name) ? "" : " <small>optional</small>"}`, typeOf(inner, follow),
    [described(inner, follow), boundsOf(inner, follow)].filter((part) => part !== "").join(" <br>")]));
}

export const json = (value) => `<pre tabindex="0"><code>${escape(JSON.stringify(value, null, 2))}</code></pre>`;
