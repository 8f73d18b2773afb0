// raw.mjs - a client that sends exactly the bytes it is given and reads HTTP/1 answers.
import net from "node:net";
import tls from "node:tls";

/** Joins a request line and [name, value] pairs into the bytes of a request. Strings are latin-1: one char, one byte. */
export function requestBytes(line, headers = [], body = "") {
  const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.from(`${line}\r\n${fields}\r\n${body}`, "latin1");
}

function parseHead(text) {
  const [statusLine, ...lines] = text.split("\r\n");
  const headers = lines.map((line) => {
    const at = line.indexOf(":");
    return [line.slice(0, at), line.slice(at + 1).trim()];
  });
  return { status: Number(statusLine.split(" ")[1]), headers };
}

/** Every value of a header, in order, whatever the case of its name. */
export function values(message, name) {
  return message.headers.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

function readChunks(buffer) {
  const parts = [];
  let at = 0;
  for (;;) {
    const end = buffer.indexOf("\r\n", at);
    if (end < 0) return null;
    const size = parseInt(buffer.subarray(at, end).toString("latin1"), 16);
    if (buffer.length < end + 2 + size + 2) return null;
    if (size === 0) return { body: Buffer.concat(parts), used: end + 4 };
    parts.push(buffer.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

function readBody(head, rest, method, ended) {
  if (method === "HEAD" || head.status === 204 || head.status === 304) return { body: Buffer.alloc(0), used: 0 };
  if (values(head, "transfer-encoding").includes("chunked")) return readChunks(rest);
  const length = values(head, "content-length")[0];
  if (length === undefined) return ended ? { body: rest, used: rest.length } : null;
  if (rest.length < Number(length)) return null;
  return { body: rest.subarray(0, Number(length)), used: Number(length) };
}

/** Takes one whole answer off the front of the buffer; null: it is not all there yet. */
function takeAnswer(buffer, method, ended) {
  const end = buffer.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const head = parseHead(buffer.subarray(0, end).toString("latin1"));
  const body = readBody(head, buffer.subarray(end + 4), method, ended);
  if (body === null) return null;
  const text = body.body.toString("utf8");
  return { answer: { ...head, body: body.body, text, json: parseJson(text) }, used: end + 4 + body.used };
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A connection that is kept: send bytes, read answers, in any order. */
export class Connection {
  #socket;
  #buffer = Buffer.alloc(0);
  #wake = () => {};
  ended = false;

  /** `secure`, where it is TLS: options of tls.connect. */
  constructor(port, host = "127.0.0.1", secure = undefined) {
    this.#socket = secure === undefined ? net.connect(port, host) : tls.connect({ port, host, ...secure });
    this.#socket.setNoDelay(true);
    this.#socket.on("data", (data) => {
      this.#buffer = Buffer.concat([this.#buffer, data]);
      this.#wake();
    });
    const over = () => {
      this.ended = true;
      this.#wake();
    };
    this.#socket.on("close", over).on("end", over).on("error", (error) => {
      this.error = error;
      over();
    });
  }

  send(bytes) {
    this.#socket.write(bytes);
  }

  /** The next answer; undefined when the connection ended without one. */
  async read(method = "GET", timeoutMs = 5000) {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const taken = takeAnswer(this.#buffer, method, this.ended);
      if (taken !== null) {
        this.#buffer = this.#buffer.subarray(taken.used);
        return taken.answer;
      }
      if (this.ended) return undefined;
      if (Date.now() > deadline) throw new Error(`no answer within ${timeoutMs} ms; so far: ${this.#buffer}`);
      await this.#change(deadline - Date.now());
    }
  }

  #change(timeoutMs) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs + 1);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** What has arrived and was not read as an answer. */
  get unread() {
    return this.#buffer.toString("latin1");
  }

  close() {
    this.#socket.destroy();
  }
}

/** One request on a connection of its own: its answer, or undefined when there is none. */
export async function exchange(port, bytes, { method = "GET", host, secure } = {}) {
  const connection = new Connection(port, host, secure);
  try {
    connection.send(bytes);
    return await connection.read(method);
  } finally {
    connection.close();
  }
}
