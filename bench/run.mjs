#!/usr/bin/env node
// run.mjs - `make bench`: all figures of bench/README.md, one "name value unit" a line.
//
//     bench/run.mjs [decision|record|tokens|serve|module|beside]…     these parts alone
import fs from 'node:fs';
import path from 'node:path';
import { otherSecret, unknownId } from '../tools/run/key_text.mjs';
import { freePort } from '../tools/run/stack.mjs';
import { authRequest, bare, caddy, caddyAsking, keyward, lua, map } from './lib/beside.mjs';
import { load, startApi, startGateway } from './lib/gateway.mjs';
import { measure, policyFile, State } from './lib/state.mjs';
import { exchangeRate } from './lib/tokens.mjs';

const KEYS = 1_000_000, PAIRS = 9, STARTS = 5, SECONDS = 2, ROUNDS = 5;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const figure = (name, value, unit) => console.log(`${name} ${value < 100 ? value.toFixed(unit === 'x' ? 3 : 2) : value.toFixed(0)} ${unit}`);
const say = (what) => console.error(`… ${what}`);

/** Starts that find a keyring, and starts that do not. */
async function benchServe(state) {
    const restarts = [], rebuilds = [];
    say('starting keyward serve among a million keys, with a keyring and without');
    await state.start();
    for (let i = 0; i < STARTS; i++) {
        await state.kill();
        restarts.push(await state.start());
        await state.kill();
        fs.rmSync(state.keyring);
        rebuilds.push(await state.start());
    }
    figure('keyring_bytes_per_key', fs.statSync(state.keyring).size / KEYS, 'B');
    figure('restart_1e6_ms', median(restarts), 'ms');
    figure('rebuild_1e6_ms', median(rebuilds), 'ms');
}

/** The processor time of a request with Keyward to one without, and of two without, in turns. */
async function comparePairs(gateways, keys) {
    const pairs = [], same = [], cost = {};
    for (const gateway of Object.values(gateways)) await load(gateway, keys, { seconds: 2 });
    for (let i = 0; i < PAIRS; i++) {
        const order = i % 2 === 0 ? ['with', 'without', 'same'] : ['same', 'without', 'with'];
        for (const label of order) cost[label] = (await load(gateways[label], keys, { seconds: SECONDS })).cpuNs;
        pairs.push(cost.with / cost.without);
        same.push(cost.same / cost.without);
    }
    return { ratio: median(pairs), same: median(same), ns: cost.without };
}

async function benchRatio(state, api, kind, name) {
    const gateways = {};
    say(`asking nginx with Keyward and without, ${PAIRS} pairs (${kind})`);
    try {
        for (const [label, run] of [['with', state.shared], ['without'], ['same']])
            gateways[label] = await startGateway(`${kind}-${label}`, state.home, { api, port: await freePort(), kind, run });
        const found = await comparePairs(gateways, state.keys);
        figure(name, found.ratio, 'x');
        figure(`${name}_same`, found.same, 'x');
        figure(`${name}_without`, found.ns, 'ns');
    } finally {
        for (const gateway of Object.values(gateways)) await gateway.stop();
    }
}

async function benchModule(state) {
    await state.run('policy', 'apply', policyFile);
    const api = await startApi(state.home);
    try {
        await benchRatio(state, api, 'proxied', 'module_cpu_ratio');
        await benchRatio(state, api, 'static', 'module_static_ratio');
        say('two workers, as fast as they can');
        const both = await startGateway('both', state.home,
            { api, port: await freePort(), kind: 'static', run: state.shared, workers: 2 });
        figure('module_rate', (await load(both, state.keys, { seconds: 5, connections: 64 })).rate, 'events/s');
        await both.stop();
    } finally {
        await api.stop();
    }
}

/** Keys that look right and are nobody's. */
function writeWrongKeys(state) {
    const file = path.join(state.home, 'wrong.txt');
    const known = fs.readFileSync(state.keys, 'utf8').trim().split('\n').slice(0, 1000);
    fs.writeFileSync(file, known.flatMap((key) => [unknownId(key), otherSecret(key)]).map((key) => `${key}\n`).join(''));
    return file;
}

