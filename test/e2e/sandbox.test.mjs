// sandbox.test.mjs - the real sandbox-api on a socket: its shapes, its refusals, and its money, which adds up.
//
// node --test test/e2e/sandbox.test.mjs; KEYWARD_BUILD names the build folder (build).
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const program = path.resolve(root, process.env.KEYWARD_BUILD ?? 'build', 'sandbox-api');
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const folder = mkdtempSync(path.join(tmpdir(), 'sandbox-'));
let server;

// Starts the program and waits for its one line.
function start(name, ...options) {
  const socket = path.join(folder, name);
  const child = spawn(program, ['--socket', socket, ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ?? code)));
  let log = '';
  return new Promise((resolve, reject) => {
    child.stderr.on('data', (chunk) => {
      log += chunk;
      if (log.includes('listens on')) resolve({ socket, child, exited, log: () => log });
    });
    exited.then((code) => reject(new Error(`sandbox-api ended with ${code}: ${log}`)));
  });
}

async function stop(running) {
  running.child.kill('SIGTERM');
  return running.exited;
}

const identity = (account, environment = 'sandbox') => ({
  'X-Keyward-Key-Id': '7Q2mK4T9xJ1aBd',
  'X-Keyward-Account': account,
  'X-Keyward-Environment': environment,
  'X-Keyward-Permissions': 'full_access',
  'X-Request-Id': 'r-1',
});

// As the gateway asks: the Monei SDKs send a content type even with GET. No account: nobody has been named.
function call(method, target, { account, environment, body, headers = {}, socket = server.socket } = {}) {
  const text = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const named = account === undefined ? {} : identity(account, environment);
  return new Promise((resolve, reject) => {
    const request = http.request({
      socketPath: socket, method, path: target,
      headers: { 'Content-Type': 'application/json', ...named, ...headers,
        ...(text === undefined ? {} : { 'Content-Length': Buffer.byteLength(text) }) },
    }, (response) => {
      let got = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => { got += chunk; });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text: got,
        json: got === '' ? undefined : JSON.parse(got) }));
    });
    request.on('error', reject);
    request.end(text);
  });
}

function assertGiven(answer) {
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(Object.keys(answer.json), ['statusCode', 'message', 'data', 'errors']);
  assert.equal(answer.json.statusCode, 200);
  assert.deepEqual(answer.json.errors, {});
  assert.equal(answer.headers['content-type'], 'application/json');
  assert.equal(answer.headers['cache-control'], 'no-store');
  return answer.json.data;
}

function assertRefused(answer, status, error, says) {
  assert.deepEqual(Object.keys(answer.json), ['statusCode', 'message', 'error'], answer.text);
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json.statusCode, status);
  assert.equal(answer.json.error, error);
  assert.match(answer.json.message, says);
}

const transfer = (amount, more = {}) => ({ receiver: 'ada@shop.example', amount, transactionPin: '1234', ...more });
const pay = (account, amount, more) =>
  call('POST', '/api/v1/wallet/payout/transfer', { account, body: transfer(amount, more) });
const balance = async (account, environment) =>
  assertGiven(await call('GET', '/api/v1/wallet/me', { account, environment })).nairaBalance;
const kobo = (text) => BigInt(text.replace('.', ''));

async function allTransactions(account) {
  const list = [];
  for (let page = 1; ; page++) {
    const data = assertGiven(await call('GET', `/api/v1/transactions/user?page=${page}&limit=7`, { account }));
    list.push(...data.transactions);
    assert.equal(data.pagination.hasPreviousPage, page > 1);
    if (!data.pagination.hasNextPage) {
      assert.equal(list.length, data.pagination.total);
      assert.equal(page, data.pagination.totalPages);
      return list;
    }
  }
}

before(async () => { server = await start('shared.sock'); });
after(async () => {
  assert.equal(await stop(server), 0); // a leak or a race found by a sanitizer gives another
  rmSync(folder, { recursive: true });
});

