// The system call, the constructors, and operations that are not built yet.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { startServer } from '../../lib/server.mjs';
import { accepted, answerOf, authentication, management, refused } from './clients.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

test('dev.json has every key that the documents name', () => {
  const keys = [
    'http_url', 'https_url', 'ca_file', 'user_pool_id', 'user_pool_secret', 'access_key_id',
    'access_key_secret', 'app_id', 'app_secret', 'app_host', 'redirect_uri', 'user_id',
    'user_email', 'user_password', 'admin_email', 'admin_password', 'outbox_url',
  ];
  for (const key of keys) assert.match(String(dev[key]), /\S/, key);
  assert.match(dev.http_url, /^http:\/\/localhost:\d+$/);
  assert.match(dev.https_url, /^https:\/\/localhost:\d+$/);
});

test('getSystemInfo answers at the top level and inside data', async () => {
  const info = await authentication(dev).getSystemInfo();
  for (const part of [info, info.data]) {
    assert.match(part.rsa.publicKey, /^-----BEGIN PUBLIC KEY-----|^[A-Za-z0-9+/=\s]+$/);
    assert.equal(typeof part.version, 'object');
  }
  assert.equal(info.statusCode, 200);
});

test('getCountryList has every calling code with its names', async () => {
  const countries = accepted(await authentication(dev).getCountryList());
  assert.ok(countries.length > 200);
  const japan = countries.find((country) => country.alpha2 === 'JP');
  assert.deepEqual(
    [japan.alpha3, japan.phoneCountryCode, japan.flag, japan.name['ja-JP'].value],
    ['JPN', '+81', '🇯🇵', '日本'],
  );
  for (const { name } of countries) {
    for (const lang of ['zh-CN', 'en-US', 'zh-TW', 'ja-JP']) assert.match(name[lang].value, /\S/);
  }
});

test('the pool id and secret are an access key too', async () => {
  const keys = { accessKeyId: dev.user_pool_id, accessKeySecret: dev.user_pool_secret };
  const answer = await management(dev, keys).listUsers({});
  accepted(answer);
});

test('a host with a trailing slash works: the server collapses the double slash', async () => {
  const client = management(dev, { host: `${dev.http_url}/` });
  accepted(await client.listUsers({}));
  const info = await answerOf(await fetch(`${dev.http_url}//api/v3/system`));
  assert.equal(info.statusCode, 200);
});

test('an operation of the contract that is not built names itself in the envelope', async () => {
  const answer = await management(dev).listExtIdp({});
  refused(answer, 501);
  assert.match(answer.message, /list-ext-idp|listExtIdp/);
});

test('a path that no contract knows names itself in the envelope', async () => {
  const answer = await answerOf(await fetch(`${dev.http_url}/api/v3/make-coffee`));
  refused(answer, 404);
  assert.match(answer.message, /make-coffee/);
});

test('the wrong method on a known path is refused in the envelope', async () => {
  const answer = await answerOf(await fetch(`${dev.http_url}/api/v3/create-user`));
  assert.notEqual(answer.statusCode, 200);
  assert.match(answer.requestId, /\S/);
});

test('every answer carries its request id in a header, and in the body on /api/v3', async () => {
  const response = await fetch(`${dev.http_url}/api/v3/make-coffee`);
  const header = response.headers.get('x-request-id');
  assert.equal((await response.json()).requestId, header);
  const page = await fetch(`${dev.http_url}/health/live`);
  assert.match(page.headers.get('x-request-id'), /\S/);
});
