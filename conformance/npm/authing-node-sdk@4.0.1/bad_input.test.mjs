// Bad input: a clear refusal in the dialect's shape that names the field; nothing is written.
import { strict as assert } from 'node:assert';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { bob, carol } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import { accepted, answerOf, management, refused, signed } from './clients.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

const create = (fields, options) =>
  signed(dev, 'POST', '/api/v3/create-user', { fields, ...options });
const list = (fields) => signed(dev, 'POST', '/api/v3/list-users', { fields });
const total = async () => accepted(await management(dev).listUsers({})).totalCount;

/** A refusal that names this field. */
function names(answer, field, status = 400) {
  refused(answer, status);
  assert.ok(answer.message.includes(field), `${answer.message} does not name ${field}`);
}

/** A body as it is, to a call that needs no signature. */
async function signIn(body, headers = {}) {
  return answerOf(await fetch(`${dev.http_url}/api/v3/signin`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-authing-app-id': dev.app_id, ...headers },
  }));
}

test('malformed JSON', async () => {
  const bodies = ['{', '{"a":}', '[]', '"x"', '1', 'null', '{"a":1}{', '\u0000', '{"a":1,"a":'];
  for (const body of bodies) refused(await signIn(body), 400);
});

test('a duplicate key is refused or the last one counts, never a fault', async () => {
  const answer = await signIn('{"connection":"PASSWORD","connection":"PASSCODE"}');
  assert.ok([400, 401, 501].includes(answer.statusCode), JSON.stringify(answer));
});

test('invalid UTF-8', async () => {
  const start = Buffer.from('{"connection":"');
  const bytes = Buffer.concat([start, Buffer.from([0xff, 0xfe, 0x22, 0x7d])]);
  refused(await signIn(bytes), 400);
  const lone = await signIn('{"connection":"\\ud800"}');
  assert.ok(lone.statusCode >= 400 && lone.statusCode < 500, JSON.stringify(lone));
});

