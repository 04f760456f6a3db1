// Deleting one's own account, in two steps.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { carol } from '../../lib/seeded.mjs';
import { moveClock, startServer } from '../../lib/server.mjs';
import { accepted, authentication, management, refused } from './clients.mjs';
import { emailCode, freshPhone, phoneCode, wrong } from './codes.mjs';
import { encrypted } from './passwords.mjs';
import { newcomer, password, signIn } from './people.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

const byPassword = (client, payload = { password }) => client.verifyDeleteAccountRequest({
  verifyMethod: 'PASSWORD', passwordPayload: payload,
});
const isThere = async (userId) => (await management(dev).getUser({ userId })).statusCode === 200;

test('by password: the account is gone with all that it had', async () => {
  const { client, user, email, tokens } = await newcomer(dev);
  const { deleteAccountToken, tokenExpiresIn } = accepted(await byPassword(client));
  assert.ok(tokenExpiresIn > 0);
  assert.ok(await isThere(user.userId));
  assert.equal(accepted(await client.deleteAccount({ deleteAccountToken })).success, true);
  refused(await management(dev).getUser({ userId: user.userId }), 404, 2004);
  refused(await client.getProfile({}), 401);
  await assert.rejects(authentication(dev).getNewAccessTokenByRefreshToken(tokens.refresh_token));
  const again = await authentication(dev).signInByEmailPassword({ email, password });
  refused(again, 404, 2004);
  // The address is free again.
  accepted(await authentication(dev).signUpByEmailPassword({ email, password }));
});

test('by a code to the e-mail address and to the phone', async () => {
  const one = await newcomer(dev);
  const passCode = await emailCode(dev, one.client, one.email, 'CHANNEL_DELETE_ACCOUNT');
  const mail = accepted(await one.client.verifyDeleteAccountRequest({
    verifyMethod: 'EMAIL_PASSCODE', emailPassCodePayload: { email: one.email, passCode },
  }));
  accepted(await one.client.deleteAccount({ deleteAccountToken: mail.deleteAccountToken }));
  assert.equal(await isThere(one.user.userId), false);

  const phone = freshPhone();
  const two = await newcomer(dev, { phone, phoneCountryCode: '+86' });
  const code = await phoneCode(dev, two.client, phone, 'CHANNEL_DELETE_ACCOUNT');
  const sms = accepted(await two.client.verifyDeleteAccountRequest({
    verifyMethod: 'PHONE_PASSCODE',
    phonePassCodePayload: { phoneNumber: phone, passCode: code },
  }));
  accepted(await two.client.deleteAccount({ deleteAccountToken: sms.deleteAccountToken }));
  assert.equal(await isThere(two.user.userId), false);
});

test('a wrong password or code, or a code to another address, proves nothing', async () => {
  const { client, user, email } = await newcomer(dev);
  const answers = [await byPassword(client, { password: 'wrong' })];
  const verify = (emailPassCodePayload) => client.verifyDeleteAccountRequest({
    verifyMethod: 'EMAIL_PASSCODE', emailPassCodePayload,
  });
  const passCode = await emailCode(dev, client, email, 'CHANNEL_DELETE_ACCOUNT');
  answers.push(await verify({ email, passCode: wrong(passCode) }));
  const theirs = await emailCode(dev, client, carol.email, 'CHANNEL_DELETE_ACCOUNT');
  answers.push(await verify({ email: carol.email, passCode: theirs }));
  const login = await emailCode(dev, client, email, 'CHANNEL_UNBIND_EMAIL');
  answers.push(await verify({ email, passCode: login }));
  for (const answer of answers) {
    assert.ok(answer.statusCode >= 400 && answer.statusCode < 500, JSON.stringify(answer));
    assert.equal(answer.data, undefined);
  }
  assert.ok(await isThere(user.userId) && await isThere(carol.id));
});

test('a token that is foreign, used or late deletes nobody', async () => {
  const one = await newcomer(dev);
  const two = await newcomer(dev);
  const { deleteAccountToken, tokenExpiresIn } = accepted(await byPassword(one.client));
  const refusals = [
    await two.client.deleteAccount({ deleteAccountToken }),
    await one.client.deleteAccount({ deleteAccountToken: 'x' }),
    await one.client.deleteAccount({ deleteAccountToken: '' }),
  ];
  await moveClock(dev, tokenExpiresIn + 5);
  refusals.push(await one.client.deleteAccount({ deleteAccountToken }));
  await moveClock(dev, 0);
  for (const answer of refusals) {
    assert.ok(answer.statusCode >= 400 && answer.statusCode < 500, JSON.stringify(answer));
  }
  assert.ok(await isThere(one.user.userId) && await isThere(two.user.userId));
});

test('passwordEncryptType: rsa, sm2, noise', async () => {
  const { client, user } = await newcomer(dev);
  const sealed = await encrypted(client, password);
  const sm2 = await byPassword(client, { password: sealed, passwordEncryptType: 'sm2' });
  refused(sm2, 400);
  assert.match(sm2.message, /passwordEncryptType/);
  const noise = await byPassword(client, { password: 'AAAA', passwordEncryptType: 'rsa' });
  refused(noise, 400, 2016);
  const proved = await byPassword(client, { password: sealed, passwordEncryptType: 'rsa' });
  const { deleteAccountToken } = accepted(proved);
  accepted(await client.deleteAccount({ deleteAccountToken }));
  assert.equal(await isThere(user.userId), false);
});

test('nobody without a token; payloads that are missing are named', async () => {
  const nobody = authentication(dev);
  refused(await byPassword(nobody), 401, 2020);
  refused(await nobody.deleteAccount({ deleteAccountToken: 'x' }), 401, 2020);
  const { client, email } = await newcomer(dev);
  await signIn(dev, email);
  for (const [fields, field] of [
    [{}, 'verifyMethod'],
    [{ verifyMethod: 'WISH' }, 'verifyMethod'],
    [{ verifyMethod: 'PASSWORD' }, 'passwordPayload'],
    [{ verifyMethod: 'EMAIL_PASSCODE' }, 'emailPassCodePayload'],
    [{ verifyMethod: 'PHONE_PASSCODE' }, 'phonePassCodePayload'],
  ]) {
    const answer = await client.verifyDeleteAccountRequest(fields);
    refused(answer, 400);
    assert.ok(answer.message.includes(field), `${answer.message} does not name ${field}`);
  }
});
