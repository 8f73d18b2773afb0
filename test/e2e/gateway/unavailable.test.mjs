// unavailable.test.mjs - without a state nginx runs, denies, and looks again.
import { test } from "node:test";
import assert from "node:assert/strict";
import { assertDenied, until } from "../lib/check.mjs";
import { startGateway, values } from "../lib/gateway.mjs";
import { startKeyward } from "../lib/keyward.mjs";

test("without_a_state_everything_protected_is_answered_503", async () => {
  const gateway = await startGateway({
    keyward: false,
    sandbox: (g) => `location / { keyward on; error_page 503 =200 /open; ${g.pass} } location /open { ${g.pass} }`,
  });
  try {
    for (const line of ["GET /pay/x", "GET /public/x", "POST /closed/x"]) {
      const answer = await gateway.ask(line, { key: "mk_test_x", headers: line.startsWith("POST") ? [["Content-Length", "0"]] : [] });
      assertDenied(answer, 503, "unavailable");
      assert.match(values(answer, "x-request-id")[0], /^[0-9a-f]{32}$/);
    }
    assert.deepEqual(gateway.upstream.seen, []);
    assert.equal((await gateway.ask("GET /open")).status, 200);
    const log = await gateway.nginx.errorLog();
    assert.equal(log.match(/keyward: cannot open/g).length, 1, "said once, not with every request");
  } finally {
    await gateway.stop();
  }
});

test("a_state_that_appears_is_opened_within_seconds", async () => {
  const gateway = await startGateway({ keyward: false, sandbox: (g) => `location / { keyward on; ${g.pass} }`, http: "" });
  let keyward;
  try {
    assertDenied(await gateway.ask("GET /public/x"), 503, "unavailable");
    keyward = await startKeyward({ policy: "public: [GET /public/x]\n", run: gateway.run });
    await until(async () => (await gateway.ask("GET /public/x")).status === 200);
  } finally {
    await keyward?.stop(); /* first: its run folder is inside the gateway's, which stop() removes */
    await gateway.stop();
  }
});
