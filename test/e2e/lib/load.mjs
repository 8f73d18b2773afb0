// load.mjs - clients on kept connections that ask as fast as they are answered, and remember every answer.
import { Connection, requestBytes, values } from "./raw.mjs";

/** Locations that nginx answers itself (GET only), so that the load is on the decisions. X-Worker names who decided. */
export const LOAD_LOCATIONS = `keepalive_requests 10000000;
  location / { keyward on; keyward_bearer on; add_header X-Worker $pid always; empty_gif; }`;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** An access token goes where it belongs. */
function bytesOf(key, target) {
  const credential = key.startsWith("mkt_") ? ["Authorization", `Bearer ${key}`] : ["x-api-key", key];
  return requestBytes(`GET ${target} HTTP/1.1`, [["Host", "api.test"], credential]);
}

async function workerOf(connection) {
  connection.send(requestBytes("GET /public/x HTTP/1.1", [["Host", "api.test"]]));
  const answer = await connection.read("GET", 20000);
  return values(answer, "x-worker")[0];
}

/** Connections, half of them to each of nginx's two workers. */
async function spread(port, n) {
  const kept = new Map();
  for (let tries = 0; tries < 400; tries++) {
    const connection = new Connection(port);
    const worker = await workerOf(connection);
    const theirs = kept.get(worker) ?? [];
    if (theirs.length < n / 2) kept.set(worker, [...theirs, connection]);
    else connection.close();
    const all = [...kept.values()].flat();
    if (all.length === n) return all;
  }
  throw new Error("one worker takes all connections");
}

/** `key`: who asks; it may be changed at any time (see switchTo). An answer is {key, begun, ended, status, code, id}, begun and
 *  ended by performance.now(); a request whose connection broke has the status 0. */
export class Load {
  answers = [];
  #going = true;
  #clients = [];
  #underWay = new Set();

  /** Ends by itself after `most` requests and after a minute. */
  constructor(port, { key, target = "/pay/x", pauseMs = 0, most = 100000 }) {
    Object.assign(this, { port, key, target, pauseMs, most, deadline: performance.now() + 60000 });
  }

  async start(n = 4) {
    const connections = await spread(this.port, n);
    this.#clients = connections.map((connection) => this.#run(connection));
    return this;
  }

  async stop() {
    this.#going = false;
    await this.done();
  }

  /** Waits for the end that the load finds by itself. */
  async done() {
    await Promise.all(this.#clients);
  }

  /** Goes on until `n` more requests have been begun and answered. */
  async more(n) {
    const begun = performance.now();
    const enough = () => this.answers.reduce((sum, answer) => sum + (answer.begun > begun ? 1 : 0), 0) >= n;
    for (const deadline = begun + 20000; !enough(); await pause(2))
      if (performance.now() > deadline) throw new Error("the load does not get on");
  }

  /** Asks with another key from here on, and waits until what was begun with the one before has been answered. */
  async switchTo(key) {
    this.key = key;
    const before = new Set(this.#underWay);
    for (const deadline = performance.now() + 20000; [...before].some((one) => this.#underWay.has(one)); await pause(2))
      if (performance.now() > deadline) throw new Error("a request is not answered");
  }

  async #run(connection) {
    while (this.#going && this.answers.length < this.most && performance.now() < this.deadline) {
      if (connection.ended) connection = await this.#again(connection);
      await this.#ask(connection);
      if (this.pauseMs > 0) await pause(this.pauseMs);
    }
    connection.close();
  }

  async #again(connection) {
    connection.close();
    await pause(10);
    return new Connection(this.port);
  }

  async #ask(connection) {
    const { key } = this, begun = performance.now(), request = {};
    this.#underWay.add(request);
    connection.send(bytesOf(key, this.target));
    const answer = await connection.read("GET", 20000).finally(() => this.#underWay.delete(request));
    const result = { key, begun, ended: performance.now(), status: answer?.status ?? 0, code: answer?.json?.code };
    result.id = answer === undefined ? undefined : values(answer, "x-request-id")[0];
    this.answers.push(result);
  }
}

/** How often each value occurs. */
export function countBy(list, of) {
  const counts = {};
  for (const one of list) counts[of(one)] = (counts[of(one)] ?? 0) + 1;
  return counts;
}