test('GET /user/me is the documented shape', async () => {
  const data = assertGiven(await call('GET', '/api/v1/user/me', { account: 'shape' }));
  assert.deepEqual(Object.keys(data), ['id', 'email', 'firstName', 'lastName', 'phone', 'haveTransactionPin',
    'verified', 'kycInfo', 'createdAt', 'updatedAt']);
  assert.match(data.id, uuid);
  assert.deepEqual(Object.keys(data.kycInfo), ['currentTier', 'status', 'limits']);
  assert.ok(Math.abs(Date.now() - Date.parse(data.createdAt)) < 60_000);
});

test('GET /wallet/me is the documented shape', async () => {
  const data = assertGiven(await call('GET', '/api/v1/wallet/me', { account: 'shape' }));
  assert.equal(data.nairaBalance, '100000.00');
  assert.deepEqual(data.subwallets.map((w) => [w.type, w.currency, w.balance, w.chain]),
    [['FIAT', 'NGN', '100000.00', null], ['CRYPTO', 'ETH', '0.00', 'EVM'], ['CRYPTO', 'SOL', '0.00', 'SOLANA']]);
  for (const wallet of data.subwallets) {
    assert.deepEqual(Object.keys(wallet),
      ['id', 'type', 'currency', 'balance', 'chain', 'publicAddress', 'virtualAccount']);
    assert.match(wallet.id, uuid);
    assert.equal(wallet.publicAddress, null);
  }
});

test('a payout is pending in its answer, has succeeded a second later, and is found by id and reference', async () => {
  const given = assertGiven(await pay('payer', 1500.5, { reference: 'order-1', narration: 'Rice' }));
  assert.match(given.id, uuid);
  assert.deepEqual([given.reference, given.status, given.amount, given.balanceAfter],
    ['order-1', 'PENDING', '1500.50', '98499.50']);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const byId = assertGiven(await call('GET', `/api/v1/transactions/${given.id}`, { account: 'payer' }));
  assert.deepEqual(byId, { ...given, status: 'SUCCESS', updatedAt: byId.updatedAt });
  assert.equal(Date.parse(byId.updatedAt) - Date.parse(byId.createdAt), 1000);
  const byReference =
    assertGiven(await call('GET', '/api/v1/transactions/reference/order-1', { account: 'payer' }));
  assert.deepEqual(byReference, byId);
});

test('nothing of one account is seen by another, nor of one environment by the other', async () => {
  const given = assertGiven(await pay('private', 1, { reference: 'mine' }));
  for (const who of [{ account: 'stranger' }, { account: 'private', environment: 'production' }]) {
    assertRefused(await call('GET', `/api/v1/transactions/${given.id}`, who), 404, 'Not Found', /no such/);
    assertRefused(await call('GET', '/api/v1/transactions/reference/mine', who), 404, 'Not Found', /no such/);
    assert.equal(await balance(who.account, who.environment), '100000.00');
  }
  const user = assertGiven(await call('GET', '/api/v1/user/me', { account: 'private' }));
  assertRefused(await call('PATCH', `/api/v1/user/update/${user.id}`, { account: 'stranger', body: { firstName: 'Eve' } }),
    404, 'Not Found', /no user/);
});

test('a bank transfer, with an amount in a string', async () => {
  const given = assertGiven(await call('POST', '/api/v1/wallet/payout/bank-transfer', { account: 'banker',
    body: { amount: '0.01', bank: '058', accountNumber: '0123456789', transactionPin: '0000' } }));
  assert.deepEqual([given.type, given.amount, given.bank, given.accountNumber, given.status],
    ['BANK_TRANSFER', '0.01', '058', '0123456789', 'PENDING']);
  assert.ok(!JSON.stringify(given).includes('0000"'), 'the PIN is not in the answer');
  assert.equal(await balance('banker'), '99999.99');
});

