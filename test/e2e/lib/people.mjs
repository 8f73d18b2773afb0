// people.mjs - a browser of one member, as the management API sees it: it comes by http.sock, as nginx lets it, with cookie,
// Origin, Fetch Metadata and the token against forgery.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import path from "node:path";
import { request } from "./installation.mjs";

export const HOST = "keyward.example.com", PASSWORD = "a lantern over seven quiet harbours";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export function fromBase32(text) {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

/** The step of half a minute that the time is in. */
export const stepNow = () => Math.floor(Date.now() / 30_000);

/** The six digits that an app shows (RFC 6238), so many steps away from one of them, or from now. */
export function codeOf(secret, steps = 0, from = stepNow()) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(from + steps));
  const mac = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const at = mac[19] & 0xf;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

export class Browser {
  constructor(keyward, { source = "203.0.113.7", agent = "Firefox" } = {}) {
    this.socket = path.join(path.dirname(keyward.socket), "http.sock");
    this.from = { host: HOST, "x-real-ip": source, "user-agent": agent };
  }

  /** What a page of ours sends; `headers` take the place of some of it, undefined leaves one out. */
  async call(method, target, body, headers = {}) {
    const own = {
      ...this.from,
      "sec-fetch-site": "same-origin",
      ...(method === "GET" ? {} : { origin: `https://${HOST}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(this.cookie === undefined ? {} : { cookie: `__Host-keyward=${this.cookie}` }),
      ...(this.csrf === undefined ? {} : { "x-csrf-token": this.csrf }),
      ...headers,
    };
    for (const name of Object.keys(own)) if (own[name] === undefined) delete own[name];
    const answer = await request(this.socket, method, target, own, body === undefined ? undefined : JSON.stringify(body));
    this.#keep(answer);
    return answer;
  }

  #keep({ headers, json }) {
    const [set] = headers["set-cookie"] ?? [];
    if (set !== undefined) {
      assert.match(set, /^__Host-keyward=[0-9A-Za-z]*; Path=\/; Secure; HttpOnly; SameSite=Strict(; Max-Age=0)?$/);
      this.cookie = /=([^;]*)/.exec(set)[1] || undefined;
      if (this.cookie === undefined) this.csrf = undefined;
    }
    this.csrf = json?.csrfToken ?? json?.session?.csrfToken ?? this.csrf;
  }

  signIn(email, password = PASSWORD) {
    return this.call("POST", "/v1/session", { email, password });
  }

  /** Sets a one-time password up: its secret, the recovery codes, and the step whose code is used by that. */
  async setUpTotp(step = stepNow()) {
    const { json: offer } = await this.call("POST", "/v1/me/totp");
    const { status, json, text } = await this.call("POST", "/v1/me/totp/confirm", { setup: offer.setup, code: codeOf(offer.secret, 0, step) });
    assert.equal(status, 200, text);
    return { secret: offer.secret, codes: json.recoveryCodes, step };
  }
}

/** Invites somebody from the machine itself, and has him accept: a browser that is signed in, and his id. */
export async function join(keyward, { email, role, account = "main", operator, ...more }) {
  const invited = await keyward.call("POST", "/v1/members", { email, role, account, ...(operator === undefined ? {} : { operator }) });
  assert.equal(invited.status, 201, invited.text);
  const browser = new Browser(keyward, more);
  const accepted = await browser.call("POST", "/v1/links/accept", { link: invited.json.secret, password: PASSWORD });
  assert.equal(accepted.status, 201, accepted.text);
  return Object.assign(browser, { id: invited.json.id, email });
}
