// makeRequest: any path by any method, signed like the package's own calls.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { carol } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import { accepted, freshEmail, management, refused } from './clients.mjs';

const server = await startServer();
const { dev } = server;
const client = management(dev);
after(() => server.stop());

const url = '/api/v3/get-user';
const params = { userId: carol.id, userIdType: 'user_id', withCustomData: false };

test('GET with parameters and POST with a body', async () => {
  const user = accepted(await client.makeRequest({ method: 'GET', url, params }));
  assert.equal(user.userId, carol.id);
  const email = freshEmail();
  const data = { email, name: '中 文', customData: {}, phone: null };
  const made = accepted(
    await client.makeRequest({ method: 'POST', url: '/api/v3/create-user', data }),
  );
  assert.equal(made.email, email);
  assert.equal(made.name, '中 文');
});

test('a method in lower case is signed as "get", without the parameters it sends', async () => {
  const user = accepted(await client.makeRequest({ method: 'get', url, params }));
  assert.equal(user.userId, carol.id);
  const bare = await client.makeRequest({ method: 'get', url });
  refused(bare, 400);
  assert.match(bare.message, /userId/);
  const data = { email: freshEmail() };
  const made = await client.makeRequest({ method: 'post', url: '/api/v3/create-user', data });
  assert.equal(accepted(made).email, data.email);
});

test('an unknown path and a wrong method are refused in the envelope', async () => {
  refused(await client.makeRequest({ method: 'POST', url: '/api/v3/make-coffee' }), 404);
  refused(await client.makeRequest({ method: 'PUT', url, data: {} }), 400);
  const stranger = management(dev, { accessKeySecret: 'wrong' });
  refused(await stranger.makeRequest({ method: 'GET', url, params }), 401, 1300);
});

test('a base path is outside the signature', async () => {
  const pool = management(dev, { host: `${dev.http_url}/p/main` });
  const user = accepted(await pool.makeRequest({ method: 'GET', url, params }));
  assert.equal(user.userId, carol.id);
});
