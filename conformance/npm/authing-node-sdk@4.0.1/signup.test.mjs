// Signing up by password and by code: what the new account is, and what must not work.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { carol, other } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import {
  accepted, authentication, freshEmail, management, refused,
} from './clients.mjs';
import { emailCode, freshPhone, phoneCode, wrong } from './codes.mjs';
import { encrypted } from './passwords.mjs';

const server = await startServer();
const { dev } = server;
const client = authentication(dev);
const there = authentication(dev, { appId: other.application, appSecret: other.secret });
const otherKeys = { accessKeyId: other.accessKey, accessKeySecret: other.accessSecret };
after(() => server.stop());

const password = 'a passphrase of mine';
const openid = { scope: 'openid profile' };
const freshName = () => freshEmail().split('@')[0];
const total = async (keys) => accepted(await management(dev, keys).listUsers({})).totalCount;
const registerCode = (email) => emailCode(dev, client, email, 'CHANNEL_REGISTER');

/** A refusal after which the pool has as many users as before. */
async function nothingMade(call, status, api, keys) {
  const before = await total(keys);
  const answer = await call();
  refused(answer, status, api);
  assert.equal(await total(keys), before);
  return answer;
}

test('signUpByEmailPassword answers the user, who can sign in', async () => {
  const email = freshEmail();
  const profile = { nickname: 'Nick', company: 'Acme', gender: 'F', birthdate: '2000-02-29' };
  const user = accepted(await client.signUpByEmailPassword({
    email: email.toUpperCase(), password, profile,
  }));
  assert.match(user.userId, /^[0-9a-f]{24}$/);
  assert.equal(user.email, email);
  assert.equal(user.emailVerified, false);
  assert.equal(user.status, 'Activated');
  assert.equal(user.userSourceType, 'register');
  assert.deepEqual(
    [user.nickname, user.company, user.gender, user.birthdate],
    ['Nick', 'Acme', 'F', '2000-02-29'],
  );
  assert.equal(user.loginsCount, 0);
  assert.equal(JSON.stringify(user).includes(password), false);
  accepted(await client.signInByEmailPassword({ email, password, options: openid }));
});

test('signUpByUsernamePassword', async () => {
  const username = freshName();
  const user = accepted(await client.signUpByUsernamePassword({ username, password }));
  assert.equal(user.username, username);
  accepted(await client.signInByUsernamePassword({ username, password, options: openid }));
});

test('signUpByEmailCode proves the address', async () => {
  const email = freshEmail();
  const passCode = await registerCode(email);
  const user = accepted(await client.signUpByEmailCode({ email, passCode }));
  assert.equal(user.email, email);
  assert.equal(user.emailVerified, true);
  assert.equal(user.passwordLastSetAt, null);
});

test('signUpByPhoneCode, with a password for later', async () => {
  const phone = freshPhone();
  const passCode = await phoneCode(dev, client, phone, 'CHANNEL_REGISTER', '+86');
  const options = { passwordForPhonePassCode: password };
  const user = accepted(await client.signUpByPhoneCode({
    phone, phoneCountryCode: '+86', passCode, options,
  }));
  assert.equal(user.phone, phone);
  assert.equal(user.phoneVerified, true);
  accepted(await client.signInByPhonePassword({ phone, password, options: openid }));
});

test('signUp with every field of the contract\'s profile', async () => {
  const username = freshName();
  const profile = {
    nickname: 'n', company: 'c', photo: 'https://example.com/p.png', device: 'd', browser: 'b',
    name: 'na', givenName: 'g', familyName: 'f', middleName: 'm', profile: 'https://example.com/',
    preferredUsername: 'pu', website: 'https://example.com', gender: 'M', birthdate: '1999-01-01',
    zoneinfo: 'Asia/Tokyo', locale: 'ja-JP', address: 'a', formatted: 'fo', streetAddress: 's',
    locality: 'lo', region: 'r', postalCode: '100', country: 'JP',
  };
  const user = accepted(await client.signUp({
    connection: 'PASSWORD', passwordPayload: { username, password }, profile,
  }));
  for (const [field, value] of Object.entries(profile)) {
    if (['device', 'browser', 'locality'].includes(field)) continue;
    assert.equal(user[field], value, field);
  }
});

