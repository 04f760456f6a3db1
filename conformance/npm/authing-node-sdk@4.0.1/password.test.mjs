// Changing, resetting and checking one's own password.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { quiet } from '../../lib/outbox.mjs';
import { bob, other } from '../../lib/seeded.mjs';
import { moveClock, startServer } from '../../lib/server.mjs';
import { accepted, authentication, freshEmail, management, refused } from './clients.mjs';
import { emailCode, freshPhone, phoneCode, wrong } from './codes.mjs';
import { encrypted } from './passwords.mjs';
import { newcomer, password, signIn } from './people.mjs';

const server = await startServer();
const { dev } = server;
const client = authentication(dev);
const there = authentication(dev, { appId: other.application, appSecret: other.secret });
const otherKeys = { accessKeyId: other.accessKey, accessKeySecret: other.accessSecret };
after(() => server.stop());

const next = 'another passphrase of mine';
const openid = { scope: 'openid profile' };
const enter = (email, secret) =>
  client.signInByEmailPassword({ email, password: secret, options: openid });
const resetCode = (email, through = client) =>
  emailCode(dev, through, email, 'CHANNEL_RESET_PASSWORD');
const byEmail = (email, passCode, through = client) => through.verifyResetPasswordRequest({
  verifyMethod: 'EMAIL_PASSCODE', emailPassCodePayload: { email, passCode },
});

test('updatePassword with the old one', async () => {
  const { client: mine, email } = await newcomer(dev);
  accepted(await mine.updatePassword({ newPassword: next, oldPassword: password }));
  refused(await enter(email, password), 403, 2006);
  accepted(await enter(email, next));
});

test('attack_37 a change ends the other sessions and keeps the own', async () => {
  const { client: mine, email } = await newcomer(dev);
  const elsewhere = authentication(dev);
  const tokens = await signIn(dev, email);
  elsewhere.setAccessToken(tokens.access_token);
  accepted(await elsewhere.getProfile({}));
  accepted(await mine.updatePassword({ newPassword: next, oldPassword: password }));
  refused(await elsewhere.getProfile({}), 401);
  await assert.rejects(client.getNewAccessTokenByRefreshToken(tokens.refresh_token));
  accepted(await mine.getProfile({}));
});

test('updatePassword with a wrong, missing or empty old one changes nothing', async () => {
  const { client: mine, email } = await newcomer(dev);
  refused(await mine.updatePassword({ newPassword: next, oldPassword: 'wrong' }), 403, 2203);
  refused(await mine.updatePassword({ newPassword: next }), 400, 2201);
  const empty = await mine.updatePassword({ newPassword: next, oldPassword: '' });
  assert.ok(empty.statusCode >= 400, JSON.stringify(empty));
  refused(await mine.updatePassword({ oldPassword: password }), 400);
  refused(await mine.updatePassword({ newPassword: 5, oldPassword: password }), 400);
  refused(await mine.updatePassword({ newPassword: '', oldPassword: password }), 400);
  accepted(await enter(email, password));
});

test('attack_27 old passwords cannot be guessed through updatePassword', async () => {
  const { client: mine } = await newcomer(dev);
  const answers = [];
  for (let n = 0; n < 14; n += 1) {
    answers.push(await mine.updatePassword({ newPassword: next, oldPassword: `wrong ${n}` }));
  }
  assert.ok(answers.filter((answer) => answer.apiCode === 2203).length <= 10);
  refused(await mine.updatePassword({ newPassword: next, oldPassword: password }), 403, 2057);
});

test('a user without a password sets one with no old one', async () => {
  const email = freshEmail();
  const passCode = await emailCode(dev, client, email, 'CHANNEL_REGISTER');
  accepted(await client.signUpByEmailCode({ email, passCode }));
  const login = await emailCode(dev, client, email, 'CHANNEL_LOGIN');
  const mine = authentication(dev);
  const options = openid;
  const tokens = accepted(await mine.signInByEmailPassCode({ email, passCode: login, options }));
  mine.setAccessToken(tokens.access_token);
  accepted(await mine.updatePassword({ newPassword: next }));
  accepted(await enter(email, next));
});

