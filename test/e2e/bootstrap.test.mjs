// bootstrap - installing packages leaves Debian's policy-rc.d as it was, and nginx and caddy do not start meanwhile.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const listed = fs.readFileSync(path.join(root, 'packaging/debian-packages.txt'), 'utf8')
    .split('\n').map((line) => line.replace(/#.*/, '').trim()).filter((name) => name !== '');

// In place of Debian's tools: no network, and a root folder of our own. `apt-get install` asks the policy what it would
// say to four services, then does what the test wants.
const fakes = {
    id: 'echo "${FAKE_UID:-0}"',
    'dpkg-query': `shift 3; printf '%s\\n' "$@" | grep -xFf "$FAKE/installed" | sed 's/$/ ii /'; exit 1`,
    'apt-get': `echo "$*" >>"$FAKE/calls"
[ "$1" = install ] || exit 0
for service in nginx cron caddy caddy.service; do
    "$BOOTSTRAP_ROOT/usr/sbin/policy-rc.d" "$service" start; echo "$service $?" >>"$FAKE/asked"
done
eval "\${FAKE_THEN:-true}"`,
};

function machine(t, installed = []) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'keyward-bootstrap-'));
    t.after(() => fs.rmSync(folder, {recursive: true}));
    fs.mkdirSync(path.join(folder, 'bin'));
    fs.mkdirSync(path.join(folder, 'root/usr/sbin'), {recursive: true});
    fs.writeFileSync(path.join(folder, 'installed'), installed.map((name) => `${name}\n`).join(''));
    for (const [name, body] of Object.entries(fakes))
        fs.writeFileSync(path.join(folder, 'bin', name), `#!/bin/sh\n${body}\n`, {mode: 0o755});
    return {folder, policy: path.join(folder, 'root/usr/sbin/policy-rc.d')};
}

function bootstrap({folder}, env = {}) {
    const child = spawn(path.join(root, 'tools/bootstrap'), ['packages'], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
            ...process.env, ...env, FAKE: folder, BOOTSTRAP_ROOT: path.join(folder, 'root'),
            PATH: `${folder}/bin:${process.env.PATH}`,
        },
    });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    return new Promise((resolve) => child.on('close', (status, signal) => resolve({status, signal, output})));
}

function lines({folder}, name) {
    const file = path.join(folder, name);
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : [];
}

function assertNothingLeft(m, before) {
    assert.deepEqual(fs.readdirSync(path.dirname(m.policy)), before);
}

test('bootstrap_does_nothing_where_everything_is_there', async (t) => {
    const m = machine(t, [...listed, 'npm']);
    const run = await bootstrap(m);
    assert.equal(run.status, 0, run.output);
    assert.equal(run.output, '');
    assert.deepEqual(lines(m, 'calls'), []);
    assertNothingLeft(m, []);
});

test('bootstrap_installs_only_what_is_missing', async (t) => {
    const m = machine(t, [...listed.filter((name) => name !== 'nginx' && name !== 'wrk'), 'npm']);
    const run = await bootstrap(m);
    assert.equal(run.status, 0, run.output);
    assert.deepEqual(lines(m, 'calls'), ['update', 'install -y --no-install-recommends nginx wrk']);
});

test('bootstrap_without_root_installs_nothing_and_says_what_to_run', async (t) => {
    const m = machine(t);
    const run = await bootstrap(m, {FAKE_UID: '1000'});
    assert.equal(run.status, 1);
    assert.match(run.output, /^Run: sudo tools\/bootstrap packages/m);
    assert.deepEqual(lines(m, 'calls'), []);
});

test('bootstrap_holds_nginx_and_caddy_back_and_nothing_else', async (t) => {
    const m = machine(t);
    assert.equal((await bootstrap(m)).status, 0);
    assert.deepEqual(lines(m, 'asked'), ['nginx 101', 'cron 0', 'caddy 101', 'caddy.service 101']);
    assertNothingLeft(m, []);
});

test('bootstrap_asks_the_policy_that_was_there_about_other_services', async (t) => {
    const m = machine(t);
    fs.writeFileSync(m.policy, '#!/bin/sh\nexit 104\n', {mode: 0o755});
    assert.equal((await bootstrap(m)).status, 0);
    assert.deepEqual(lines(m, 'asked'), ['nginx 101', 'cron 104', 'caddy 101', 'caddy.service 101']);
});

// What was there before, and how to see that it is there again.
const before = {
    'no policy': {make: () => {}, left: []},
    'a policy of the machine': {
        make: (policy) => fs.writeFileSync(policy, '#!/bin/sh\nexit 101\n', {mode: 0o750}),
        check: (policy) => {
            assert.equal(fs.readFileSync(policy, 'utf8'), '#!/bin/sh\nexit 101\n');
            assert.equal(fs.statSync(policy).mode & 0o7777, 0o750);
        },
        left: ['policy-rc.d'],
    },
    'a policy that may not be run': {
        make: (policy) => fs.writeFileSync(policy, 'x', {mode: 0o604}),
        check: (policy) => assert.equal(fs.statSync(policy).mode & 0o7777, 0o604),
        left: ['policy-rc.d'],
    },
    'a link to nowhere': {
        make: (policy) => fs.symlinkSync('nowhere', policy),
        check: (policy) => assert.equal(fs.readlinkSync(policy), 'nowhere'),
        left: ['policy-rc.d'],
    },
};

const ends = {
    'the installation succeeds': {then: 'true', status: 0},
    'the installation fails': {then: 'exit 100', status: 100},
    'a terminal interrupts': {then: 'kill -INT $PPID', status: 130},
    'somebody terminates it': {then: 'kill -TERM $PPID', status: 143},
    'the terminal goes away': {then: 'kill -HUP $PPID', status: 129},
};

test('bootstrap_leaves_the_policy_as_it_was', async (t) => {
    for (const [was, {make, check, left}] of Object.entries(before))
        for (const [end, {then, status}] of Object.entries(ends))
            await t.test(`${was}, ${end}`, async (t) => {
                const m = machine(t);
                make(m.policy);
                const run = await bootstrap(m, {FAKE_THEN: then});
                assert.equal(run.status, status, run.output);
                assert.equal(lines(m, 'asked')[0], 'nginx 101');
                check?.(m.policy);
                assertNothingLeft(m, left);
            });
});

test('bootstrap_mends_what_a_killed_run_left_behind', async (t) => {
    for (const was of ['no policy', 'a policy of the machine'])
        await t.test(was, async (t) => {
            const {make, check, left} = before[was];
            const m = machine(t);
            make(m.policy);
            const killed = await bootstrap(m, {FAKE_THEN: 'kill -KILL $PPID'});
            assert.equal(killed.signal, 'SIGKILL');
            fs.writeFileSync(path.join(m.folder, 'installed'), [...listed, 'npm', ''].join('\n'));
            assert.equal((await bootstrap(m)).status, 0);
            check?.(m.policy);
            assertNothingLeft(m, left);
        });
});
