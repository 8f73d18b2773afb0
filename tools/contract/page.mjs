// page.mjs - the contract as one page for people: no script, no style but /docs/style.css, an anchor for everything.
import { boundsOf, escape, follower, json, members, table, typeOf } from "./schema.mjs";

const METHODS = ["get", "post", "put", "patch", "delete"];
const slug = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
const paragraphs = (text) => (text ?? "").trim().split(/\n\s*\n/).map((part) => `<p>${escape(part).replace(/`([^`]+)`/g, "<code>$1</code>")}</p>`).join("");

function operations(contract) {
  return Object.entries(contract.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ path, method: method.toUpperCase(), ...item[method] })));
}

/** Who may call it, from the names of the schemes and the scopes behind them. */
function callers(operation, contract) {
  const security = operation.security ?? contract.security ?? [];
  if (security.length === 0) return "Anybody may call it.";
  const scopes = [...new Set(security.flatMap((one) => Object.values(one).flat()))];
  const ways = security.flatMap(Object.keys).map((name) => `<a href="#scheme-${name}">${escape(name)}</a>`).join(", ");
  return `By ${ways}${scopes.length ? `; needs the scope ${scopes.map((one) => `<code>${escape(one)}</code>`).join(", ")}` : ""}.`;
}

function parameters(operation, follow) {
  if (!operation.parameters) return "";
  const rows = operation.parameters.map(follow).map((p) => [
    `<code>${escape(p.name)}</code> <small>${p.in}${p.required ? "" : ", optional"}</small>`, typeOf(p.schema, follow),
    [escape(p.description ?? ""), boundsOf(p.schema, follow)].filter(Boolean).join(" <br>")]);
  return `<h4>Parameters</h4>${table(rows, "Name")}`;
}

function content(holder, follow) {
  return Object.entries(holder.content ?? {}).map(([type, body]) => {
    const name = follow(body.schema).properties || follow(body.schema).oneOf ? `: ${typeOf(body.schema, follow)}` : "";
    return `<p><code>${escape(type)}</code>${name}</p>${body.example === undefined ? "" : json(body.example)}`;
  }).join("");
}

const isShared = (reference) => reference.$ref !== undefined;
const titleOf = (status, answer) => `<span class="status s${String(status)[0]}">${status}</span> ${escape(answer.description)}`;

function headersOf(answer) {
  const names = Object.keys(answer.headers ?? {}).map((name) => `<code>${name}</code>`).join(", ");
  return names === "" ? "" : `<p class="who">Headers: ${names}</p>`;
}

/** What a call answers of its own in full; the refusals that it shares with others by name. */
function answers(operation, follow) {
  return Object.entries(operation.responses).map(([status, reference]) => {
    const answer = follow(reference);
    if (isShared(reference)) return `<p class="answer"><a href="#answer-${reference.$ref.split("/").pop()}">${titleOf(status, answer)}</a></p>`;
    return `<div class="answer"><p>${titleOf(status, answer)}</p>${headersOf(answer)}${content(answer, follow)}</div>`;
  }).join("");
}

function sharedAnswers(contract, follow) {
  return `<section id="answers"><h2>Answers that calls share</h2>${Object.entries(contract.components.responses).map(([name, answer]) =>
    `<section class="call" id="answer-${name}"><h3><a href="#answer-${name}">${name}</a></h3>${paragraphs(answer.description)}${headersOf(answer)}${content(answer, follow)}</section>`).join("")}</section>`;
}

function operation(one, contract, follow) {
  const body = one.requestBody ? `<h4>Body</h4>${content(follow(one.requestBody), follow)}` : "";
  return `<section class="call" id="${one.operationId}">
<h3><a href="#${one.operationId}"><span class="method m-${one.method.toLowerCase()}">${one.method}</span> <code>${escape(one.path)}</code></a></h3>
<p class="summary">${escape(one.summary)}</p>${paragraphs(one.description)}<p class="who">${callers(one, contract)}</p>
${parameters(one, follow)}${body}<h4>Answers</h4>${answers(one, follow)}</section>`;
}

function contents(contract, all) {
  const links = (tag) => all.filter((one) => one.tags?.includes(tag.name)).map((one) =>
    `<li><a href="#${one.operationId}"><b>${one.method}</b> ${escape(one.path)}</a></li>`).join("");
  const tags = contract.tags.map((tag) => `<li><a href="#tag-${slug(tag.name)}">${escape(tag.name)}</a><ul>${links(tag)}</ul></li>`).join("");
  return `<nav aria-label="Contents"><ul><li><a href="#callers">Who may call</a></li>${tags}<li><a href="#answers">Answers that calls share</a></li><li><a href="#codes">Error codes</a></li><li><a href="#schemas">Schemas</a></li></ul></nav>`;
}

function schemes(contract) {
  return `<section id="callers"><h2>Who may call</h2><dl>${Object.entries(contract.components.securitySchemes).map(([name, scheme]) =>
    `<dt id="scheme-${name}">${escape(name)}</dt><dd>${escape(scheme.description)}</dd>`).join("")}</dl></section>`;
}

/** Each code with the statuses it comes with, from the examples of the answers, and what it says there. */
function codes(contract) {
  const seen = new Map();
  for (const answer of Object.values(contract.components.responses))
    for (const body of Object.values(answer.content ?? {}))
      for (const one of [body.example, ...Object.values(body.examples ?? {}).map((example) => example.value)])
        if (one?.code) seen.set(one.code, one);
  const rows = contract.components.schemas.Code.enum.map((code) => [`<code id="code-${code}">${code}</code>`,
    seen.get(code)?.statusCode ?? "", escape(seen.get(code)?.message ?? "")]);
  return `<section id="codes"><h2>Error codes</h2>${paragraphs("Every refusal has the form of Problem. code is stable, message is for people, field names the member or parameter, requestId is also in the log.")}
${table(rows, "Code").replace("<th>Type</th><th>Meaning</th>", "<th>Status</th><th>For example</th>")}</section>`;
}

function schemas(contract, follow) {
  const objects = Object.entries(contract.components.schemas).filter(([, schema]) => schema.properties);
  return `<section id="schemas"><h2>Schemas</h2>${objects.map(([name, schema]) =>
    `<h3 id="schema-${name}"><a href="#schema-${name}">${name}</a></h3>${schema.description ? paragraphs(schema.description) : ""}${members(schema, follow)}`).join("")}</section>`;
}

export function page(contract) {
  const follow = follower(contract), all = operations(contract);
  const group = (tag) => `<section class="tag"><h2 id="tag-${slug(tag.name)}">${escape(tag.name)}</h2><p>${escape(tag.description ?? "")}</p>
${all.filter((one) => one.tags?.includes(tag.name)).map((one) => operation(one, contract, follow)).join("\n")}</section>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(contract.info.title)}</title>
<link rel="stylesheet" nonce="{nonce}" href="/docs/style.css">
</head>
<body>
${contents(contract, all)}
<main>
<h1>${escape(contract.info.title)}</h1>
<p class="version">Version ${escape(contract.info.version)} · <a href="/openapi.json">openapi.json</a></p>
${paragraphs(contract.info.description)}
${schemes(contract)}
${contract.tags.map(group).join("\n")}
${sharedAnswers(contract, follow)}
${codes(contract)}
${schemas(contract, follow)}
</main>
</body>
</html>
`;
}