test('a repeated reference answers 409 and moves nothing', async () => {
  assertGiven(await pay('repeater', 10, { reference: 'once' }));
  assertRefused(await pay('repeater', 10, { reference: 'once' }), 409, 'Conflict', /reference/);
  const fifty = await Promise.all(Array.from({ length: 50 }, () => pay('repeater', 1, { reference: 'at-once' })));
  assert.deepEqual(fifty.map((a) => a.status).sort(), [200, ...Array(49).fill(409)]);
  assert.equal(await balance('repeater'), '99989.00');
});

test('money adds up over a run', async () => {
  let refused = 0;
  for (let i = 0; i < 60; i++) {
    const amount = ((i * 7919) % 400000 + 1) / 100;
    const answer = await pay('runner', i % 2 === 0 ? amount : amount.toFixed(2), i % 3 === 0 ? { reference: `r-${i % 30}` } : {});
    if (answer.status !== 200) {
      refused++;
      assertRefused(answer, 409, 'Conflict', /reference/);
    }
  }
  assert.equal(refused, 10);
  assertRefused(await pay('runner', '100000.01'), 400, 'Bad Request', /amount is above the balance/);
  const rest = await balance('runner');
  assertGiven(await pay('runner', rest));
  assertRefused(await pay('runner', 0.01), 400, 'Bad Request', /amount is above the balance of 0.00/);
  const list = await allTransactions('runner');
  assert.equal(list.length, 1 + 50 + 1);
  let sum = 0n;
  for (const t of list.reverse()) {
    sum += t.nature === 'CREDIT' ? kobo(t.amount) : -kobo(t.amount);
    assert.equal(kobo(t.balanceAfter), sum);
  }
  assert.equal(sum, 0n);
  assert.equal(await balance('runner'), '0.00');
  assert.equal(new Set(list.flatMap((t) => [t.id, t.reference])).size, 2 * list.length);
});

test('concurrent payouts never overdraw', async () => {
  const answers = await Promise.all(Array.from({ length: 120 }, () => pay('racer', 999)));
  assert.equal(answers.filter((a) => a.status === 200).length, 100);
  assert.equal(await balance('racer'), '100.00');
});

test('lists are filtered by status and type', async () => {
  assertGiven(await pay('filter', 5));
  const totals = async (query) =>
    assertGiven(await call('GET', `/api/v1/transactions/user?${query}`, { account: 'filter' })).pagination.total;
  assert.equal(await totals('type=DEPOSIT&status=SUCCESS'), 1);
  assert.equal(await totals('type=TRANSFER'), 1);
  assert.equal(await totals('type=BANK_TRANSFER'), 0);
  assert.equal(await totals('status=FAILED'), 0);
  assertRefused(await call('GET', '/api/v1/transactions/user?limit=101', { account: 'filter' }), 400, 'Bad Request', /limit/);
});

test('what is wrong with a payout is said by the name of the field, and nothing moves', async () => {
  const wrong = [
    [{ ...transfer(0) }, /^amount must/],
    [{ ...transfer(-1) }, /^amount must/],
    [{ ...transfer('1.005') }, /^amount must/],
    [{ ...transfer('1e3') }, /^amount must/],
    [{ ...transfer('NaN') }, /^amount must/],
    [{ ...transfer(null) }, /^amount is missing/],
    [{ ...transfer(1), receiver: '' }, /^receiver/],
    [{ ...transfer(1), transactionPin: '12345' }, /^transactionPin/],
    [{ ...transfer(1), transactionPin: undefined }, /^transactionPin is missing/],
    [{ ...transfer(1), currency: 'USD' }, /^currency must be NGN/],
    [{ ...transfer(1), reference: 'a b' }, /^reference/],
    [{ ...transfer(1), refernce: 'a' }, /^refernce is not known/],
    ['{"receiver":"a","amount":1,"amount":2,"transactionPin":"1234"}', /^The body/],
    ['{"receiver":"a","amount":1.00000000000000000001,"transactionPin":"1234"}', /^amount must/],
    ['[]', /^The body/], ['{', /^The body/], ['', /^The body is missing/], ['\ufeff{}', /^The body/],
    [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), /^The body/],
  ];
  for (const [body, says] of wrong)
    assertRefused(await call('POST', '/api/v1/wallet/payout/transfer', { account: 'wrong', body }), 400, 'Bad Request', says);
  assert.equal(await balance('wrong'), '100000.00');
  assert.equal((await allTransactions('wrong')).length, 1);
});

