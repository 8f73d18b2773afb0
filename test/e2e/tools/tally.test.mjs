// tally - nothing that did not pass is counted as passed, and what did not run is a failure.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';

const tally = fileURLToPath(new URL('../../../tools/tally', import.meta.url));

function run(t, files, options = []) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'keyward-tally-'));
    t.after(() => fs.rmSync(folder, {recursive: true}));
    fs.mkdirSync(path.join(folder, 'tap'));
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
    const {status, stdout} = spawnSync(process.execPath, [tally, ...options, 'tap'], {cwd: folder, encoding: 'utf8'});
    return {status, stdout, last: stdout.trim().split('\n').at(-1)};
}

const nested = `TAP version 13
# Subtest: D3_table
    # Subtest: row one
    ok 1 - row one
      ---
      duration_ms: 1
      ...
    # Subtest: row two
    ok 2 - row two
    1..2
ok 1 - D3_table
  ---
  type: 'suite'
  ...
ok 2 - plain
1..2
`;

const good = {
    'a plan first': {tap: '1..2\nok 1 - a\nok 2 - b\n', sum: '2 passed, 0 failed'},
    'a plan last': {tap: 'ok 1 - a\n1..1\n', sum: '1 passed, 0 failed'},
    'rows count, their parent does not': {tap: nested, sum: '3 passed, 0 failed'},
    'a skipped test': {tap: '1..2\nok 1 - a\nok 2 - b # SKIP no wrk\n', sum: '1 passed, 0 failed, 1 skipped'},
    'a skipped test as cmocka writes it': {tap: '1..2\nok 1 - a\nnot ok 2 # SKIP b\n', sum: '1 passed, 0 failed, 1 skipped'},
    'a suite that is skipped whole': {tap: '1..0 # SKIP no nginx\n', sum: '0 passed, 0 failed, 1 skipped'},
    'other lines between': {tap: '1..1\nhello\n# ok 2 - no\nok 1 - a\n', sum: '1 passed, 0 failed'},
    'results inside a diagnostic': {
        tap: "1..1\nok 1 - a\n  ---\n  error: |-\n    not ok 1 - x\n  stack: |-\nok 9 - y\n  ...\n",
        sum: '1 passed, 0 failed',
    },
};

test('tally_counts', async (t) => {
    for (const [why, {tap, sum}] of Object.entries(good))
        await t.test(why, (t) => {
            const r = run(t, {'tap/a.tap': tap});
            assert.equal(r.last, sum, r.stdout);
            assert.equal(r.status, 0);
        });
});

const bad = {
    'a failed test': {tap: '1..2\nok 1 - a\nnot ok 2 - b\n', sum: '1 passed, 1 failed'},
    'a failed row, once': {
        tap: nested.replace('ok 2 - row two', 'not ok 2 - row two').replace('ok 1 - D3', 'not ok 1 - D3'),
        sum: '2 passed, 1 failed',
    },
    'a parent that fails by itself': {tap: nested.replace('ok 1 - D3', 'not ok 1 - D3'), sum: '3 passed, 1 failed'},
    'a TODO': {tap: '1..1\nok 1 - a # TODO later\n', sum: '0 passed, 1 failed'},
    'no plan': {tap: 'ok 1 - a\n', sum: '1 passed, 1 failed'},
    'nothing at all': {tap: '', sum: '0 passed, 2 failed'},
    'fewer results than planned': {tap: '1..3\nok 1 - a\n', sum: '1 passed, 1 failed'},
    'more results than planned': {tap: '1..1\nok 1 - a\nok 2 - b\n', sum: '2 passed, 1 failed'},
    'rows whose parent never came': {tap: '    ok 1 - row\nok 1 - a\n1..2\n    ok 2 - row\n', sum: '1 passed, 1 failed'},
    'a suite that bailed out': {tap: '1..1\nok 1 - a\nBail out! ended by SIGSEGV\n', sum: '1 passed, 1 failed'},
    'no tests': {tap: '1..0\n', sum: '0 passed, 2 failed'},
    'a file of node that has no tests': {tap: 'ok 1 - test/e2e/x.test.mjs\n1..1\n', sum: '0 passed, 2 failed'},
    'a file of node that died': {tap: 'ok 1 - a\nnot ok 2 - x.test.mjs\n1..2\n', sum: '1 passed, 1 failed'},
};

test('tally_fails', async (t) => {
    for (const [why, {tap, sum}] of Object.entries(bad))
        await t.test(why, (t) => {
            const r = run(t, {'tap/a.tap': tap});
            assert.equal(r.last, sum, r.stdout);
            assert.equal(r.status, 1);
        });
    await t.test('no suites', (t) => assert.equal(run(t, {}).status, 1));
});

test('tally_adds_up_all_suites', (t) => {
    const r = run(t, {'tap/a.tap': '1..1\nok 1 - a\n', 'tap/b.tap': nested});
    assert.match(r.stdout, /^tap\/a +1 passed, 0 failed\ntap\/b +3 passed, 0 failed\n4 passed, 0 failed\n$/);
});

const table = '| id | input |\n|---|---|\n| D3 | x |\n| D4 | y |\n';
const options = ['--cases', 'cases', '--table', 'table.md'];

test('tally_wants_a_passed_test_for_each_claimed_case', async (t) => {
    const rows = {
        'shown by a test': {tap: '1..1\nok 1 - D3_x\n', cases: 'D3\n', status: 0},
        'shown by the rows of a test': {tap: nested, cases: '# comment\nD3 # why\n', status: 0},
        'not shown': {tap: '1..1\nok 1 - D3_x\n', cases: 'D3\nD4\n', status: 1},
        'shown by a test that fails': {tap: '1..1\nnot ok 1 - D3_x\n', cases: 'D3\n', status: 1},
        'shown by a test that is skipped': {tap: '1..2\nok 1 - D3_x # SKIP\nok 2 - a\n', cases: 'D3\n', status: 1},
        'only mentioned inside a name': {tap: '1..1\nok 1 - not_D3_x\n', cases: 'D3\n', status: 1},
        'another case with the same beginning': {tap: '1..1\nok 1 - D30_x\n', cases: 'D3\n', status: 1},
        'a test names a case that does not exist': {tap: '1..2\nok 1 - D3_x\nok 2 - Z9_x\n', cases: 'D3\n', status: 1},
        'a claimed case that does not exist': {tap: '1..1\nok 1 - D3_x\n', cases: 'D3\nZ9\n', status: 1},
    };
    for (const [why, {tap, cases, status}] of Object.entries(rows))
        await t.test(why, (t) => {
            const r = run(t, {'tap/a.tap': tap, cases, 'table.md': table}, options);
            assert.equal(r.status, status, r.stdout);
            assert.match(r.last, status === 0 ? /, 0 failed/ : /, [1-9]\d* failed/);
        });
});
