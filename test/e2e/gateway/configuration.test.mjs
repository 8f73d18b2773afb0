// configuration.test.mjs - what `nginx -t` refuses, and that it says how to mend it.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { testConfiguration } from "../lib/nginx.mjs";

let folder;
before(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "keyward-e2e-"));
});
after(() => fs.rm(folder, { recursive: true }));

const STATE = "keyward_state /run/keyward;";
const server = (text) => `server { listen 127.0.0.1:1; ${text} }`;

const refused = [
  ["keyward_on_without_a_state", server("keyward_environment sandbox; location / { keyward on; }"), /write "keyward_state \/run\/keyward;" into the http block/],
  ["keyward_on_without_an_environment", `${STATE} ${server("location /api { keyward on; }")}`, /write "keyward_environment sandbox;"/],
  ["keyward_on_for_all_with_one_server_without_an_environment",
    `${STATE} keyward on; ${server("keyward_environment sandbox;")} ${server("")}`, /reaches a server or location without an environment/],
  ["a_state_that_is_empty", 'keyward_state "";', /run folder of keyward serve/],
  ["a_state_given_twice", `${STATE} ${STATE}`, /is duplicate/],
  ["a_state_inside_a_server", server(STATE), /not allowed here/],
  ["an_unknown_environment", server("keyward_environment staging;"), /invalid value "staging"/],
  ["an_environment_for_all_servers", "keyward_environment sandbox;", /not allowed here/],
  ["keyward_inside_an_if", `${STATE} ${server("keyward_environment sandbox; location / { if ($arg_x) { keyward off; } }")}`, /not allowed here/],
  ["a_key_header_that_is_no_name", 'keyward_header "x api";', /name of a header/],
  ["a_key_header_with_an_underscore", "keyward_header x_api_key;", /name of a header/],
  ["authorization_as_key_header", "keyward_header Authorization;", /means something else already/],
  ["cookie_as_key_header", "keyward_header cookie;", /means something else already/],
  ["an_identity_header_as_key_header", "keyward_header X-Keyward-Account;", /means something else already/],
  ["keyward_authorize_without_trust", `${STATE} ${server("keyward_environment sandbox; location = /a { keyward_authorize; }")}`,
    /"keyward_authorize" in .* answers nobody: name the proxies that may ask/],
  ["keyward_authorize_without_a_state", server("keyward_environment sandbox; location = /a { keyward_authorize; keyward_trust 10.0.0.0/8; }"),
    /"keyward_authorize" in .* needs the state of keyward serve/],
  ["keyward_authorize_without_an_environment", `${STATE} ${server("location = /a { keyward_authorize; keyward_trust 10.0.0.0/8; }")}`,
    /"keyward_authorize" in .* has no environment: write "keyward_host/],
  ["keyward_authorize_beside_keyward_on",
    `${STATE} ${server("keyward_environment sandbox; location = /a { keyward on; keyward_authorize; keyward_trust 10.0.0.0/8; }")}`, /leave one of them out/],
  ["keyward_authorize_beside_another_handler", `${STATE} ${server("location = /a { empty_gif; keyward_authorize; }")}`, /answered by another directive/],
  ...["empty_gif;", "proxy_pass http://127.0.0.1:1;", "stub_status;"].map((other) => [`keyward_authorize_before_${other.split(/[ ;]/)[0]}`,
    `${STATE} ${server(`keyward_environment sandbox; location = /a { keyward_authorize; keyward_trust 10.0.0.0/8; ${other} }`)}`, /another directive behind it answers/]),
  ["keyward_authorize_twice", `${STATE} ${server("location = /a { keyward_authorize; keyward_authorize; }")}`, /is duplicate/],
  ["keyward_authorize_for_a_whole_server", server("keyward_authorize;"), /not allowed here/],
  ["trust_in_a_name", "keyward_trust proxy.internal;", /networks of trusted proxies/],
  ["trust_with_bits_behind_the_prefix", "keyward_trust 10.0.0.1/8;", /no bits may be set behind the prefix/],
  ["a_host_with_a_port", "keyward_host api.test:443 sandbox;", /without scheme and port/],
  ["a_host_of_an_unknown_environment", "keyward_host api.test staging;", /"sandbox" or "production"/],
  ["a_host_twice", "keyward_host api.test sandbox; keyward_host API.test production;", /has its environment already/],
  ["an_unknown_way_with_browsers", "keyward_browser maybe;", /invalid value "maybe"/],
];

for (const [name, http, want] of refused) {
  test(`nginx_t_refuses_${name}`, async () => {
    const { code, stderr } = await testConfiguration(folder, http);
    assert.notEqual(code, 0);
    assert.match(stderr, want);
  });
}

test("nginx_t_names_the_line_of_keyward_on", async () => {
  const { stderr } = await testConfiguration(folder, `\n\n\n${STATE}\n${server("\nlocation / {\nkeyward on;\n}\n")}`);
  const lines = (await fs.readFile(`${folder}/nginx.conf`, "utf8")).split("\n");
  const line = lines.findIndex((text) => text.includes("keyward on;")) + 1;
  assert.ok(stderr.includes(`nginx.conf:${line} `), stderr);
});

test("nginx_t_accepts_what_is_whole_without_any_state_on_disk", async () => {
  const all = `keyward_header x-wallet-key; keyward_bearer on; keyward_browser refuse; keyward_forward_key on; keyward_plaintext on;`;
  const http = `${STATE} ${all} ${server("keyward_environment sandbox; location / { keyward on; } location /open { keyward off; }")} ${server("")}`;
  const { code, stderr } = await testConfiguration(folder, http);
  assert.equal(code, 0, stderr);
});

test("nginx_t_accepts_a_server_that_turns_it_off", async () => {
  const { code, stderr } = await testConfiguration(folder, `${STATE} keyward on; ${server("keyward off;")}`);
  assert.equal(code, 0, stderr);
});

test("nginx_t_accepts_keyward_authorize_where_all_that_it_needs_is_inherited", async () => {
  const authorize = "location = /a { keyward_authorize; }";
  const trust = "keyward_trust 10.0.0.0/8 2001:db8::/32;";
  const http = `${STATE} ${trust} ${server(`keyward on; keyward_environment sandbox; ${authorize}`)}
    ${server(`keyward_host api.test sandbox; keyward_host live.test production; ${authorize}`)}`;
  const { code, stderr } = await testConfiguration(folder, http);
  assert.equal(code, 0, stderr);
});