test('a body of 64 KiB is read, a longer one answers 413, with a length and without', async () => {
  const body = JSON.stringify(transfer(1));
  const padded = (n) => body + ' '.repeat(n - body.length);
  assertGiven(await call('POST', '/api/v1/wallet/payout/transfer', { account: 'long', body: padded(65536) }));
  const target = '/api/v1/wallet/payout/transfer';
  assertRefused(await call('POST', target, { account: 'long', body: padded(65537) }), 413, 'Payload Too Large', /65536/);
  assertRefused(await call('POST', target, { account: 'long', body: padded(2_000_000) }), 413, 'Payload Too Large', /65536/);
  const chunked = await new Promise((resolve, reject) => {
    const request = http.request({ socketPath: server.socket, method: 'POST', path: target, headers: identity('long') },
      (response) => { response.resume(); resolve(response.statusCode); });
    request.on('error', reject);
    for (let i = 0; i < 10; i++) request.write(' '.repeat(10_000));
    request.end(body);
  });
  assert.equal(chunked, 413);
  assert.equal(await balance('long'), '99999.00');
});

test('PATCH /user/update changes what it is given; without a body it says what is missing', async () => {
  const { id } = assertGiven(await call('GET', '/api/v1/user/me', { account: 'patcher' }));
  const target = `/api/v1/user/update/${id}`;
  const bodyless = await call('PATCH', target, { account: 'patcher', headers: { 'Content-Length': 0 } });
  assertRefused(bodyless, 400, 'Bad Request', /body is missing.*firstName/);
  assertRefused(await call('PATCH', target, { account: 'patcher', body: {} }), 400, 'Bad Request', /Nothing to change/);
  assertRefused(await call('PATCH', target, { account: 'patcher', body: { email: 'a@b.example' } }), 400, 'Bad Request', /^email/);
  const changed = assertGiven(await call('PATCH', target, { account: 'patcher', body: { firstName: 'Zoë', phone: '+2348000000000' } }));
  assert.deepEqual([changed.firstName, changed.lastName, changed.phone], ['Zoë', 'Account', '+2348000000000']);
  assert.deepEqual(assertGiven(await call('GET', '/api/v1/user/me', { account: 'patcher' })), changed);
});

test('a virtual account is made once and shown in the wallet; the NIN is not kept', async () => {
  const target = '/api/v1/wallet/virtual-account';
  assertRefused(await call('POST', target, { account: 'virtual', body: { nin: '123' } }), 400, 'Bad Request', /^nin/);
  const made = assertGiven(await call('POST', target, { account: 'virtual', body: { nin: '12345678901', reference: 'va-1' } }));
  assert.match(made.accountNumber, /^\d{10}$/);
  assertRefused(await call('POST', target, { account: 'virtual', body: { nin: '12345678901' } }), 409, 'Conflict', /already/);
  const wallet = await call('GET', '/api/v1/wallet/me', { account: 'virtual' });
  assert.deepEqual(assertGiven(wallet).subwallets[0].virtualAccount, made);
  assert.ok(!wallet.text.includes('12345678901'));
});

test('GET /evm/networks lists the six', async () => {
  const data = assertGiven(await call('GET', '/api/v1/evm/networks', { account: 'chain' }));
  assert.deepEqual(data.map((n) => n.chainId), [1, 56, 137, 42161, 10, 8453]);
});

test('nobody is served without the gateway, but for /healthz', async () => {
  for (const target of ['/api/v1/user/me', '/api/v1/sandbox/echo', '/', '/nowhere'])
    assertRefused(await call('GET', target), 500, 'Internal Server Error', /gateway is missing/);
  const one = identity('acme');
  delete one['X-Keyward-Environment'];
  assertRefused(await call('GET', '/api/v1/user/me', { headers: one }), 500, 'Internal Server Error', /gateway is missing/);
  assertRefused(await call('GET', '/api/v1/user/me', { account: 'acme', headers: { 'x-keyward-account': ['acme', 'eve'] } }),
    500, 'Internal Server Error', /gateway is missing/);
  assertGiven(await call('GET', '/healthz'));
});