test('a second address is bound by its completion code, and not without one', async () => {
  const phone = freshPhone();
  const email = freshEmail();
  const complete = await emailCode(dev, client, email, 'CHANNEL_COMPLETE_EMAIL');
  const passCode = await phoneCode(dev, client, phone, 'CHANNEL_REGISTER');
  const user = accepted(await client.signUpByPhoneCode({
    phone, passCode, profile: { email },
    options: { emailPassCodeForInformationCompletion: complete },
  }));
  assert.deepEqual([user.email, user.emailVerified], [email, true]);

  const mail = freshEmail();
  const number = freshPhone();
  const sms = await phoneCode(dev, client, number, 'CHANNEL_COMPLETE_PHONE');
  const options = { phonePassCodeForInformationCompletion: wrong(sms) };
  const profile = { phone: number };
  const fields = { email: mail, password, profile };
  await nothingMade(() => client.signUpByEmailPassword({ ...fields, options }), 400, 2001);
  options.phonePassCodeForInformationCompletion = sms;
  const owner = accepted(await client.signUpByEmailPassword({ ...fields, options }));
  assert.deepEqual([owner.phone, owner.phoneVerified], [number, true]);
});

test('an address or name that is taken', async () => {
  const { email, username, phone } = carol;
  await nothingMade(() => client.signUpByEmailPassword({ email, password }), 409, 2026);
  const upper = email.toUpperCase();
  await nothingMade(() => client.signUpByEmailPassword({ email: upper, password }), 409, 2026);
  await nothingMade(() => client.signUpByUsernamePassword({ username, password }), 409, 2034);
  const passCode = await phoneCode(dev, client, phone, 'CHANNEL_REGISTER');
  await nothingMade(() => client.signUpByPhoneCode({ phone, passCode }), 409, 2035);
  const mail = await registerCode(email);
  await nothingMade(() => client.signUpByEmailCode({ email, passCode: mail }), 409, 2026);
});

test('two sign-ups for one address at once: one account', async () => {
  const email = freshEmail();
  const answers = await Promise.all(Array.from({ length: 4 }, () =>
    client.signUpByEmailPassword({ email, password })));
  assert.deepEqual(answers.map((a) => a.statusCode).sort(), [200, 409, 409, 409]);
});

test('codes that are wrong, used, foreign or missing', async () => {
  const email = freshEmail();
  const passCode = await registerCode(email);
  const up = (fields) => () => client.signUpByEmailCode({ email, ...fields });
  await nothingMade(up({ passCode: wrong(passCode) }), 400, 2001);
  await nothingMade(up({ passCode, email: freshEmail() }), 400, 2001);
  const login = await emailCode(dev, client, freshEmail(), 'CHANNEL_LOGIN');
  await nothingMade(up({ passCode: login }), 400, 2001);
  await nothingMade(() => there.signUpByEmailCode({ email, passCode }), 400, 2001, otherKeys);
  accepted(await client.signUpByEmailCode({ email, passCode }));
  await nothingMade(up({ passCode, email: freshEmail() }), 400, 2001);
});

test('passwords that are weak or over-long, by the rules of a new pool', async () => {
  const email = freshEmail();
  const own = { email: 'longenough.name@example.com', password: 'longenough.name' };
  for (const weak of ['', 'short', 'password', 'passw0rd', '12345678']) {
    await nothingMade(
      () => there.signUpByEmailPassword({ email, password: weak }), 400, undefined, otherKeys,
    );
  }
  await nothingMade(() => there.signUpByEmailPassword(own), 400, 2029, otherKeys);
  for (const long of ['x'.repeat(129), 'y'.repeat(100_000), '\u{1F600}'.repeat(200)]) {
    await nothingMade(
      () => there.signUpByEmailPassword({ email, password: long }), 400, 2029, otherKeys,
    );
  }
  accepted(await there.signUpByEmailPassword({ email, password }));
});

test('names that are hostile are kept as text or refused, never run', async () => {
  const names = [
    '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '{{7*7}}', '${7*7}',
    "'; DROP TABLE users; --", '\u202Eevil', 'a\r\nBcc: x@example.com',
  ];
  for (const nickname of names) {
    const answer = await client.signUpByEmailPassword({
      email: freshEmail(), password, profile: { nickname },
    });
    if (answer.statusCode === 200) assert.equal(answer.data.nickname, nickname);
    else refused(answer, 400);
  }
  for (const username of ['', ' ', 'a\nb', 'x'.repeat(200)]) {
    await nothingMade(() => client.signUpByUsernamePassword({ username, password }), 400);
  }
  for (const email of ['nobody', 'a@b\r\nBcc: c@example.com', `${'x'.repeat(300)}@example.com`]) {
    await nothingMade(() => client.signUpByEmailPassword({ email, password }), 400);
  }
  const long = { nickname: 'x'.repeat(5_000) };
  const answer = await nothingMade(() => client.signUpByEmailPassword({
    email: freshEmail(), password, profile: long,
  }), 400);
  assert.match(answer.message, /nickname/);
});

