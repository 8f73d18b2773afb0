// mailbox.mjs - a mail server for the tests: as much of SMTP as a client needs, over TLS, after STARTTLS, or in the clear; what
// comes is kept, taken apart as a reader of mail would.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import tls from "node:tls";

/** A certificate for an address of this machine, which is its own authority: {key, cert, file}. */
export function certificateFor(folder, address, name = "mail") {
  const file = `${folder}/${name}.crt`, key = `${folder}/${name}.key`;
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
    "-subj", `/CN=${name}`, "-addext", `subjectAltName=IP:${address}`, "-keyout", key, "-out", file], { stdio: "ignore" });
  return { key: fs.readFileSync(key), cert: fs.readFileSync(file), file };
}

const qp = (bytes) => Buffer.from(bytes.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), "latin1").toString("utf8");
const word = (text) => text.replace(/\?=\s+=\?/g, "?==?").replace(/=\?utf-8\?Q\?([^?]*)\?=/g, (_, q) => qp(q.replace(/_/g, " ")));

/** headers: each name, in lower case, with all of its values, unfolded and decoded; text: the body; raw: the bytes. */
function read(raw) {
  const end = raw.indexOf("\r\n\r\n"), headers = {};
  for (const line of raw.slice(0, end).replace(/\r\n[ \t]/g, " ").split("\r\n")) {
    const at = line.indexOf(":");
    (headers[line.slice(0, at).toLowerCase()] ??= []).push(word(line.slice(at + 1).trim()));
  }
  return { raw, headers, text: qp(raw.slice(end + 4)).replace(/\r\n/g, "\n") };
}

export class Mailbox {
  /** mode: "plain", "starttls" or "tls"; login: {user, password} that it asks for; refuse: what it says to RCPT instead of 250. */
  static async open({ host = "127.0.0.2", port = 0, mode = "starttls", certificate, login, refuse } = {}) {
    const it = Object.assign(new Mailbox(), { host, mode, certificate, login, refuse, mails: [], said: [], sockets: new Set(), connections: 0 });
    it.server = mode === "tls" ? tls.createServer(certificate, (socket) => it.#talk(socket, true)) : net.createServer((socket) => it.#talk(socket, false));
    it.server.on("connection", (socket) => {
      it.connections++;
      it.sockets.add(socket);
      socket.on("error", () => {}).on("close", () => it.sockets.delete(socket));
    });
    it.server.on("tlsClientError", () => {});
    await new Promise((resolve, reject) => it.server.on("error", reject).listen(port, host, resolve));
    it.port = it.server.address().port;
    return it;
  }

  get url() {
    return `${this.mode === "tls" ? "smtps" : "smtp"}://${this.host}:${this.port}`;
  }

  #talk(socket, isSafe) {
    const state = { isSafe, isKnown: this.login === undefined, data: undefined, rest: "" };
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      state.rest += chunk.toString("latin1");
      for (let at; (at = state.rest.indexOf("\r\n")) >= 0; ) {
        const line = state.rest.slice(0, at);
        state.rest = state.rest.slice(at + 2);
        if (state.data !== undefined) this.#data(socket, state, line);
        else if (state.isAsked) this.#login(socket, state, line);
        else if (this.#command(socket, state, line) === "tls") return;
      }
    });
    if (!isSafe || this.mode === "tls") socket.write("220 mailbox\r\n");
  }

  #data(socket, state, line) {
    if (line !== ".") return state.data.push(line.startsWith(".") ? line.slice(1) : line);
    this.mails.push({ ...read(state.data.join("\r\n") + "\r\n"), from: state.from, to: state.to, isSafe: state.isSafe });
    state.data = undefined;
    socket.write("250 kept\r\n");
  }

  #login(socket, state, line) {
    state.isAsked = false;
    state.isKnown = line === Buffer.from(`\0${this.login.user}\0${this.login.password}`).toString("base64");
    socket.write(state.isKnown ? "235 yes\r\n" : "535 no\r\n");
  }

  #command(socket, state, line) {
    this.said.push(line);
    const say = (text) => socket.write(`${text}\r\n`);
    const [verb] = line.toUpperCase().split(" ");
    if (verb === "EHLO") {
      const can = [...(this.mode === "starttls" && !state.isSafe ? ["STARTTLS"] : []), ...(this.login ? ["AUTH PLAIN"] : []), "SMTPUTF8", "8BITMIME"];
      return socket.write(["mailbox", ...can].map((text, i, all) => `250${i === all.length - 1 ? " " : "-"}${text}\r\n`).join(""));
    }
    if (verb === "STARTTLS") return this.#startTls(socket);
    if (verb === "AUTH") {
      state.isAsked = true;
      return say("334 ");
    }
    if (verb === "QUIT") return socket.end("221 bye\r\n");
    if (!state.isKnown) return say("530 who are you");
    if (verb === "MAIL") state.from = /<(.*?)>/.exec(line)[1];
    if (verb === "RCPT" && this.refuse !== undefined) return say(this.refuse);
    if (verb === "RCPT") state.to = /<(.*?)>/.exec(Buffer.from(line, "latin1").toString("utf8"))[1];
    if (verb === "DATA") state.data = [];
    return say(verb === "DATA" ? "354 go on" : "250 yes");
  }

  #startTls(socket) {
    socket.removeAllListeners("data");
    socket.write("220 go on\r\n");
    const safe = new tls.TLSSocket(socket, { isServer: true, ...this.certificate });
    this.#talk(safe, true);
    return "tls";
  }

  /** The letters to somebody. */
  to(email) {
    return this.mails.filter(({ to }) => to === email);
  }

  async close() {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
