// tokens.mjs - keys exchanged for tokens, and what comes of them, as the tests ask for it: by http.sock, as nginx lets a client in.
import path from "node:path";
import assert from "node:assert/strict";
import { request } from "./installation.mjs";

/** The calls that carry a credential of their own, as a client at an address makes them. */
export function tokenClient(service, source = "203.0.113.7") {
  const socket = path.join(path.dirname(service.socket), "http.sock");
  const post = (target, body, headers = {}) =>
    request(socket, "POST", target, { host: "id.test", "x-real-ip": source, "content-type": "application/json", ...headers }, JSON.stringify(body));
  return {
    post,
    exchange: (key, body = {}, headers = {}) => post("/v1/tokens", body, { "x-api-key": key.key ?? key, ...headers }),
    refresh: (token) => post("/v1/tokens/refresh", { token }),
    revoke: (token) => post("/v1/tokens/revoke", { token }),
    /** A pair of tokens, which there has to be. */
    async pair(key, body = {}) {
      const answer = await this.exchange(key, body);
      assert.equal(answer.status, 200, answer.text);
      return answer.json;
    },
  };
}
