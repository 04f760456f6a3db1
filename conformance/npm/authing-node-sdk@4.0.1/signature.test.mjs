// AK/SK: what a signature must cover, and what it must not survive (attacks, row 40).
import { strict as assert } from 'node:assert';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { carol, other } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import { accepted, management, refused, signed } from './clients.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

const get = (options) =>
  signed(dev, 'GET', '/api/v3/get-user', { fields: { userId: carol.id }, ...options });
const post = (options) =>
  signed(dev, 'POST', '/api/v3/list-users', { fields: { keywords: '中 文' }, ...options });
const minutes = (n) => new Date(Date.now() + n * 60_000).toUTCString();

test('a signed call is accepted, with either form of the date', async () => {
  accepted(await get());
  accepted(await post());
  accepted(await get({ sign: { headers: { date: String(Date.now()) } } }));
});

test('attack_40 the same signed request twice', async () => {
  const nonce = { 'x-authing-signature-nonce': '0123456789abcdef0123456789abcdef' };
  const date = new Date().toUTCString();
  const request = { sign: { headers: { ...nonce, date } } };
  accepted(await get(request));
  refused(await get(request), 401, 1306);
});

test('attack_40 a write is not repeated by a replay', async () => {
  const email = `replay${Date.now().toString(36)}@example.com`;
  const headers = { 'x-authing-signature-nonce': 'f'.repeat(32), date: new Date().toUTCString() };
  const make = () =>
    signed(dev, 'POST', '/api/v3/create-user', { fields: { email }, sign: { headers } });
  accepted(await make());
  refused(await make(), 401, 1306);
});

test('attack_40 a date ten minutes off', async () => {
  refused(await get({ sign: { headers: { date: minutes(-10) } } }), 401, 1305);
  refused(await get({ sign: { headers: { date: minutes(10) } } }), 401, 1305);
});

test('attack_40 no date, or one that is none', async () => {
  refused(await get({ sign: { headers: { date: null } } }), 401, 1304);
  refused(await get({ sign: { headers: { date: 'yesterday' } } }), 401, 1303);
});

test('attack_40 another method or version of the signature', async () => {
  const method = { 'x-authing-signature-method': 'HMAC-SHA256' };
  const version = { 'x-authing-signature-version': '2.0' };
  refused(await get({ sign: { headers: method } }), 401, 1301);
  refused(await get({ sign: { headers: version } }), 401, 1302);
});

test('attack_40 a body or query changed after signing', async () => {
  refused(await post({ change: { body: '{"keywords":"other"}' } }), 401, 1300);
  refused(await get({ change: { path: '/api/v3/get-user?userId=other' } }), 401, 1300);
  const added = `/api/v3/get-user?userId=${carol.id}&withCustomData=true`;
  refused(await get({ change: { path: added } }), 401, 1300);
  const header = { 'x-authing-lang': 'ja-JP' };
  refused(await get({ change: { headers: header } }), 401, 1300);
  refused(await get({ change: { headers: { 'x-authing-app-id': 'x' } } }), 401, 1300);
});

test('attack_40 a path or method changed after signing', async () => {
  const path = `/api/v3/get-user-identities?userId=${carol.id}`;
  assert.notEqual((await get({ change: { path } })).statusCode, 200);
  refused(await get({ sign: { method: 'POST' } }), 401, 1300);
});

test('attack_40 an unknown key, a wrong secret, the key of another pool', async () => {
  refused(await get({ sign: { id: '0000000000000000000000ff' } }), 401, 1300);
  refused(await get({ sign: { secret: 'wrong' } }), 401, 1300);
  refused(await get({ sign: { id: other.accessKey } }), 401, 1300);
  const foreign = await get({ sign: { id: other.accessKey, secret: other.accessSecret } });
  refused(foreign, 404, 2004);
});

test('attack_40 no signature at all, and scraps of one', async () => {
  const scraps = [undefined, '', 'authing', 'authing ', 'authing a', 'authing a:', 'authing :b'];
  for (const authorization of scraps) {
    const headers = authorization === undefined ? {} : { authorization };
    const response = await fetch(`${dev.http_url}/api/v3/get-user?userId=${carol.id}`, { headers });
    assert.equal(response.status, 200);
    refused(await response.json(), 401);
  }
});


test('makeRequest signs the method as it was written', async () => {
  const url = '/api/v3/get-user';
  for (const method of ['get', 'GET']) {
    const answer = await management(dev).makeRequest({ method, url });
    refused(answer, 400);
    assert.match(answer.message, /userId/);
  }
});

test('a bare "?" in the signed resource is accepted', async () => {
  const answer = await management(dev).listExtIdp({});
  assert.notEqual(answer.statusCode, 401, JSON.stringify(answer));
});

test('arrays in a query are signed as JSON and sent with brackets', async () => {
  const userIds = [carol.id, 'b c'];
  const answer = await management(dev).getUserBatch({ userIds });
  assert.notEqual(answer.statusCode, 401, JSON.stringify(answer));
});

test('the vectors of the contract are what the package signs', () => {
  const require = createRequire(import.meta.url);
  const signer = require('authing-node-sdk/dist/utils/buildSignature');
  const headers = {
    date: 'Tue, 01 Jul 2025 00:00:00 GMT',
    'x-authing-lang': 'zh-CN',
    'x-authing-sdk-version': 'authing-node-sdk:4.0.1',
    'x-authing-signature-method': 'HMAC-SHA1',
    'x-authing-signature-nonce': '0123456789abcdef0123456789abcdef',
    'x-authing-signature-version': '1.0',
  };
  const fields = { userId: 'u1', userIdType: 'user_id', withCustomData: false };
  const text = signer.buildStringToSign('GET', '/api/v3/get-user', headers, fields);
  const expected = 'authing AK:UCMtte22Q0uyzEKzi90F6PjkTZg=';
  assert.equal(signer.buildAuthorization('AK', 'SK', text), expected);
});
