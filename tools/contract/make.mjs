// make - api/openapi.yaml as it is served: JSON, a page, and its style; each as a list of bytes for a C array.
//
//     tools/node tools/contract/make.mjs OPENAPI.YAML STYLE.CSS FOLDER
import fs from "node:fs";
import path from "node:path";
import { page } from "./page.mjs";
import { readYaml } from "./yaml.mjs";

const [yaml, style, folder] = process.argv.slice(2);
const contract = readYaml(fs.readFileSync(yaml, "utf8"));

/** Signed, as a plain char is. */
function write(name, text) {
  const bytes = [...Buffer.from(text)].map((byte) => (byte > 127 ? byte - 256 : byte));
  const lines = [];
  for (let i = 0; i < bytes.length; i += 32) lines.push(`${bytes.slice(i, i + 32).join(",")},`);
  fs.writeFileSync(path.join(folder, `${name}.inc`), `${lines.join("\n")}\n`);
}

write("openapi.json", `${JSON.stringify(contract)}\n`);
write("docs.html", page(contract));
write("style.css", fs.readFileSync(style, "utf8"));