test('an unknown path answers 404, a wrong method 405 with Allow, HEAD as GET without a body', async () => {
  assertRefused(await call('GET', '/api/v1/nowhere', { account: 'lost' }), 404, 'Not Found', /no such endpoint/);
  const wrong = await call('DELETE', '/api/v1/wallet/payout/transfer', { account: 'lost' });
  assertRefused(wrong, 405, 'Method Not Allowed', /POST/);
  assert.equal(wrong.headers.allow, 'POST');
  const head = await call('HEAD', '/api/v1/wallet/me', { account: 'lost' });
  assert.equal(head.status, 200);
  assert.equal(head.text, '');
});

test('the echo shows what arrived: any method, any path below it, headers in their order, doubled ones twice', async () => {
  const target = '/api/v1/sandbox/echo/a%20b/c?x=1&x=2';
  const data = assertGiven(await call('PUT', target, { account: 'echo', body: 'not JSON', headers: { 'X-Odd': ['1', '2'] } }));
  assert.deepEqual(Object.keys(data), ['method', 'target', 'path', 'bodyBytes', 'headers']);
  assert.deepEqual([data.method, data.target, data.path, data.bodyBytes],
    ['PUT', target, '/api/v1/sandbox/echo/a b/c', 8]);
  assert.deepEqual(data.headers.filter(([name]) => name === 'X-Odd'), [['X-Odd', '1'], ['X-Odd', '2']]);
  assert.deepEqual(data.headers.filter(([name]) => name.startsWith('X-Keyward-')),
    Object.entries(identity('echo')).slice(0, 4));
});

test('130 headers answer 431', async () => {
  const headers = Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`X-H${i}`, 'v']));
  assertRefused(await call('GET', '/api/v1/wallet/me', { account: 'many', headers }), 431,
    'Request Header Fields Too Large', /128 headers/);
});

test('what is no HTTP, and who goes away in the middle, leave it serving', async () => {
  for (const bytes of ['\0\0\0\n\n', 'GET\r\n\r\n', 'POST / HTTP/1.1\r\nContent-Length: 99999\r\n\r\nhalf'])
    await new Promise((resolve) => {
      const raw = net.connect(server.socket, () => raw.end(bytes));
      raw.on('error', resolve).on('close', resolve).resume();
    });
  assertGiven(await call('GET', '/healthz'));
});

test('SIGTERM ends it with status 0 and removes the socket, which had its mode', async () => {
  const running = await start('short.sock', '--mode', '0600', '--seed-balance', '2.50');
  assert.equal(lstatSync(running.socket).mode & 0o7777, 0o600);
  assert.equal(assertGiven(await call('GET', '/api/v1/wallet/me', { account: 'a', socket: running.socket })).nairaBalance, '2.50');
  assert.equal(await stop(running), 0);
  assert.ok(!existsSync(running.socket));
  assert.match(running.log(), /^keyward: sandbox-api [0-9.]+ listens on \S+; each account begins with 2\.50 NGN\n$/);
});

test('a socket in use is left alone, one left behind is replaced, a file is neither', async () => {
  const first = await start('taken.sock');
  const options = { encoding: 'utf8' };
  const second = spawnSync(program, ['--socket', first.socket], options);
  assert.equal(second.status, 75);
  assert.match(second.stderr, /in use/);
  assertGiven(await call('GET', '/healthz', { socket: first.socket }));
  first.child.kill('SIGKILL');
  await first.exited;
  assert.ok(existsSync(first.socket));
  await stop(await start('taken.sock'));
  const file = path.join(folder, 'file');
  writeFileSync(file, 'kept');
  const onFile = spawnSync(program, ['--socket', file], options);
  assert.equal(onFile.status, 73);
  assert.match(onFile.stderr, /not a socket/);
  assert.equal(readFileSync(file, 'utf8'), 'kept');
});

