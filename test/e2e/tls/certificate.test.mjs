// certificate.test.mjs - tools/dev-certificate: what it makes, what it leaves alone, what it refuses.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";

const TOOL = new URL("../../../tools/dev-certificate", import.meta.url).pathname;
const DAY_MS = 86_400_000;
let base;
before(async () => (base = await fs.mkdtemp(path.join(os.tmpdir(), "keyward-certificate-"))));
after(() => fs.rm(base, { recursive: true }));

function run(program, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", timeout: 30_000, ...options });
  return { status, stdout, stderr };
}
const tool = (...args) => run(TOOL, args, { cwd: base });
const openssl = (...args) => run("openssl", args);

async function made(name) {
  const folder = path.join(base, name);
  const { status, stdout, stderr } = tool(name);
  assert.equal(status, 0, stderr);
  const text = (file) => fs.readFile(path.join(folder, file), "utf8");
  return { folder, stdout, server: new X509Certificate(await text("server.crt")), ca: new X509Certificate(await text("ca.crt")),
    all: await Promise.all(["ca.crt", "ca.key", "server.crt", "server.key"].map(text)) };
}

const daysLeft = (certificate) => (Date.parse(certificate.validTo) - Date.now()) / DAY_MS;

test("the certificate is for localhost and its two addresses, on P-256, signed by its own authority", async () => {
  const { folder, server, ca } = await made("fresh");
  assert.equal(server.checkHost("localhost"), "localhost");
  assert.equal(server.checkIP("127.0.0.1"), "127.0.0.1");
  assert.equal(server.checkIP("::1"), "::1");
  assert.equal(server.checkHost("example.com"), undefined);
  assert.equal(server.publicKey.asymmetricKeyDetails.namedCurve, "prime256v1");
  assert.ok(server.verify(ca.publicKey) && server.checkIssued(ca));
  assert.ok(!server.ca && ca.ca);
  assert.ok(daysLeft(server) > 89 && daysLeft(server) < 91);
  for (const check of [["-verify_hostname", "localhost"], ["-verify_ip", "127.0.0.1"], ["-verify_ip", "::1"]])
    assert.equal(openssl("verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", `${folder}/ca.crt`, ...check, `${folder}/server.crt`).status, 0);
});

test("the folder and all in it are for its owner alone, whatever the umask", async () => {
  const { status } = run("sh", ["-c", `umask 0; exec ${TOOL} open`], { cwd: base });
  assert.equal(status, 0);
  const mode = async (file) => ((await fs.stat(path.join(base, "open", file))).mode & 0o777).toString(8);
  assert.equal(await mode("."), "700");
  for (const file of ["ca.key", "server.key"]) assert.equal(await mode(file), "600", file);
  assert.deepEqual((await fs.readdir(path.join(base, "open"))).sort(), ["ca.crt", "ca.key", "server.crt", "server.key"]);
});

test("the authority cannot vouch for any other name", async () => {
  const { folder } = await made("narrow");
  const at = (file) => path.join(folder, file);
  const issue = (names) => {
    const ext = path.join(base, "ext");
    openssl("req", "-new", "-key", at("server.key"), "-subj", "/CN=x", "-addext", `subjectAltName=${names}`, "-out", path.join(base, "request"));
    assert.equal(openssl("x509", "-req", "-in", path.join(base, "request"), "-CA", at("ca.crt"), "-CAkey", at("ca.key"),
      "-copy_extensions", "copy", "-days", "9", "-out", ext).status, 0);
    return openssl("verify", "-CAfile", at("ca.crt"), ext);
  };
  assert.equal(issue("DNS:localhost").status, 0);
  for (const names of ["DNS:bank.example", "DNS:localhost.example", "IP:127.0.0.2", "IP:192.0.2.1", "DNS:localhost,DNS:bank.example"]) {
    const { status, stderr } = issue(names);
    assert.notEqual(status, 0, names);
    assert.match(stderr, /permitted subtree violation/, names);
  }
});

test("what is there and good stays", async () => {
  const first = await made("stays"), second = await made("stays");
  assert.deepEqual(second.all, first.all);
});

/** Replaces FOLDER/server.crt by one of the same key and authority that ends in so many days. */
function shorten(folder, days) {
  const at = (file) => path.join(folder, file);
  openssl("req", "-new", "-key", at("server.key"), "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-out", at("r"));
  assert.equal(openssl("x509", "-req", "-in", at("r"), "-CA", at("ca.crt"), "-CAkey", at("ca.key"), "-copy_extensions", "copy",
    "-days", String(days), "-out", at("server.crt")).status, 0);
}

test("a certificate near its end is made anew, its authority stays trusted; one far from it stays", async () => {
  const first = await made("ending");
  shorten(first.folder, 40);
  assert.ok(daysLeft((await made("ending")).server) < 41);
  shorten(first.folder, 29);
  const next = await made("ending");
  assert.ok(daysLeft(next.server) > 89);
  assert.equal(next.ca.fingerprint256, first.ca.fingerprint256);
});

test("a key that is not the certificate's, or damage, is mended", async () => {
  const first = await made("damaged"), other = await made("other");
  await fs.copyFile(`${other.folder}/server.key`, `${first.folder}/server.key`);
  assert.ok((await made("damaged")).server.verify(first.ca.publicKey));
  await fs.writeFile(`${first.folder}/server.crt`, "garbage");
  assert.ok((await made("damaged")).server.verify(first.ca.publicKey));
  await fs.rm(`${first.folder}/ca.key`);
  const next = await made("damaged");
  assert.notEqual(next.ca.fingerprint256, first.ca.fingerprint256);
  assert.ok(next.server.verify(next.ca.publicKey));
});

test("it says how to trust it", async () => {
  const { stdout, folder } = await made("told");
  for (const text of ["curl --cacert", "NODE_EXTRA_CA_CERTS=", "update-ca-certificates", "certutil", `${folder}/ca.crt`]) assert.ok(stdout.includes(text), text);
});

test("a folder that others may open is refused, untouched", async () => {
  const folder = path.join(base, "public");
  await fs.mkdir(folder);
  await fs.chmod(folder, 0o755);
  await fs.writeFile(`${folder}/x`, "");
  const { status, stderr } = tool("public");
  assert.equal(status, 77);
  assert.match(stderr, /may be opened by others/);
  assert.deepEqual(await fs.readdir(folder), ["x"]);
});

test("--help is the head of the file; wrong arguments are 64", () => {
  const { status, stdout } = tool("--help");
  assert.equal(status, 0);
  assert.match(stdout, /tools\/dev-certificate FOLDER/);
  assert.ok(!stdout.includes("set -eu"));
  for (const args of [[], ["a", "b"], ["--x"], [""]]) assert.equal(tool(...args).status, 64, args.join(" "));
  assert.equal(tool("/proc/nowhere").status, 73);
});
