// ask_from.mjs - sends the requests on standard input, each from its own address, and prints the answers. See network.mjs.
import http from "node:http";

function ask({ from, to, port, path, key }) {
  const headers = { host: "api.test", connection: "close", ...(key === undefined ? {} : { "x-api-key": key }) };
  return new Promise((resolve) => {
    const request = http.get({ localAddress: from, host: to, port, path, headers, timeout: 20000 }, (response) => {
      let text = "";
      response.on("data", (data) => (text += data));
      response.on("end", () => resolve({ status: response.statusCode, code: /"code":"(\w+)"/.exec(text)?.[1] }));
    });
    request.on("timeout", () => request.destroy(new Error("no answer")));
    request.on("error", (error) => resolve({ error: error.message }));
  });
}

let input = "";
for await (const data of process.stdin) input += data;
const answers = [];
for (const request of JSON.parse(input)) answers.push(await ask(request));
console.log(JSON.stringify(answers));
