#!/usr/bin/env node
// run.mjs - the quick start: everything started, a first key made, served until Ctrl-C. `make run` calls it; RUN_DIR,
// SANDBOX_PORT, PRODUCTION_PORT and DASHBOARD_PORT come from there.
import fs from 'node:fs';
import path from 'node:path';
import { Stack } from './stack.mjs';

const { RUN_DIR, SANDBOX_PORT, PRODUCTION_PORT, DASHBOARD_PORT } = process.env;

function port(name, text) {
    const number = Number(text);
    if (!Number.isInteger(number) || number < 1 || number > 65535) throw new Error(`${name}=${text}: a port is a number from 1 to 65535`);
    return number;
}

/** The key of an earlier start, where it still works: a key is shown once and cannot be asked for again. */
async function earlierKey(stack, file) {
    const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
    const key = /^MONEI_API_KEY=(\S+)$/m.exec(text)?.[1];
    if (key === undefined) return undefined;
    const answer = await fetch(`${stack.url(stack.sandboxPort)}/api/v1/user/me`, { headers: { 'x-api-key': key } });
    return answer.ok ? key : undefined;
}

async function newKey(stack) {
    const made = await stack.keyward('keys', 'create', '--name', 'quick start', '--environment', 'sandbox',
        '--permission', 'transactions', '--json');
    return JSON.parse(made).secret;
}

function writeEnvironment(stack, file, key) {
    const lines = {
        MONEI_API_KEY: key,
        MONEI_BASE_URL: stack.url(stack.sandboxPort),
        KEYWARD_SANDBOX_URL: stack.url(stack.sandboxPort),
        KEYWARD_PRODUCTION_URL: stack.url(stack.productionPort),
        KEYWARD_SOCKET: stack.socket,
        KEYWARD_DASHBOARD_URL: stack.dashboardUrl,
        KEYWARD_DASHBOARD_CA: stack.authority,
    };
    const text = Object.entries(lines).map(([name, value]) => `${name}=${value}\n`).join('');
    fs.rmSync(file, { force: true });
    fs.writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
}

/** The id of the first owner, as long as nobody is; else undefined. */
async function awaitedOwner(stack) {
    const { members } = JSON.parse(await stack.keyward('members', 'list', '--json'));
    return members.find(({ link }) => link === 'setup')?.id;
}

/** A new link at every start, so that it is kept nowhere: it is shown on a terminal, but goes into no file that output is sent to. */
async function firstOwner(stack) {
    const id = await awaitedOwner(stack);
    if (id === undefined) return '';
    if (!process.stdout.isTTY)
        return `
The first owner is whoever uses a link that this shows, once, in another terminal (set up as below):

  build/keyward members link ${id}
`;
    const { url } = JSON.parse(await stack.keyward('members', 'link', id, '--json'));
    return `
The first owner of the dashboard is whoever opens this, once, within seven days (the next start shows another):

  ${url}
`;
}

/* What a browser needs before it shows the dashboard without a warning. */
function howToTrust(stack) {
    return `
A browser trusts its certificate when it trusts the authority: in Firefox under Settings, Certificates, Authorities, Import; in
Chromium on Linux with (package libnss3-tools)

  certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n "Keyward development" -i ${stack.authority}
`;
}

function tellWhatIsThere(stack, file, key, owner) {
    console.log(`
Keyward is running.

  sandbox gateway     ${stack.url(stack.sandboxPort)}
  production gateway  ${stack.url(stack.productionPort)}
  dashboard           ${stack.dashboardUrl}/  (certificate by ${stack.authority})
  everything in       ${stack.folder}
${owner}${howToTrust(stack)}
A first sandbox key, with the permission Transactions:

  ${key}

Try it:

  curl -H 'x-api-key: ${key}' ${stack.url(stack.sandboxPort)}/api/v1/user/me

In another terminal, to make keys and to see the record:

  set -a; . ${file}; set +a
  build/keyward keys list
  build/keyward audit tail --follow

Ctrl-C stops it.`);
}

async function main() {
    const stack = new Stack({
        folder: RUN_DIR,
        sandboxPort: port('SANDBOX_PORT', SANDBOX_PORT),
        productionPort: port('PRODUCTION_PORT', PRODUCTION_PORT),
        dashboardPort: port('DASHBOARD_PORT', DASHBOARD_PORT),
    });
    const ended = new Promise((resolve) => ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((name) => process.on(name, () => resolve(name))));
    try {
        await stack.start((what) => console.log(`… ${what}`));
        const file = path.join(stack.folder, 'quickstart.env');
        const key = (await earlierKey(stack, file)) ?? (await newKey(stack));
        writeEnvironment(stack, file, key);
        tellWhatIsThere(stack, file, key, await firstOwner(stack));
        await ended;
        console.log('\nStopping.');
    } finally {
        await stack.stop();
    }
}

main().catch((error) => {
    console.error(`make run: ${error.message.trim()}`);
    process.exitCode = 1;
});