/** Each beside the unprotected nginx, in turns; the latencies are those of the same rounds. */
async function benchHostile(gateways, keys, wrong, hostile) {
    const names = Object.keys(gateways), rounds = Object.fromEntries(names.map((name) => [name, []]));
    for (let i = 0; i < ROUNDS; i++)
        for (const name of i % 2 === 0 ? names : names.toReversed())
            rounds[name].push(await load(gateways[name], keys, { seconds: SECONDS, hostile, wrong }));
    for (const name of names) {
        const of = (what) => median(rounds[name].map((round) => round[what]));
        const cost = median(rounds[name].map((round, i) => round.cpuNs / rounds.bare[i].cpuNs));
        const label = `beside_${name}${hostile === 0 ? '' : `_hostile_${hostile}`}`;
        figure(`${label}_cpu_ratio`, cost, 'x');
        figure(`${label}_p50`, of('p50Us'), 'us');
        figure(`${label}_p99`, of('p99Us'), 'us');
    }
}

async function benchBeside(state) {
    await state.run('policy', 'apply', policyFile);
    const api = await startApi(state.home), gateways = {};
    const scene = { home: state.home, api, run: state.shared, keys: path.join(state.home, 'few.txt') };
    fs.writeFileSync(scene.keys, fs.readFileSync(state.keys).subarray(0, 1000 * 73), { mode: 0o644 });
    try {
        for (const [name, start] of Object.entries({ bare, keyward, map, lua, auth_request: authRequest, caddy, caddy_asking: caddyAsking }))
            gateways[name] = await start(scene);
        for (const gateway of Object.values(gateways)) await load(gateway, scene.keys, { seconds: 1 });
        for (const hostile of [0, 10, 50]) {
            say(`asking seven gateways in turns, ${hostile} % of the requests hostile`);
            await benchHostile(gateways, scene.keys, writeWrongKeys(state), hostile);
        }
    } finally {
        for (const gateway of Object.values(gateways)) await gateway.stop();
        await api.stop();
    }
}

/** Among a thousand keys: what a token costs is the disk's, not theirs. */
async function benchTokens() {
    const state = new State(1000);
    say('exchanging a key for tokens, by one caller and by sixteen');
    try {
        await state.fill();
        await state.start();
        const { stdout } = await state.run('keys', 'create', '--name', 'bench', '--environment', 'sandbox', '--rate', 'none', '--json');
        const { secret } = JSON.parse(stdout), rates = { 1: [], 16: [] };
        for (let i = 0; i < ROUNDS; i++)
            for (const callers of [1, 16]) rates[callers].push(await exchangeRate(state.socket, secret, callers));
        figure('tokens_rate_1', median(rates[1]), '/s');
        figure('tokens_rate_16', median(rates[16]), '/s');
        figure('tokens_rate_ratio', median(rates[16].map((rate, i) => rate / rates[1][i])), 'x');
    } finally {
        await state.remove();
    }
}

const PARTS = ['decision', 'record', 'tokens', 'serve', 'module', 'beside'];

async function main(parts) {
    const unknown = parts.find((part) => !PARTS.includes(part));
    if (unknown !== undefined) throw new Error(`there is no part ${unknown}: ${PARTS.join(', ')}`);
    const asked = (part) => parts.length === 0 || parts.includes(part);
    if (asked('decision')) {
        say('deciding among a thousand, a million and ten million keys');
        await measure('bench-decision', policyFile);
    }
    if (asked('tokens')) await benchTokens();
    if (!['serve', 'module', 'record', 'beside'].some(asked)) return;
    const state = new State(KEYS);
    try {
        if (asked('record')) await measure('bench-record', policyFile, state.home);
        if (!['serve', 'module', 'beside'].some(asked)) return;
        say('putting a million keys into a store');
        await state.fill();
        if (asked('serve')) await benchServe(state);
        else await state.start();
        if (asked('module')) await benchModule(state);
        if (asked('beside')) await benchBeside(state);
    } finally {
        await state.remove();
    }
}

main(process.argv.slice(2)).catch((error) => {
    console.error(`make bench: ${error.stack}`);
    process.exitCode = 1;
});
