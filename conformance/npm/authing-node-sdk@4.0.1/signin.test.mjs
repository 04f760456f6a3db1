// Sign-in with a password, by each way the package has, and each client authentication method.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { basic, bob, carol, open, other, post } from '../../lib/seeded.mjs';
import { read } from '../../lib/jwt.mjs';
import { startServer } from '../../lib/server.mjs';
import { accepted, authentication, authenticationOf, management, refused } from './clients.mjs';

const server = await startServer();
const { dev } = server;
const client = authentication(dev);
after(() => server.stop());

const scoped = (scope) => ({ scope });
const openid = scoped('openid profile email');

function tokens(answer, { refresh = false } = {}) {
  const data = accepted(answer);
  assert.equal(data.token_type, 'Bearer');
  assert.ok(data.expire_in > 0);
  assert.equal(data.expires_in, data.expire_in);
  assert.equal(data.access_token.split('.').length, 3);
  assert.equal(data.id_token.split('.').length, 3);
  assert.equal(typeof data.refresh_token, refresh ? 'string' : 'undefined');
  return data;
}

test('each identifier signs in', async () => {
  const { email, username, phone, password } = carol;
  const answers = {
    email: await client.signInByEmailPassword({ email, password, options: openid }),
    upper: await client.signInByEmailPassword({
      email: email.toUpperCase(), password, options: openid,
    }),
    username: await client.signInByUsernamePassword({ username, password, options: openid }),
    phone: await client.signInByPhonePassword({ phone, password, options: openid }),
    account: await client.signInByAccountPassword({ account: email, password, options: openid }),
    name: await client.signInByAccountPassword({ account: username, password, options: openid }),
  };
  for (const [way, answer] of Object.entries(answers)) {
    assert.equal(read(tokens(answer).access_token).claims.sub, carol.id, way);
  }
});

test('each scope: offline_access gives a refresh token, its absence none', async () => {
  const { email, password } = carol;
  const without = await client.signInByEmailPassword({ email, password, options: openid });
  assert.ok(!read(tokens(without).access_token).claims.scope.includes('offline_access'));
  const options = scoped('openid profile offline_access');
  const offline = await client.signInByEmailPassword({ email, password, options });
  const data = tokens(offline, { refresh: true });
  assert.ok(read(data.access_token).claims.scope.split(' ').includes('offline_access'));
});

test('a scope without openid is refused', async () => {
  const { email, password } = carol;
  const options = scoped('profile');
  refused(await client.signInByEmailPassword({ email, password, options }), 400);
});

test('a sign-in is counted on the user', async () => {
  const before = accepted(await management(dev).getUser({ userId: carol.id }));
  const { email, password } = carol;
  tokens(await client.signInByEmailPassword({ email, password, options: openid }));
  const now = accepted(await management(dev).getUser({ userId: carol.id }));
  assert.equal(now.loginsCount, before.loginsCount + 1);
  assert.ok(!Number.isNaN(Date.parse(now.lastLogin)));
  assert.match(now.lastIp, /\d|:/);
});

test('the seeded user of dev.json signs in', async () => {
  const answer = await client.signInByEmailPassword({
    email: dev.user_email, password: dev.user_password, options: openid,
  });
  assert.equal(read(tokens(answer).access_token).claims.sub, dev.user_id);
});

test('wrong password and unknown account are business errors, not exceptions', async () => {
  const wrong = await client.signInByEmailPassword({ email: carol.email, password: 'wrong' });
  const unknown = await client.signInByEmailPassword({
    email: 'nobody@example.com', password: 'wrong',
  });
  // The development seed reveals accounts, as the documents of the SDK print it.
  refused(wrong, 403, 2006);
  refused(unknown, 404, 2004);
});

test('a user of another pool does not exist here', async () => {
  const answer = await client.signInByEmailPassword({ email: bob.email, password: bob.password });
  refused(answer, 404, 2004);
});

test('each client authentication method works on the application that has it', async () => {
  const dto = (application) => ({
    connection: 'PASSWORD',
    passwordPayload: { email: carol.email, password: carol.password },
    options: openid,
    client_id: application.id,
    client_secret: application.secret,
  });
  const cases = [
    [basic, 'client_secret_basic', { ...dto(basic), client_secret: undefined }],
    [post, 'client_secret_post', dto(post)],
    [open, 'none', dto(open)],
  ];
  for (const [application, method, body] of cases) {
    const through = authenticationOf(dev, application, method);
    tokens(await through.signInByCredentials(body));
  }
});

test('a method that the application does not have, or a wrong secret, is refused', async () => {
  const { email, password } = carol;
  const cases = [
    authenticationOf(dev, basic, 'client_secret_post'),
    authenticationOf(dev, post, 'client_secret_basic'),
    authenticationOf(dev, post, 'client_secret_post', { appSecret: 'wrong' }),
    authenticationOf(dev, post, 'none', { appSecret: undefined }),
  ];
  for (const through of cases) {
    refused(await through.signInByEmailPassword({ email, password, options: openid }), 401);
  }
});

test('an application of another pool signs in its own users only', async () => {
  const there = authentication(dev, { appId: other.application, appSecret: other.secret });
  const { email, password } = bob;
  tokens(await there.signInByEmailPassword({ email, password, options: openid }));
  const foreign = { email: carol.email, password: carol.password, options: openid };
  assert.notEqual((await there.signInByEmailPassword(foreign)).statusCode, 200);
});

test('an unknown application is refused', async () => {
  const unknown = authentication(dev, { appId: '0000000000000000000000ff' });
  const { email, password } = carol;
  refused(await unknown.signInByEmailPassword({ email, password }), 404, 2011);
});

test('attack_27 a burst of wrong passwords admits no more tries than the limit', async () => {
  // The other pool has the limits of every new pool, not the wide ones of the development seed.
  const keys = { accessKeyId: other.accessKey, accessKeySecret: other.accessSecret };
  const username = `brute${Date.now().toString(36)}`;
  const password = 'a right passphrase 1';
  accepted(await management(dev, keys).createUser({ username, password }));
  const there = authentication(dev, { appId: other.application, appSecret: other.secret });
  const attempt = (text) => there.signInByUsernamePassword({ username, password: text });
  const answers = await Promise.all(Array.from({ length: 40 }, () => attempt('wrong')));
  const checked = answers.filter((answer) => answer.apiCode === 2333).length;
  // Five, then the address owes a captcha, long before the account locks.
  assert.ok(checked <= 5, `${checked} tries were checked`);
  const others = answers.filter((answer) => answer.apiCode !== 2333);
  assert.ok(others.every((answer) => answer.apiCode === 2000), JSON.stringify(others));
  refused(await attempt(password), 403, 2000);
});
