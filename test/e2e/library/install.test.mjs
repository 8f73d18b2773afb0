// install.test.mjs - what is installed can be built against: shared, static, from C11 and C++11, beside any other name.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { build } from "../lib/nginx.mjs";
import { examples, installTree, must } from "../lib/outsider.mjs";

let tree;
before(async () => {
  tree = await installTree();
});
after(() => tree.stop());

const source = new URL("../../../include/keyward/", import.meta.url).pathname;

/** Compiles a text and runs it; what it printed. */
async function buildAndRun(name, text, compiler, flags) {
  const file = path.join(tree.folder, name);
  await fs.writeFile(file, text);
  must(compiler[0], [...compiler.slice(1), file, ...flags, "-o", `${file}.out`]);
  return must(`${file}.out`, []);
}

const PROGRAM = `#include <keyward/keyward.h>
#include <stdio.h>
int main(void)
{
    struct kw_engine *engine;
    return puts(kw_err_name(kw_open("/nowhere", &engine))) < 0;
}
`;

test("headers_and_libraries_are_installed", async () => {
  for (const header of await fs.readdir(source)) assert.ok(tree.files.some((f) => f.endsWith(`include/keyward/${header}`)), header);
  for (const name of ["libkeyward.a", "libkeyward.so", "libkeyward.so.0"]) await fs.access(path.join(tree.lib, name));
  const dynamic = must("readelf", ["-d", path.join(tree.lib, "libkeyward.so")]);
  assert.match(dynamic, /SONAME.*\[libkeyward\.so\.0\]/);
  const needed = [...dynamic.matchAll(/NEEDED.*\[(.*)\]/g)].map((m) => m[1].replace(/\.so.*/, ""));
  assert.deepEqual(needed.filter((name) => !["libcrypto", "libc", "ld-linux-x86-64"].includes(name)), []);
  assert.doesNotMatch(dynamic, /RPATH|RUNPATH|TEXTREL/);
});

test("every_function_has_its_manual_page_under_its_name", async () => {
  const promised = must("nm", ["-D", "--defined-only", "--format=just-symbols", path.join(tree.lib, "libkeyward.so")]).trim().split("\n");
  assert.ok(promised.length >= 17);
  for (const name of [...promised, "libkeyward"]) {
    const page = tree.files.find((file) => file.endsWith(`man/man3/${name}.3`)) ?? assert.fail(name);
    assert.match(await fs.readFile(path.join(tree.folder, page), "utf8"), /^\.Dd /, name);
  }
});

test("strict_c11_and_cpp11_build_against_the_shared_library", async () => {
  const flags = [...tree.flags(["keyward"]), `-Wl,-rpath,${tree.lib}`];
  const strict = ["-pedantic-errors", "-Wall", "-Wextra", "-Werror"];
  assert.equal(await buildAndRun("a.c", PROGRAM, ["cc", "-std=c11", ...strict], flags), "unavailable\n");
  assert.equal(await buildAndRun("a.cc", PROGRAM, ["clang-14", "-x", "c++", "-std=c++11", ...strict], flags), "unavailable\n");
});

test("the_build_folder_serves_without_an_installation", async () => {
  const env = { ...process.env, PKG_CONFIG_PATH: path.join(build, "meson-uninstalled") };
  const flags = must("pkg-config", ["--cflags", "--libs", "keyward"], { env }).trim().split(/\s+/);
  assert.equal(await buildAndRun("u.c", PROGRAM, ["cc"], [...flags, `-Wl,-rpath,${build}/src`]), "unavailable\n");
});

function staticFlags() {
  return tree.flags(["keyward"], "--static").map((flag) => (flag === "-lkeyward" ? "-l:libkeyward.a" : flag));
}

test("a_static_program_needs_no_library_of_ours", async () => {
  assert.equal(await buildAndRun("s.c", PROGRAM, ["cc"], staticFlags()), "unavailable\n");
  assert.doesNotMatch(must("readelf", ["-d", path.join(tree.folder, "s.c.out")]), /keyward/);
});

/* The program has a function of its own for every name that is shared between our files. */
test("the_static_library_meets_no_name_of_the_program", async () => {
  const symbols = must("nm", ["--extern-only", "--defined-only", "--format=posix", path.join(build, "src/libengine.a")]);
  const names = [...symbols.matchAll(/^(\w+) [TDBR] /gm)].map((m) => m[1]).filter((name) => !name.startsWith("kw_"));
  assert.ok(names.length > 50, `${names.length}`);
  const theirs = names.map((name) => `void ${name}(void); void ${name}(void) { __builtin_trap(); }`).join("\n");
  assert.equal(await buildAndRun("n.c", `${PROGRAM}${theirs}\n`, ["cc"], staticFlags()), "unavailable\n");
});

test("the_page_of_the_library_names_every_example", async () => {
  const page = await fs.readFile(new URL("../../../docs/library.md", import.meta.url), "utf8");
  const files = (await fs.readdir(examples)).filter((name) => name.endsWith(".c"));
  assert.ok(files.length >= 5);
  for (const name of files) assert.ok(page.includes(`examples/c/${name}`), name);
});