test('attack_42 nobody gives themselves more than a sign-up has', async () => {
  const email = freshEmail();
  const more = {
    isAdmin: true, administrator: true, userPoolId: other.pool, pool_id: other.pool,
    userId: '0000000000000000000000ff', id: '0000000000000000000000ff', status: 'Suspended',
    emailVerified: true, phoneVerified: true, roles: ['admin'], app_metadata: { role: 'admin' },
    loginsCount: 99, userSourceType: 'adminCreated', tenantIds: ['x'], departmentIds: ['x'],
    resetPasswordOnNextLogin: true, passwordSecurityLevel: 3, externalId: 'crm-1', source: 'admin',
  };
  const user = accepted(await client.signUp({
    connection: 'PASSWORD',
    passwordPayload: { email, password, ...more },
    profile: { nickname: 'm', ...more },
    options: { ...more },
    ...more,
  }));
  assert.notEqual(user.userId, more.userId);
  assert.deepEqual(
    [user.status, user.emailVerified, user.phoneVerified, user.loginsCount, user.userSourceType],
    ['Activated', false, false, 0, 'register'],
  );
  const seen = accepted(await management(dev).getUser({ userId: user.userId }));
  assert.equal(seen.externalId, null);
  assert.equal(seen.resetPasswordOnNextLogin, false);
  refused(await management(dev, otherKeys).getUser({ userId: user.userId }), 404, 2004);
});

test('a custom field that the pool does not have is named', async () => {
  const answer = await nothingMade(() => client.signUpByEmailPassword({
    email: freshEmail(), password, profile: { customData: { shoe_size_of_nobody: 44 } },
  }), 400);
  assert.match(answer.message, /shoe_size_of_nobody/);
});

test('passwordEncryptType: rsa works, sm2 is refused by name, noise is 2016', async () => {
  const email = freshEmail();
  const rsa = { passwordEncryptType: 'rsa' };
  const sealed = await encrypted(client, password);
  accepted(await client.signUpByEmailPassword({ email, password: sealed, options: rsa }));
  accepted(await client.signInByEmailPassword({ email, password, options: openid }));
  const next = { email: freshEmail(), password: sealed };
  const sm2 = await nothingMade(
    () => client.signUpByEmailPassword({ ...next, options: { passwordEncryptType: 'sm2' } }), 400,
  );
  assert.match(sm2.message, /passwordEncryptType/);
  for (const noise of ['plain text', 'AAAA', Buffer.alloc(256, 1).toString('base64')]) {
    await nothingMade(() => client.signUpByEmailPassword({
      email: freshEmail(), password: noise, options: rsa,
    }), 400, 2016);
  }
});

test('a payload that is missing, empty or of another shape is named', async () => {
  const cases = [
    [{}, 'connection'],
    [{ connection: 'LDAP' }, 'connection'],
    [{ connection: 'PASSWORD' }, 'passwordPayload'],
    [{ connection: 'PASSCODE' }, 'passCodePayload'],
    [{ connection: 'PASSWORD', passwordPayload: { password } }, 'passwordPayload'],
    [{ connection: 'PASSWORD', passwordPayload: { email: freshEmail() } }, 'password'],
    [{ connection: 'PASSCODE', passCodePayload: { passCode: '1' } }, 'passCodePayload'],
    [{ connection: 'PASSWORD', passwordPayload: { email: 5, password } }, 'email'],
    [{ connection: 'PASSWORD', passwordPayload: { email: freshEmail(), password },
      profile: { gender: 'X' } }, 'gender'],
  ];
  for (const [fields, field] of cases) {
    const answer = await nothingMade(() => client.signUp(fields), 400);
    assert.ok(answer.message.includes(field), `${answer.message} does not name ${field}`);
  }
});

test('attack_29 sign-ups from one address are counted', async () => {
  // The other pool takes 50 an hour; some were made above.
  let last;
  for (let n = 0; n < 60 && last?.statusCode !== 429; n += 1) {
    last = await there.signUpByUsernamePassword({ username: freshName(), password: 'short' });
  }
  refused(last, 429, 2100);
});
