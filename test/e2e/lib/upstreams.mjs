// upstreams.mjs - upstreams that speak FastCGI, SCGI, uwsgi and gRPC just enough to show what nginx sent them.
import http2 from "node:http2";
import net from "node:net";
import { once } from "node:events";

/** A server whose `seen` holds, for each connection, everything it received as latin-1 text. */
async function startRaw(path, isWhole, answer) {
  const upstream = { seen: [] };
  const server = net.createServer((socket) => {
    let got = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("data", (data) => {
      got = Buffer.concat([got, data]);
      if (!isWhole(got)) return;
      upstream.seen.push(got.toString("latin1"));
      socket.end(answer);
    });
  });
  server.listen(path);
  await once(server, "listening");
  upstream.stop = () => new Promise((resolve) => server.close(resolve));
  return upstream;
}

const CGI_ANSWER = "Status: 200 OK\r\nContent-Type: text/plain\r\n\r\nok";

/** SCGI: a netstring of headers, then the body (which is one byte in our tests). */
export function startScgi(path) {
  const isWhole = (got) => {
    const colon = got.indexOf(":");
    return colon > 0 && got.length >= colon + 1 + Number(got.subarray(0, colon)) + 2;
  };
  return startRaw(path, isWhole, CGI_ANSWER);
}

/** uwsgi: four bytes with the length of the variables in the middle, the variables, the body. */
export function startUwsgi(path) {
  return startRaw(path, (got) => got.length >= 4 && got.length >= 4 + got.readUInt16LE(1) + 1, CGI_ANSWER);
}

function fastcgiRecord(type, content) {
  const head = Buffer.from([1, type, 0, 1, content.length >> 8, content.length & 255, 0, 0]);
  return Buffer.concat([head, Buffer.from(content)]);
}

/** FastCGI: records; an empty one of type 5 (standard input) ends the request. */
export function startFastcgi(path) {
  const isWhole = (got) => {
    for (let at = 0; at + 8 <= got.length; at += 8 + got.readUInt16BE(at + 4) + got[at + 6])
      if (got[at + 1] === 5 && got.readUInt16BE(at + 4) === 0) return true;
    return false;
  };
  const answer = [fastcgiRecord(6, CGI_ANSWER), fastcgiRecord(6, ""), fastcgiRecord(3, "\0\0\0\0\0\0\0\0")];
  return startRaw(path, isWhole, Buffer.concat(answer));
}

/** gRPC, as far as HTTP/2. */
export async function startGrpc(path) {
  const upstream = { seen: [] };
  const server = http2.createServer();
  server.on("stream", (stream, headers) => {
    upstream.seen.push(JSON.stringify(headers));
    stream.on("error", () => {});
    stream.respond({ ":status": 200, "content-type": "application/grpc" });
    stream.end();
  });
  server.listen(path);
  await once(server, "listening");
  upstream.stop = () => new Promise((resolve) => server.close(resolve));
  return upstream;
}
