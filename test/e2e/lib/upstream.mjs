// upstream.mjs - the API behind the gateway: it answers 200 and remembers what it was sent.
import http from "node:http";
import { once } from "node:events";

/** Listens on a unix socket. `reply(request, response)` may answer in another way than 200 {"ok":true}. */
export async function startUpstream(socketPath) {
  const upstream = { path: socketPath, seen: [], reply: undefined };
  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      upstream.seen.push({
        method: request.method,
        url: request.url,
        headers: pairs(request.rawHeaders),
        body: Buffer.concat(chunks).toString("latin1"),
      });
      (upstream.reply ?? ok)(request, response);
    });
  });
  server.listen(socketPath);
  await once(server, "listening");
  upstream.stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return upstream;
}

function ok(request, response) {
  response.setHeader("Content-Type", "application/json");
  response.end('{"ok":true}');
}

export function pairs(rawHeaders) {
  const list = [];
  for (let i = 0; i < rawHeaders.length; i += 2) list.push([rawHeaders[i], rawHeaders[i + 1]]);
  return list;
}