test('a reset by e-mail and by phone', async () => {
  const phone = freshPhone();
  const { email } = await newcomer(dev, { phone, phoneCountryCode: '+86' });
  const { passwordResetToken, tokenExpiresIn } =
    accepted(await byEmail(email, await resetCode(email)));
  assert.ok(tokenExpiresIn > 0);
  const done = await client.resetPassword({ password: next, passwordResetToken });
  assert.equal(accepted(done).success, true);
  accepted(await enter(email, next));
  refused(await enter(email, password), 403, 2006);

  const passCode = await phoneCode(dev, client, phone, 'CHANNEL_RESET_PASSWORD');
  const token = accepted(await client.verifyResetPasswordRequest({
    verifyMethod: 'PHONE_PASSCODE',
    phonePassCodePayload: { phoneNumber: phone, phoneCountryCode: '+86', passCode },
  })).passwordResetToken;
  accepted(await client.resetPassword({ password, passwordResetToken: token }));
  accepted(await enter(email, password));
});

test('attack_37 a reset ends every session', async () => {
  const { client: mine, email, tokens } = await newcomer(dev);
  const { passwordResetToken } = accepted(await byEmail(email, await resetCode(email)));
  accepted(await client.resetPassword({ password: next, passwordResetToken }));
  refused(await mine.getProfile({}), 401);
  await assert.rejects(client.getNewAccessTokenByRefreshToken(tokens.refresh_token));
});

test('updatePassword takes a reset token in place of the old password', async () => {
  const { client: mine, email } = await newcomer(dev);
  const { passwordResetToken } = accepted(await byEmail(email, await resetCode(email)));
  accepted(await mine.updatePassword({ newPassword: next, passwordResetToken }));
  accepted(await enter(email, next));

  const stranger = await newcomer(dev);
  const theirs = accepted(await byEmail(stranger.email, await resetCode(stranger.email)));
  const answer = await mine.updatePassword({
    newPassword: 'taken over by me', passwordResetToken: theirs.passwordResetToken,
  });
  assert.ok(answer.statusCode >= 400, JSON.stringify(answer));
  accepted(await enter(email, next));
  accepted(await enter(stranger.email, password));
});

test('a reset code or token that is used, foreign, late or guessed', async () => {
  const { email } = await newcomer(dev);
  const stranger = await newcomer(dev);
  const code = await resetCode(email);
  refused(await byEmail(email, wrong(code)), 400, 2001);
  refused(await byEmail(stranger.email, code), 400, 2001);
  const { passwordResetToken, tokenExpiresIn } = accepted(await byEmail(email, code));
  refused(await byEmail(email, code), 400, 2001);
  const reset = (fields) => client.resetPassword({ password: next, passwordResetToken, ...fields });
  for (const token of ['', 'x', `${passwordResetToken}x`]) {
    const answer = await reset({ passwordResetToken: token });
    assert.ok(answer.statusCode >= 400 && answer.statusCode < 500, JSON.stringify(answer));
  }
  const foreign = await there.resetPassword({ password: next, passwordResetToken });
  assert.ok(foreign.statusCode >= 400 && foreign.statusCode < 500, JSON.stringify(foreign));
  await moveClock(dev, tokenExpiresIn + 5);
  assert.notEqual((await reset()).statusCode, 200);
  await moveClock(dev, 0);
  accepted(await reset());
  assert.notEqual((await reset({ password: 'a third passphrase' })).statusCode, 200);

  await moveClock(dev, 70);
  const more = await resetCode(stranger.email);
  for (let n = 0; n < 5; n += 1) refused(await byEmail(stranger.email, wrong(more)), 400, 2001);
  refused(await byEmail(stranger.email, more), 400, 2001);
  await moveClock(dev, 0);
});

test('attack_26 a reset says the same for known and unknown addresses', async () => {
  const told = ({ requestId, ...rest }) => rest;
  const unknown = freshEmail();
  const send = (email) => there.sendEmail({ channel: 'CHANNEL_RESET_PASSWORD', email });
  assert.deepEqual(told(await send(unknown)), told(await send(bob.email)));
  assert.equal((await quiet(dev, unknown)).length, 0);
  const verify = (email) => byEmail(email, '000000', there);
  assert.deepEqual(told(await verify(unknown)), told(await verify(bob.email)));
  refused(await verify(freshEmail()), 400, 2001);
});

