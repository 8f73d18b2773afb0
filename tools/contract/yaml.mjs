// yaml.mjs - reads the little of YAML that api/openapi.yaml is written in: mappings, lists, flow values, block texts.
/** A value in one line: "text", text, 1, true, null, [a, b], {a: b}. */
function flow(text) {
  let at = 0;
  const skip = () => { while (text[at] === " ") at++; };
  function scalar(ends) {
    if (text[at] === '"' || text[at] === "'") {
      const quote = text[at], end = text.indexOf(quote, at + 1);
      const inside = text.slice(at + 1, end);
      at = end + 1;
      return quote === '"' ? JSON.parse(`"${inside}"`) : inside;
    }
    const from = at;
    while (at < text.length && !ends.includes(text[at]) && !(text[at] === ":" && text[at + 1] === " " && ends.includes(":"))) at++;
    const word = text.slice(from, at).trim();
    if (/^-?\d+$/.test(word)) return Number(word);
    return { true: true, false: false, null: null }[word] ?? (word === "null" ? null : word);
  }
  function value(ends) {
    skip();
    if (text[at] === "[") {
      const list = [];
      for (at++, skip(); text[at] !== "]"; skip()) {
        list.push(value(",]"));
        skip();
        if (text[at] === ",") at++;
      }
      at++;
      return list;
    }
    if (text[at] !== "{") return scalar(ends);
    const map = {};
    for (at++, skip(); text[at] !== "}"; skip()) {
      const key = scalar(":");
      skip();
      at++;
      map[key] = value(",}");
      skip();
      if (text[at] === ",") at++;
    }
    at++;
    return map;
  }
  return value("");
}

export function readYaml(source) {
  const lines = source.split("\n").filter((line) => line.trim() !== "" || line === "").map((line) => ({
    indent: line.length - line.trimStart().length, text: line.trim() }));
  let n = 0;
  const blank = () => { while (n < lines.length && lines[n].text === "") n++; };
  function literal(indent) {
    const kept = [];
    while (n < lines.length && (lines[n].text === "" || lines[n].indent > indent)) kept.push(lines[n++].text);
    return kept.join("\n");
  }
  function block(indent) {
    blank();
    if (lines[n].text.startsWith("- ")) {
      const list = [];
      for (blank(); n < lines.length && lines[n].indent === indent && lines[n].text.startsWith("- "); blank()) {
        const rest = lines[n].text.slice(2);
        if (/^"?[$\w-]+"?: /.test(rest)) {
          lines[n] = { indent: indent + 2, text: rest };
          list.push(block(indent + 2));
        } else {
          list.push(flow(rest));
          n++;
        }
      }
      return list;
    }
    const map = {};
    for (blank(); n < lines.length && lines[n].indent === indent; blank()) {
      const [, key, rest] = /^("(?:[^"]*)"|[^\s:"][^:]*(?::[^ ]+)*):(?: (.*))?$/.exec(lines[n++].text);
      const name = key.replaceAll('"', "");
      if (rest === "|") map[name] = literal(indent);
      else if (rest !== undefined) map[name] = flow(rest);
      else {
        blank();
        map[name] = block(lines[n].indent);
      }
    }
    return map;
  }
  return block(0);
}
