// A user's own profile: reading it, changing what may be changed, and who may not.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { withClaims } from '../../lib/jwt.mjs';
import { bob, carol, other } from '../../lib/seeded.mjs';
import { moveClock, startServer } from '../../lib/server.mjs';
import {
  accepted, answerOf, authentication, freshEmail, management, refused,
} from './clients.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

const password = 'a passphrase of mine';
const openid = { scope: 'openid profile' };

/** A client that acts for a new user, and the user. */
async function newcomer(fields = {}) {
  const client = authentication(dev);
  const email = freshEmail();
  const user = accepted(await management(dev).createUser({ email, password, ...fields }));
  const signed = accepted(await client.signInByEmailPassword({ email, password, options: openid }));
  client.setAccessToken(signed.access_token);
  return { client, user, email, token: signed.access_token };
}

test('000-10 signInByEmailPassword, setAccessToken, updateProfile', async () => {
  const client = authentication(dev);
  const { email } = carol;
  const loginRes = await client.signInByEmailPassword({ email, password: carol.password });
  client.setAccessToken(loginRes.data.access_token);
  const answer = await client.updateProfile({ nickname: 'Nick' });
  assert.equal(accepted(answer).nickname, 'Nick');
  assert.equal(accepted(await client.getProfile({})).nickname, 'Nick');
  const seen = accepted(await management(dev).getUser({ userId: carol.id }));
  assert.equal(seen.nickname, 'Nick');
});

test('getProfile shows what it is asked for', async () => {
  const { client, user } = await newcomer({ name: 'Mina', gender: 'F' });
  const plain = accepted(await client.getProfile({}));
  assert.deepEqual(
    [plain.userId, plain.email, plain.name, plain.gender],
    [user.userId, user.email, 'Mina', 'F'],
  );
  for (const field of ['customData', 'identities', 'departmentIds']) {
    assert.equal(plain[field], undefined, field);
  }
  const whole = accepted(await client.getProfile({
    withCustomData: true, withIdentities: true, withDepartmentIds: true,
  }));
  assert.deepEqual([whole.customData, whole.identities, whole.departmentIds], [{}, [], []]);
  assert.equal(whole.password, undefined);
});

test('updateProfile changes every field of the contract', async () => {
  const { client, user } = await newcomer();
  const fields = {
    name: 'na', nickname: 'n', photo: 'https://example.com/p.png', birthdate: '1999-01-01',
    country: 'JP', province: 'p', city: 'c', address: 'a', streetAddress: 's', postalCode: '100',
    gender: 'M', username: `u${user.userId.slice(-10)}`, company: 'co',
  };
  const changed = accepted(await client.updateProfile(fields));
  for (const [field, value] of Object.entries(fields)) assert.equal(changed[field], value, field);
  const seen = accepted(await management(dev).getUser({ userId: user.userId }));
  for (const [field, value] of Object.entries(fields)) assert.equal(seen[field], value, field);
  const one = accepted(await client.updateProfile({ city: 'other' }));
  assert.deepEqual([one.city, one.country, one.nickname], ['other', 'JP', 'n']);
  assert.equal(one.email, user.email);
});

test('attack_42 updateProfile takes what is on its list, and nothing else', async () => {
  const { client, user, email } = await newcomer();
  const more = {
    isAdmin: true, userPoolId: other.pool, userId: carol.id, id: carol.id, status: 'Suspended',
    email: freshEmail(), phone: '13900000000', emailVerified: true, phoneVerified: true,
    password: 'hacked hacked', roles: ['admin'], app_metadata: { a: 1 }, adminData: { a: 1 },
    loginsCount: 99, resetPasswordOnNextLogin: true, userSourceType: 'excel', departmentIds: ['x'],
    workStatus: 'Closed', createdAt: '1970-01-01T00:00:00.000Z', tokenExpiredAt: '1970-01-01',
  };
  const changed = accepted(await client.updateProfile({ nickname: 'm', ...more }));
  assert.equal(changed.nickname, 'm');
  const seen = accepted(await management(dev).getUser({ userId: user.userId }));
  assert.equal(seen.userId, user.userId);
  assert.equal(seen.email, email);
  assert.deepEqual(
    [seen.phone, seen.emailVerified, seen.phoneVerified, seen.status, seen.workStatus],
    [null, false, false, 'Activated', 'Active'],
  );
  assert.deepEqual([seen.userSourceType, seen.createdAt], [user.userSourceType, user.createdAt]);
  const old = authentication(dev);
  accepted(await old.signInByEmailPassword({ email, password, options: openid }));
});

