// receiver.mjs - somebody whom webhooks lead to: an HTTPS server of this machine that keeps what comes, by path.
import { once } from "node:events";
import https from "node:https";
import { certificateFor } from "./mailbox.mjs";

export class Receiver {
  /** How a path answers: a function of (request, response, body, how many came there before). Without: 204. */
  answers = {};
  /** Everything that came: {path, headers, body, at}. */
  came = [];

  static async start(folder) {
    const it = new Receiver();
    it.certificate = certificateFor(folder, "127.0.0.1", "receiver");
    it.server = https.createServer({ key: it.certificate.key, cert: it.certificate.cert }, (request, response) => it.#take(request, response));
    it.server.on("connection", () => it.connections++);
    it.server.listen(0, "127.0.0.1");
    await once(it.server, "listening");
    it.port = it.server.address().port;
    return it;
  }

  connections = 0;

  async #take(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString("utf8"), before = this.at(request.url).length;
    this.came.push({ path: request.url, method: request.method, headers: request.headers, body, at: Date.now() });
    const answer = this.answers[request.url] ?? ((_, response) => response.writeHead(204).end());
    response.on("error", () => {});
    answer(request, response, body, before);
  }

  url(path) {
    return `https://127.0.0.1:${this.port}${path}`;
  }

  /** What came to a path, optionally of one type only. */
  at(path, type) {
    return this.came.filter((one) => one.path === path && (type === undefined || JSON.parse(one.body).type === type));
  }

  /** Waits until so many have come to a path; gives them. */
  async until(path, n, { type, ms = 15_000 } = {}) {
    for (const end = Date.now() + ms; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 25)))
      if (this.at(path, type).length >= n) return this.at(path, type);
    throw new Error(`${this.at(path, type).length} of ${n} came to ${path} in ${ms} ms`);
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
