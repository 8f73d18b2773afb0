// tokens.mjs - tokens made a second, by one caller after the other and by sixteen at once.
import { performance } from 'node:perf_hooks';
import http from 'node:http';

const WARM_MS = 500, RUN_MS = 4000;

/** One exchange of a key, by admin.sock; the connection stays. */
function exchange(socketPath, agent, key) {
    return new Promise((resolve, reject) => {
        const headers = { 'content-type': 'application/json', 'x-api-key': key, host: 'localhost' };
        const request = http.request({ socketPath, agent, method: 'POST', path: '/v1/tokens', headers }, (answer) => {
            answer.resume();
            answer.on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`an exchange was answered ${answer.statusCode}`))));
        });
        request.on('error', reject);
        request.end('{}');
    });
}

/** Tokens a second that so many callers get, each asking again when it has its own. */
export async function exchangeRate(socketPath, key, callers) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: callers });
    const run = async (ms) => {
        const end = performance.now() + ms;
        let n = 0;
        await Promise.all(Array.from({ length: callers }, async () => {
            for (; performance.now() < end; n++) await exchange(socketPath, agent, key);
        }));
        return n;
    };
    try {
        await run(WARM_MS);
        const began = performance.now();
        const n = await run(RUN_MS);
        return (n * 1000) / (performance.now() - began);
    } finally {
        agent.destroy();
    }
}