test('bad values are named and change nothing', async () => {
  const { client, user } = await newcomer({ nickname: 'before' });
  const cases = [
    [{ gender: 'X' }, 400, 'gender'],
    [{ nickname: 5 }, 400, 'nickname'],
    [{ nickname: 'x'.repeat(5_000) }, 400, 'nickname'],
    [{ username: carol.username }, 409, undefined],
    [{ username: 'a\nb' }, 400, 'username'],
    [{ username: 'x'.repeat(200) }, 400, 'username'],
    [{ customData: { shoe_size_of_nobody: 1 } }, 400, 'shoe_size_of_nobody'],
    [{ customData: 'x' }, 400, 'customData'],
  ];
  for (const [fields, status, field] of cases) {
    const answer = await client.updateProfile({ nickname: 'after', ...fields });
    refused(answer, status);
    if (field) assert.ok(answer.message.includes(field), `${answer.message}: ${field}`);
  }
  const seen = accepted(await management(dev).getUser({ userId: user.userId }));
  assert.equal(seen.nickname, 'before');
});

test('hostile names are kept as text', async () => {
  const { client } = await newcomer();
  for (const nickname of ['<script>alert(1)</script>', '{{7*7}}', "'; DROP TABLE users; --"]) {
    assert.equal(accepted(await client.updateProfile({ nickname })).nickname, nickname);
  }
});

test('the token may be raw or after Bearer; nothing else opens the door', async () => {
  const { token, user } = await newcomer();
  const ask = async (authorization) => answerOf(await fetch(`${dev.http_url}/api/v3/get-profile`, {
    headers: { 'x-authing-app-id': dev.app_id, ...(authorization && { authorization }) },
  }));
  for (const header of [token, `Bearer ${token}`, `bearer ${token}`]) {
    assert.equal(accepted(await ask(header)).userId, user.userId);
  }
  refused(await ask(undefined), 401, 2020);
  for (const header of [
    'x', 'Bearer x', `Basic ${token}`, `${token}x`, withClaims(token, { sub: carol.id }),
    'a.b.c', `${token} ${token}`,
  ]) {
    const answer = await ask(header);
    assert.equal(answer.statusCode, 401, header);
  }
});

test('attack_41 a token of another pool is worth nothing', async () => {
  const there = authentication(dev, { appId: other.application, appSecret: other.secret });
  const { email, password: theirs } = bob;
  const signed = accepted(await there.signInByEmailPassword({
    email, password: theirs, options: openid,
  }));
  there.setAccessToken(signed.access_token);
  assert.equal(accepted(await there.getProfile({})).userId, bob.id);
  const here = authentication(dev);
  here.setAccessToken(signed.access_token);
  refused(await here.getProfile({}), 401);
  refused(await here.updateProfile({ nickname: 'x' }), 401);
});

test('an ID token, a refresh token and a late token are refused', async () => {
  const client = authentication(dev);
  const { email } = await newcomer();
  const options = { scope: 'openid offline_access' };
  const signed = accepted(await client.signInByEmailPassword({ email, password, options }));
  for (const token of [signed.id_token, signed.refresh_token]) {
    client.setAccessToken(token);
    refused(await client.getProfile({}), 401);
  }
  client.setAccessToken(signed.access_token);
  await moveClock(dev, 4_000);
  refused(await client.getProfile({}), 401, 2206);
  await moveClock(dev, 0);
  accepted(await client.getProfile({}));
});

test('getSecurityLevel', async () => {
  const { client } = await newcomer();
  const level = accepted(await client.getSecurityLevel());
  assert.deepEqual(
    [level.passwordSet, level.emailBinded, level.phoneBinded, level.mfaEnrolled],
    [true, true, false, false],
  );
  assert.ok(level.passwordSecurityLevel >= 1 && level.passwordSecurityLevel <= 3);
  assert.ok(level.securityScore > 0 && level.securityScore < 100);
});
