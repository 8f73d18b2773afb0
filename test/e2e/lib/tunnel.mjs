// tunnel.mjs - a proxy for HTTPS (CONNECT) that leads every name to one port of this machine, and keeps what passed through.
import { once } from "node:events";
import http from "node:http";
import net from "node:net";

/** {url, hosts, seen(), stop()}: `hosts` are those that were asked for, `seen` the bytes that clients sent through. */
export async function startTunnel(port) {
  const hosts = [], seen = [], sockets = new Set();
  const server = http.createServer();
  server.on("connect", (request, client) => {
    const inner = net.connect(port, "127.0.0.1", () => client.write("HTTP/1.1 200 OK\r\n\r\n"));
    hosts.push(request.url);
    for (const socket of [client, inner]) sockets.add(socket.on("error", () => {}));
    client.on("data", (data) => seen.push(data));
    client.pipe(inner).pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    hosts,
    seen: () => Buffer.concat(seen).toString("latin1"),
    async stop() {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, "close");
    },
  };
}