test('a hundred thousand levels of nesting', async () => {
  const depth = 100_000;
  refused(await signIn('['.repeat(depth) + ']'.repeat(depth)), 400);
  const nested = '{"options":'.repeat(depth) + '1' + '}'.repeat(depth);
  const answer = await signIn(nested);
  assert.ok([400, 413].includes(answer.statusCode), JSON.stringify(answer));
  const customData = `{"customData":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const made = await create({}, { change: { body: customData } });
  assert.ok(made.statusCode >= 400 && made.statusCode < 500, JSON.stringify(made));
});

test('a body over one MiB', async () => {
  const answer = await signIn(JSON.stringify({ connection: 'x'.repeat(1024 * 1024) }));
  refused(answer, 413);
});

test('a chunked body over one MiB', async () => {
  const chunk = 'x'.repeat(64 * 1024);
  async function* body() {
    yield '{"connection":"';
    for (let n = 0; n < 32; n += 1) yield chunk;
    yield '"}';
  }
  const response = await fetch(`${dev.http_url}/api/v3/signin`, {
    method: 'POST',
    duplex: 'half',
    body: ReadableStream.from(body()),
    headers: { 'content-type': 'application/json', 'x-authing-app-id': dev.app_id },
  }).catch((error) => error);
  // A server may answer and close before it has read everything; then no answer arrives here.
  if (response instanceof Response) refused(await answerOf(response), 413);
  assert.equal((await fetch(`${dev.http_url}/health/live`)).status, 200);
});

test('missing fields are named', async () => {
  names(await signIn('{}'), 'connection');
  names(await signIn('{"connection":"PASSWORD"}'), 'passwordPayload');
  const partial = { connection: 'PASSWORD', passwordPayload: { email: carol.email } };
  names(await signIn(JSON.stringify(partial)), 'password');
  names(await signed(dev, 'GET', '/api/v3/get-user', { fields: {} }), 'userId');
});

test('wrong types are named', async () => {
  const before = await total();
  const cases = [
    [{ email: 5 }, 'email'],
    [{ email: { $ne: 1 } }, 'email'],
    [{ username: ['a'] }, 'username'],
    [{ email: 'typed@example.com', emailVerified: 'yes' }, 'emailVerified'],
    [{ email: 'typed@example.com', password: 12 }, 'password'],
    [{ email: 'typed@example.com', options: 'x' }, 'options'],
    [{ email: 'not an address' }, 'email'],
    [{ phone: 'letters' }, 'phone'],
  ];
  for (const [fields, field] of cases) names(await create(fields), field);
  assert.equal(await total(), before);
});

test('unknown enum values are named', async () => {
  const before = await total();
  names(await signIn('{"connection":"TELEPATHY","passwordPayload":{}}'), 'connection');
  names(await create({ email: 'enum@example.com', gender: 'X' }), 'gender');
  names(await create({ email: 'enum@example.com', status: 'Sleeping' }), 'status');
  const fields = { userId: carol.id, userIdType: 'shoe_size' };
  names(await signed(dev, 'GET', '/api/v3/get-user', { fields }), 'userIdType');
  assert.equal(await total(), before);
});

test('a user without anything that identifies them is refused', async () => {
  const before = await total();
  refused(await create({ name: 'Nobody' }), 400);
  assert.equal(await total(), before);
});

test('attack_52 pages out of range', async () => {
  const pages = [
    [{ page: 0, limit: 10 }, 'page'],
    [{ page: -1, limit: 10 }, 'page'],
    [{ page: 1, limit: 0 }, 'limit'],
    [{ page: 1, limit: -1 }, 'limit'],
    [{ page: 1, limit: 51 }, 'limit'],
    [{ page: 1.5, limit: 10 }, 'page'],
    [{ page: '1', limit: 'x' }, 'limit'],
    [{ page: 1, limit: 1e20 }, 'limit'],
  ];
  for (const [pagination, field] of pages) {
    names(await list({ options: { pagination } }), field);
  }
  const far = await list({ options: { pagination: { page: 1e9, limit: 10 } } });
  if (far.statusCode === 200) assert.deepEqual(far.data.list, []);
  else names(far, 'page');
});

test('text that looks like SQL is text', async () => {
  const before = await total();
  const odd = ["' OR 1=1 --", '%', '_', '\\', '"; DROP TABLE users; --', '\u0000', '😀'];
  for (const keywords of odd) {
    const answer = await list({ keywords });
    if (answer.statusCode === 200) assert.equal(answer.data.list.length, 0, keywords);
    else refused(answer, 400);
  }
  for (const userId of odd) {
    const answer = await signed(dev, 'GET', '/api/v3/get-user', { fields: { userId } });
    assert.ok([400, 401, 404].includes(answer.statusCode), JSON.stringify(answer));
  }
  assert.equal(await total(), before);
});

test('attack_41 an id of another pool is an unknown id', async () => {
  const get = (userId) => signed(dev, 'GET', '/api/v3/get-user', { fields: { userId } });
  const { requestId: a, ...foreign } = await get(bob.id);
  const { requestId: b, ...missing } = await get('000000000000000000000000');
  assert.deepEqual(foreign, missing);
  assert.notEqual(a, b);
});

test('attack_42 fields that no caller may set are ignored or refused', async () => {
  const email = `mass${Date.now().toString(36)}@example.com`;
  const fields = { email, isAdmin: true, userPoolId: bob.id, loginsCount: 9, userId: bob.id };
  const answer = await create(fields);
  if (answer.statusCode !== 200) return refused(answer, 400);
  const user = accepted(answer);
  assert.notEqual(user.userId, bob.id);
  assert.equal(user.loginsCount, 0);
  return undefined;
});

test('passwords: too long is refused before any work, NUL and spaces are kept', async () => {
  const before = await total();
  names(await create({ email: 'long@example.com', password: 'x'.repeat(513) }), 'password');
  assert.equal(await total(), before);
  const long = { email: carol.email, password: 'x'.repeat(10_000) };
  const answer = await signIn(JSON.stringify({ connection: 'PASSWORD', passwordPayload: long }));
  assert.notEqual(answer.statusCode, 200);
  assert.notEqual(answer.statusCode, 500);
});

test('another content type than the dialect speaks is refused, not guessed', async () => {
  const answer = await signIn('connection=PASSWORD', {
    'content-type': 'application/x-www-form-urlencoded',
  });
  refused(answer, 400);
});

test('bytes that are no HTTP close the connection, and the server lives', async () => {
  const { port } = new URL(dev.http_url);
  const lines = ['\u0016\u0003\u0001', 'GET / HTTP/9.9\r\n\r\n', `GET /${'x'.repeat(200_000)} `];
  for (const line of lines) {
    await new Promise((done) => {
      const socket = connect(Number(port), 'localhost', () => socket.end(line));
      socket.on('data', () => {});
      socket.on('close', done);
      socket.on('error', done);
    });
  }
  assert.equal((await fetch(`${dev.http_url}/health/live`)).status, 200);
});
