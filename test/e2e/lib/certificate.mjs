// certificate.mjs - a certificate of our own, for tests that speak TLS.
import { execFileSync } from "node:child_process";

/** Makes one in the folder: the paths {certificate, key}. */
export function makeCertificate(folder) {
  const made = { certificate: `${folder}/tls.crt`, key: `${folder}/tls.key` };
  const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=api.test"];
  execFileSync("openssl", [...args, "-keyout", made.key, "-out", made.certificate], { stdio: "ignore" });
  return made;
}