test('wrong usage exits 64 with a sentence', () => {
  const wrong = [[], ['--socket'], ['--socket', ''], ['--socket', 'a', 'b'], ['--sockets', 'a', '--nope'],
    ['--socket', 'a', '--mode', '888'], ['--socket', 'a', '--mode', '7777'], ['--socket', 'a', '--mode', ''],
    ['--socket', 'a', '--seed-balance', '1.005'], ['--socket', 'a', '--seed-balance', '-1'],
    ['--socket', `/${'a'.repeat(200)}`]];
  for (const options of wrong) {
    const got = spawnSync(program, options, { encoding: 'utf8', cwd: folder });
    assert.equal(got.status, 64, options.join(' '));
    assert.match(got.stderr, /^sandbox-api: .+; see sandbox-api --help\n$/);
    assert.equal(got.stdout, '');
  }
  const nowhere = spawnSync(program, ['--socket', path.join(folder, 'no', 'folder')], { encoding: 'utf8' });
  assert.equal(nowhere.status, 73);
});

test('--help and --version', () => {
  const got = (option) => spawnSync(program, [option], { encoding: 'utf8' });
  assert.equal(got('--help').status, 0);
  assert.match(got('--help').stdout, /--seed-balance/);
  assert.match(got('--version').stdout, /^sandbox-api \d+\.\d+\.\d+\n$/);
});

// The lists of the example policy; anything that is not a class, a route or a comment is an error.
function readPolicy() {
  const routes = [];
  let list;
  for (const line of readFileSync(path.join(root, 'examples/monei-policy.yaml'), 'utf8').split('\n')) {
    const text = line.replace(/\s*#.*$/, '');
    const head = /^(read|transact|manage|public|deny):$/.exec(text);
    const route = /^ {2}- ((GET|POST|PATCH|DELETE) (\/(?:[a-z0-9-]+|\{[A-Za-z]+\}|\*\*$)(?:\/(?:[a-z0-9-]+|\{[A-Za-z]+\}|\*\*$))*))$/.exec(text);
    if (head) list = head[1];
    else if (route) routes.push({ list, method: route[2], path: route[3] });
    else assert.equal(text, '', line);
  }
  return routes;
}

test('the example policy lists no method and path twice, whatever its parameters are called', () => {
  const routes = readPolicy();
  const names = routes.map((r) => `${r.method} ${r.path.replace(/\{[^}]*\}/g, '{}')}`);
  assert.deepEqual(names.filter((name, i) => names.indexOf(name) !== i), []);
  assert.deepEqual(['read', 'transact', 'manage'].map((list) => routes.filter((r) => r.list === list).length), [36, 19, 11]);
});

test('the example policy has every endpoint of the sandbox, and money is never in read', () => {
  const routes = readPolicy();
  const list = (method, target) => routes.find((r) => r.method === method && r.path === `/api/v1${target}`)?.list;
  for (const target of ['/user/me', '/wallet/me', '/transactions/user', '/transactions/{id}',
    '/transactions/reference/{reference}', '/evm/networks', '/sandbox/echo', '/sandbox/echo/**'])
    assert.equal(list('GET', target), 'read', target);
  assert.equal(list('POST', '/wallet/payout/transfer'), 'transact');
  assert.equal(list('POST', '/wallet/payout/bank-transfer'), 'transact');
  assert.equal(list('PATCH', '/user/update/{id}'), 'manage');
  assert.equal(list('POST', '/wallet/virtual-account'), 'manage');
  assert.deepEqual(routes.filter((r) => r.list === 'read' && r.method !== 'GET').map((r) => r.path), [
    '/api/v1/kyc/check-eligibility', '/api/v1/wallet/utils/verify-bank-account', '/api/v1/evm-exchange/price/{pair}',
    '/api/v1/bills/validation/customer', '/api/v1/offramp/payouts/verify']);
});
