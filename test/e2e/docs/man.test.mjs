// man.test.mjs - the manual pages can be read, and say what the headers and the program say.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import test from "node:test";
import { program } from "../lib/installation.mjs";

const at = (name) => new URL(`../../../${name}`, import.meta.url).pathname;
const read = (name) => fs.readFileSync(at(name), "utf8");
const pages = fs.readdirSync(at("man")).filter((name) => /\.[1-8]$/.test(name));
const headers = fs.readdirSync(at("include/keyward")).map((name) => read(`include/keyward/${name}`)).join("\n");

/** What the formatter complains of. */
function complaints(file) {
  const env = { ...process.env, MANWIDTH: "80", LC_ALL: "C.UTF-8" };
  const { stderr, status } = spawnSync("man", ["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", file], { encoding: "utf8", env, maxBuffer: 1 << 24 });
  return status === 0 ? stderr : `${stderr} status ${status}`;
}

test("every_page_renders_without_a_warning", async (t) => {
  for (const page of pages) await t.test(page, () => assert.equal(complaints(at(`man/${page}`)), ""));
});

test("a_page_that_is_wrong_is_complained_of", (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "keyward-man-"));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const wrong = path.join(folder, "wrong.3");
  fs.writeFileSync(wrong, read("man/kw_open.3").replace(".Sh DESCRIPTION", ".Sh DESCRIPTION\n.Zz what"));
  assert.notEqual(complaints(wrong), "");
});

/** "const char *" and "const char*" are the same. */
const tidy = (code) => code.replace(/\s+/g, " ").replace(/ ?\* ?/g, " *").trim();

/** name → "enum kw_err kw_open(const char *run_dir, struct kw_engine **out)" */
function promised() {
  const all = [...headers.matchAll(/^KW_API ([^;]*?\b(kw_\w+)\([^;]*\));/gm)];
  return new Map(all.map(([, code, name]) => [name, tidy(code)]));
}

/** The same, of the synopses of all pages. */
function documented() {
  const found = new Map();
  for (const page of pages)
    for (const [, type, name, args] of read(`man/${page}`).matchAll(/^\.Ft (.*)\n\.Fn (\w+) (.*)$/gm))
      found.set(name, tidy(`${type} ${name}(${[...args.matchAll(/"([^"]*)"/g)].map((m) => m[1]).join(", ")})`));
  return found;
}

test("every_promised_function_has_its_page_with_its_prototype", () => {
  assert.ok(promised().size >= 17);
  assert.deepEqual([...documented()].sort(), [...promised()].sort());
});

test("every_function_of_a_page_is_in_its_name_section", () => {
  for (const page of pages.filter((name) => name.startsWith("kw_"))) {
    const text = read(`man/${page}`);
    const names = [...text.matchAll(/^\.Nm (kw_\w+)/gm)].map((m) => m[1]).sort();
    const functions = [...text.matchAll(/^\.Ft .*\n\.Fn (\w+)/gm)].map((m) => m[1]).sort();
    assert.deepEqual([...new Set(names)], functions, page);
  }
});

/** The comment that stands above a function. */
const commentOf = (name) => headers.slice(0, headers.search(new RegExp(`^KW_API [^;(]*\\b${name}\\(`, "m"))).match(/\/\*(?:(?!\*\/)[^])*\*\/\s*$/)[0];
const errorsIn = (text) => [...new Set(text.match(/\bKW_E[A-Z]+\b/g))].sort();

test("the_errors_of_a_page_are_those_of_the_header", () => {
  for (const name of ["kw_open", "kw_authorize"]) {
    const listed = read(`man/${name}.3`).split(".Sh ERRORS")[1].match(/^\.It Dv KW_E\w+/gm).join(" ");
    assert.deepEqual(errorsIn(listed), errorsIn(commentOf(name)), name);
  }
});

test("the_tables_of_errors_and_reasons_are_those_of_the_headers", () => {
  const page = read("man/kw_strerror.3");
  const listed = [...page.matchAll(/^\.It Dv (KW_\w+)\n(.*)$/gm)].map((m) => `${m[1]} ${m[2]}`);
  const errors = [...read("include/keyward/err.h").matchAll(/X\((KW_\w+), "(\w+)",\s+"([^"]*)"\)/g)].map((m) => `${m[1]} ${m[2]}: ${m[3]}`);
  const reasons = [...read("include/keyward/reason.h").matchAll(/X\((KW_WHY_\w+), "(\w+)", (\d+),/g)].map((m) => `${m[1]} ${m[2]}, ${m[3]}`);
  assert.ok(errors.length > 10 && reasons.length > 20);
  assert.deepEqual(listed, [...errors, ...reasons]);
});

function membersOf(struct) {
  const body = headers.match(new RegExp(`^struct ${struct} \\{([^]*?)^\\};`, "m"))[1].replace(/\/\*[^]*?\*\//g, "");
  return body.split(";").map((line) => line.trim()).filter(Boolean).flatMap((line) => line.split(",").map((part) => part.match(/(\w+)(\[[^\]]*\])?$/)[1]));
}

test("every_member_of_request_and_decision_is_told_of", () => {
  const told = [...read("man/kw_authorize.3").matchAll(/^(?:\.It Fa|\.Fa) (.*)$/gm)].flatMap((m) => m[1].split(/[ ,]+/));
  for (const struct of ["kw_request", "kw_decision"]) {
    assert.ok(membersOf(struct).length > 10);
    for (const member of membersOf(struct)) assert.ok(told.includes(member), `${struct}.${member}`);
  }
});

test("numbers_and_constants_are_those_of_the_headers", () => {
  const text = pages.map((page) => read(`man/${page}`)).join("\n").replace(/^\.Dt .*$/gm, "");
  const numbers = [...text.matchAll(/^\.Dv (KW_\w+)\n\.Pq (\d+)/gm)];
  assert.ok(numbers.length >= 3);
  for (const [, name, number] of numbers) {
    const [, base, shift] = headers.match(new RegExp(`\\b${name} = (\\d+)(?: << (\\d+))?`));
    assert.equal(Number(number), Number(base) * 2 ** Number(shift ?? 0), name);
  }
  for (const name of new Set(text.match(/\bKW_[A-Z_]+\b/g))) assert.match(headers, new RegExp(`\\b${name}\\b`), name);
});

test("keyward_1_names_every_command", () => {
  const page = read("man/keyward.1");
  const { stdout } = spawnSync(program, ["help"], { encoding: "utf8" });
  const commands = [...stdout.matchAll(/^ {2,4}(?:keyward )?([a-z]+(?: [a-z]+)?)(?= )/gm)].map((m) => m[1]);
  assert.ok(commands.length > 15, stdout);
  for (const command of commands) assert.ok(page.includes(`.It Cm ${command}`), command);
});