test('new passwords that are weak or over-long, by the rules of a new pool', async () => {
  const email = freshEmail();
  accepted(await management(dev, otherKeys).createUser({ email, password }));
  const passCode = await resetCode(email, there);
  const { passwordResetToken } = accepted(await byEmail(email, passCode, there));
  const bad = ['short', 'passw0rd', '12345678', email, 'x'.repeat(129), 'y'.repeat(100_000)];
  for (const weak of bad) {
    refused(await there.resetPassword({ password: weak, passwordResetToken }), 400, 2029);
  }
  accepted(await there.resetPassword({ password: next, passwordResetToken }));
});

test('passwordEncryptType on every call that has it', async () => {
  const { client: mine, email } = await newcomer(dev);
  const rsa = { passwordEncryptType: 'rsa' };
  const seal = (text) => encrypted(client, text);
  accepted(await mine.updatePassword({
    newPassword: await seal(next), oldPassword: await seal(password), ...rsa,
  }));
  accepted(await enter(email, next));
  const check = { email, password: await seal(next) };
  assert.equal(accepted(await client.validatePassword({ ...check, ...rsa })).valid, true);
  const { passwordResetToken } = accepted(await byEmail(email, await resetCode(email)));
  const fields = { password: await seal(password), passwordResetToken };
  for (const answer of [
    await client.resetPassword({ ...fields, passwordEncryptType: 'sm2' }),
    await client.validatePassword({ ...check, passwordEncryptType: 'sm2' }),
    await mine.updatePassword({
      newPassword: password, oldPassword: next, passwordEncryptType: 'sm2',
    }),
  ]) {
    refused(answer, 400);
    assert.match(answer.message, /passwordEncryptType/);
  }
  refused(await client.resetPassword({ ...fields, password: 'AAAA', ...rsa }), 400, 2016);
  accepted(await client.resetPassword({ ...fields, ...rsa }));
  accepted(await enter(email, password));
});

test('validatePassword says whether a password is right, and counts', async () => {
  const { email, user } = await newcomer(dev, { username: freshEmail().split('@')[0] });
  assert.equal(accepted(await client.validatePassword({ email, password })).valid, true);
  const named = { username: user.username, password };
  assert.equal(accepted(await client.validatePassword(named)).valid, true);
  const wrongOne = { email, password: 'wrong' };
  assert.equal(accepted(await client.validatePassword(wrongOne)).valid, false);
  const nobody = { email: freshEmail(), password };
  assert.equal(accepted(await client.validatePassword(nobody)).valid, false);
  refused(await client.validatePassword({ password }), 400);
  refused(await client.validatePassword({ email }), 400);
  for (let n = 0; n < 12; n += 1) await client.validatePassword({ email, password: `wrong ${n}` });
  refused(await client.validatePassword({ email, password }), 403, 2057);
});

test('nobody without a token, and payloads that are missing', async () => {
  refused(await client.updatePassword({ newPassword: next, oldPassword: password }), 401, 2020);
  const cases = [
    [{}, 'verifyMethod'],
    [{ verifyMethod: 'MAGIC' }, 'verifyMethod'],
    [{ verifyMethod: 'EMAIL_PASSCODE' }, 'emailPassCodePayload'],
    [{ verifyMethod: 'PHONE_PASSCODE' }, 'phonePassCodePayload'],
    [{ verifyMethod: 'EMAIL_PASSCODE', emailPassCodePayload: { email: 'x@y.z' } }, 'passCode'],
    [{ verifyMethod: 'EMAIL_PASSCODE', emailPassCodePayload: { passCode: '1' } }, 'email'],
  ];
  for (const [fields, field] of cases) {
    const answer = await client.verifyResetPasswordRequest(fields);
    refused(answer, 400);
    assert.ok(answer.message.includes(field), `${answer.message} does not name ${field}`);
  }
});
