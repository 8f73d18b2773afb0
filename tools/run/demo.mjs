#!/usr/bin/env node
// demo.mjs - what Keyward promises, shown on a run of its own: each request, what it must answer, what it did. `make demo`
// calls it; exit status 1 when one differs.
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { otherSecret, unknownId } from './key_text.mjs';
import { freePort, Stack } from './stack.mjs';

const ME = '/api/v1/user/me', PAYOUT = '/api/v1/wallet/payout/transfer', ECHO = '/api/v1/sandbox/echo';
const PAYMENT = { receiver: 'ada@example.com', amount: 100, transactionPin: '1234' };
const rows = [];
const asked = new Set();

function show(what, expected, got) {
    const ok = expected === got;
    rows.push(ok);
    console.log(`${ok ? 'ok      ' : 'DIFFERS '} ${what.padEnd(58)} ${expected}${ok ? '' : `   got: ${got}`}`);
}

/** Sends a request; the answer with its body read. */
async function ask(stack, method, target, { key, headers = {}, body, port = stack.sandboxPort } = {}) {
    const fields = { ...headers, ...(key === undefined ? {} : { 'x-api-key': key }) };
    if (body !== undefined) fields['content-type'] = 'application/json';
    const answer = await fetch(stack.url(port) + target, { method, headers: fields, body: body && JSON.stringify(body) });
    asked.add(answer.headers.get('x-request-id'));
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
}

const said = ({ status, json }) => (status < 300 ? `${status}` : `${status} ${json?.message}`);

async function createKey(stack, name, ...args) {
    return JSON.parse(await stack.keyward('keys', 'create', '--name', name, '--json', ...args));
}

async function createKeys(stack) {
    const sandbox = ['--environment', 'sandbox'], may = (permission) => [...sandbox, '--permission', permission];
    return {
        read: await createKey(stack, 'reader', ...may('read_only')),
        pay: await createKey(stack, 'payer', ...may('transactions')),
        manage: await createKey(stack, 'manager', ...may('account_management')),
        full: await createKey(stack, 'everything', ...may('full_access')),
        elsewhere: await createKey(stack, 'from elsewhere', ...may('read_only'), '--allow-ip', '192.0.2.0/24'),
        slow: await createKey(stack, 'slow', ...may('read_only'), '--rate', '30/min:1'),
    };
}

async function showStrangers(stack, keys) {
    const invalid = '401 Invalid API key';
    show('no key', '401 Missing authentication header', said(await ask(stack, 'GET', ME)));
    show('garbage as key', invalid, said(await ask(stack, 'GET', ME, { key: 'garbage' })));
    const wrong = await ask(stack, 'GET', ME, { key: otherSecret(keys.read.secret) });
    const unknown = await ask(stack, 'GET', ME, { key: unknownId(keys.read.secret) });
    const blank = ({ text, json }) => text.replace(json.requestId, '');
    show('a right id with a wrong secret', invalid, said(wrong));
    show('an unknown id', invalid, said(unknown));
    show('  … and nothing but the request id tells the two apart', 'true', String(blank(wrong) === blank(unknown)));
}

async function showPermissions(stack, keys) {
    const account = await ask(stack, 'GET', ME, { key: keys.read.secret });
    show('Read Only: GET /user/me', '200', said(account));
    show('  … with the account of the key', 'main@sandbox.example', account.json?.data?.email);
    show('Read Only: a payout', `403 This key lacks the Transactions permission that POST ${PAYOUT} needs`,
        said(await ask(stack, 'POST', PAYOUT, { key: keys.read.secret, body: PAYMENT })));
    const paid = await ask(stack, 'POST', PAYOUT, { key: keys.pay.secret, body: PAYMENT });
    show('Transactions: a payout', '2xx', paid.status >= 200 && paid.status < 300 ? '2xx' : said(paid));
    const changed = await ask(stack, 'PATCH', `/api/v1/user/update/${account.json?.data?.id}`,
        { key: keys.manage.secret, body: { firstName: 'Ada' } });
    show('Account Management: PATCH /user/update/{id}', '2xx', changed.status < 300 ? '2xx' : said(changed));
    for (const name of ['read', 'pay', 'manage'])
        show(`an unlisted route with ${keys[name].permissions}`, '403',
            String((await ask(stack, 'DELETE', ECHO, { key: keys[name].secret })).status));
    show('an unlisted route with full_access', '200', String((await ask(stack, 'DELETE', ECHO, { key: keys.full.secret })).status));
}

async function showPlaces(stack, keys) {
    show('a sandbox key on the production gateway', '403 environment_mismatch',
        await statusAndCode(stack, ME, { key: keys.read.secret, port: stack.productionPort }));
    show('a key from an address it may not be used from', '403 ip_not_allowed', await statusAndCode(stack, ME, { key: keys.elsewhere.secret }));
    show('a key in the URL', '400 credential_in_url', await statusAndCode(stack, `${ME}?x-api-key=${keys.read.secret}`));
    const foreign = { authorization: 'Bearer of-somebody-else' };
    show('a foreign Authorization beside the key', '200', said(await ask(stack, 'GET', ME, { key: keys.read.secret, headers: foreign })));
    const echo = await ask(stack, 'GET', ECHO, { key: keys.read.secret, headers: { 'x-keyward-account': 'admin', X_Keyward_Account: 'admin' } });
    const seen = (echo.json?.data?.headers ?? []).filter(([name]) => /keyward.account/i.test(name)).map(([, value]) => value);
    show('an X-Keyward-Account that the client sent', 'main', seen.join(', '));
    show('  … and its key is not passed on', 'true', String(!echo.text.includes(keys.read.secret)));
}

async function statusAndCode(stack, target, options) {
    const { status, json } = await ask(stack, 'GET', target, options);
    return `${status} ${json?.code}`;
}

/** fetch joins fields of the same name, so these bytes are written by hand. */
async function showTwoKeys(stack, keys) {
    const socket = net.connect(stack.sandboxPort, '127.0.0.1');
    const field = `x-api-key: ${keys.read.secret}\r\n`;
    socket.end(`GET ${ME} HTTP/1.1\r\nHost: api\r\nConnection: close\r\n${field}${field}\r\n`);
    let text = '';
    for await (const chunk of socket) text += chunk;
    asked.add(/^x-request-id: (\S+)/im.exec(text)?.[1]);
    show('the same key twice', '400 ambiguous_credentials', `${text.split(' ')[1]} ${/"code":"(\w+)"/.exec(text)?.[1]}`);
}

async function showLimits(stack, keys) {
    const key = keys.slow.secret;
    show('a first request with a key of 30/min, burst 1', '200', said(await ask(stack, 'GET', ME, { key })));
    const refused = await ask(stack, 'GET', ME, { key });
    const wait = Number(refused.headers.get('retry-after'));
    show('  … a second one at once', '429 rate_limited', `${refused.status} ${refused.json?.code}`);
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    show(`  … and after the Retry-After of ${wait} s`, '200', said(await ask(stack, 'GET', ME, { key })));
}

async function showRevocation(stack, keys) {
    show('a key before it is revoked', '200', said(await ask(stack, 'GET', ME, { key: keys.pay.secret })));
    await stack.keyward('keys', 'revoke', keys.pay.id, '--yes');
    show('  … the first request after revoke returned', '401 API key revoked', said(await ask(stack, 'GET', ME, { key: keys.pay.secret })));
}

async function showRecord(stack, keys) {
    const lines = (await stack.keyward('audit', 'tail', '--json', '-n', '1000')).split('\n').filter(Boolean).map((line) => JSON.parse(line));
    const recorded = new Set(lines.map((line) => line.request_id));
    show('every attempt above is on the record', String(asked.size), String([...asked].filter((id) => recorded.has(id)).length));
    const secrets = Object.values(keys).map(({ secret }) => secret);
    show('  … and no key is', '0', String(lines.filter((line) => secrets.some((s) => JSON.stringify(line).includes(s.slice(-40)))).length));
    show('the chain of the record', 'holds', (await stack.keyward('audit', 'verify')).includes('The record holds') ? 'holds' : 'is broken');
}

async function main() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'keyward-demo-'));
    fs.chmodSync(folder, 0o711);
    const stack = new Stack({ folder, sandboxPort: await freePort(), productionPort: await freePort(), dashboardPort: await freePort() });
    try {
        await stack.start((what) => console.log(`… ${what}`));
        const keys = await createKeys(stack);
        console.log(`\n         ${'request'.padEnd(58)} expected`);
        for (const part of [showStrangers, showPermissions, showPlaces, showTwoKeys, showLimits, showRevocation, showRecord])
            await part(stack, keys);
    } finally {
        await stack.stop();
        fs.rmSync(folder, { recursive: true, force: true });
        fs.rmSync(stack.shared, { recursive: true, force: true });
    }
    const failed = rows.filter((ok) => !ok).length;
    console.log(`\n${rows.length - failed} as expected, ${failed} different`);
    process.exitCode = failed === 0 ? 0 : 1;
}

main().catch((error) => {
    console.error(`make demo: ${error.stack}`);
    process.exitCode = 1;
});
