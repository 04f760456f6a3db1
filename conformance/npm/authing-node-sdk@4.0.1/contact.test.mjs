// Binding, unbinding and changing one's e-mail address and phone number.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { messagesTo } from '../../lib/outbox.mjs';
import { carol } from '../../lib/seeded.mjs';
import { moveClock, startServer } from '../../lib/server.mjs';
import { accepted, authentication, freshEmail, management, refused } from './clients.mjs';
import { emailCode, freshPhone, phoneCode, wrong } from './codes.mjs';
import { newcomer, password } from './people.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

const profile = async (client) => accepted(await client.getProfile({}));
const mail = (client, email, channel) => emailCode(dev, client, email, channel);
const sms = (client, phone, channel) => phoneCode(dev, client, phone, channel);

/** Somebody who signs in by name and has no address. */
async function nameless() {
  const client = authentication(dev);
  const username = freshEmail().split('@')[0];
  accepted(await management(dev).createUser({ username, password }));
  const tokens = accepted(await client.signInByUsernamePassword({ username, password }));
  client.setAccessToken(tokens.access_token);
  return client;
}

test('bindEmail and bindPhone bind what a code proves', async () => {
  const client = await nameless();
  const email = freshEmail();
  const passCode = await mail(client, email, 'CHANNEL_BIND_EMAIL');
  accepted(await client.bindEmail({ email, passCode }));
  const phoneNumber = freshPhone();
  const code = await sms(client, phoneNumber, 'CHANNEL_BIND_PHONE');
  accepted(await client.bindPhone({ phoneNumber, phoneCountryCode: '+86', passCode: code }));
  const now = await profile(client);
  assert.deepEqual([now.email, now.emailVerified], [email, true]);
  assert.deepEqual([now.phone, now.phoneVerified], [phoneNumber, true]);
});

test('a code that is wrong, used, of another address or purpose binds nothing', async () => {
  const client = await nameless();
  const [email, theirs] = [freshEmail(), freshEmail()];
  const passCode = await mail(client, email, 'CHANNEL_BIND_EMAIL');
  refused(await client.bindEmail({ email, passCode: wrong(passCode) }), 400, 2001);
  refused(await client.bindEmail({ email: theirs, passCode }), 400, 2001);
  const login = await mail(client, theirs, 'CHANNEL_LOGIN');
  refused(await client.bindEmail({ email: theirs, passCode: login }), 400, 2001);
  assert.equal((await profile(client)).email, null);
  accepted(await client.bindEmail({ email, passCode }));
  const other = await nameless();
  const again = await other.bindEmail({ email, passCode });
  assert.ok(again.statusCode >= 400, JSON.stringify(again));
  const late = freshPhone();
  const code = await sms(other, late, 'CHANNEL_BIND_PHONE');
  await moveClock(dev, 70);
  refused(await other.bindPhone({ phoneNumber: late, passCode: code }), 400, 2300);
  await moveClock(dev, 0);
});

test('an address that belongs to another, and a second one of a kind', async () => {
  const client = await nameless();
  const passCode = await mail(client, carol.email, 'CHANNEL_BIND_EMAIL');
  refused(await client.bindEmail({ email: carol.email, passCode }), 409);
  const code = await sms(client, carol.phone, 'CHANNEL_BIND_PHONE');
  refused(await client.bindPhone({ phoneNumber: carol.phone, passCode: code }), 409, 2035);
  const now = await profile(client);
  assert.deepEqual([now.email, now.phone], [null, null]);

  const bound = await newcomer(dev);
  const second = freshEmail();
  const next = await mail(bound.client, second, 'CHANNEL_BIND_EMAIL');
  refused(await bound.client.bindEmail({ email: second, passCode: next }), 409, 2200);
  assert.equal((await profile(bound.client)).email, bound.email);
});

test('unbindEmail and unbindPhone give up what a code to it proves', async () => {
  const phone = freshPhone();
  const { client, email } = await newcomer(dev, { phone, phoneCountryCode: '+86' });
  const passCode = await mail(client, email, 'CHANNEL_UNBIND_EMAIL');
  refused(await client.unbindEmail({ passCode: wrong(passCode) }), 400, 2001);
  accepted(await client.unbindEmail({ passCode }));
  const code = await sms(client, phone, 'CHANNEL_UNBIND_PHONE');
  const last = await client.unbindPhone({ passCode: code });
  const now = await profile(client);
  assert.equal(now.email, null);
  // The phone was the last name of this account.
  refused(last, 409, 2217);
  assert.equal(now.phone, phone);
  refused(await client.unbindEmail({ passCode }), 400, 2219);
});

test('unbindPhone beside another way in', async () => {
  const phone = freshPhone();
  const { client } = await newcomer(dev, { phone, phoneCountryCode: '+86' });
  const passCode = await sms(client, phone, 'CHANNEL_UNBIND_PHONE');
  accepted(await client.unbindPhone({ passCode }));
  const now = await profile(client);
  assert.deepEqual([now.phone, now.phoneVerified], [null, false]);
});

test('verifyUpdateEmailRequest, then updateEmail', async () => {
  const { client, email } = await newcomer(dev);
  const newEmail = freshEmail();
  const oldEmailPassCode = await mail(client, email, 'CHANNEL_UPDATE_EMAIL');
  const newEmailPassCode = await mail(client, newEmail, 'CHANNEL_UPDATE_EMAIL');
  const payload = { newEmail, newEmailPassCode, oldEmail: email, oldEmailPassCode };
  const verified = accepted(await client.verifyUpdateEmailRequest({
    verifyMethod: 'EMAIL_PASSCODE', emailPassCodePayload: payload,
  }));
  assert.ok(verified.tokenExpiresIn > 0);
  assert.equal((await profile(client)).email, email);
  const { updateEmailToken } = verified;
  assert.equal(accepted(await client.updateEmail({ updateEmailToken })).success, true);
  const now = await profile(client);
  assert.deepEqual([now.email, now.emailVerified], [newEmail, true]);
  assert.notEqual((await client.updateEmail({ updateEmailToken })).statusCode, 200);
});

test('verifyUpdatePhoneRequest, then updatePhone', async () => {
  const phone = freshPhone();
  const { client } = await newcomer(dev, { phone, phoneCountryCode: '+86' });
  const newPhoneNumber = freshPhone();
  const oldPhonePassCode = await sms(client, phone, 'CHANNEL_BIND_PHONE');
  const newPhonePassCode = await sms(client, newPhoneNumber, 'CHANNEL_BIND_PHONE');
  const { updatePhoneToken } = accepted(await client.verifyUpdatePhoneRequest({
    verifyMethod: 'PHONE_PASSCODE',
    phonePassCodePayload: {
      newPhoneNumber, newPhoneCountryCode: '+86', newPhonePassCode,
      oldPhoneNumber: phone, oldPhoneCountryCode: '+86', oldPhonePassCode,
    },
  }));
  assert.equal(accepted(await client.updatePhone({ updatePhoneToken })).success, true);
  const now = await profile(client);
  assert.deepEqual([now.phone, now.phoneVerified], [newPhoneNumber, true]);
});

test('a change without or with a wrong old code, to the same or a taken address', async () => {
  const { client, email } = await newcomer(dev);
  const newEmail = freshEmail();
  const old = await mail(client, email, 'CHANNEL_UPDATE_EMAIL');
  const code = await mail(client, newEmail, 'CHANNEL_UPDATE_EMAIL');
  const verify = (emailPassCodePayload) => client.verifyUpdateEmailRequest({
    verifyMethod: 'EMAIL_PASSCODE', emailPassCodePayload,
  });
  const fields = { newEmail, newEmailPassCode: code };
  refused(await verify(fields), 400);
  refused(await verify({ ...fields, oldEmail: email, oldEmailPassCode: wrong(old) }), 400, 2001);
  refused(await verify({ ...fields, oldEmail: freshEmail(), oldEmailPassCode: old }), 400, 2037);
  refused(await verify({ newEmail: email, newEmailPassCode: old, oldEmail: email,
    oldEmailPassCode: old }), 400, 2229);
  refused(await verify({ newEmailPassCode: code }), 400);
  refused(await client.verifyUpdateEmailRequest({ verifyMethod: 'MAGIC' }), 400);

  const theirs = await newcomer(dev);
  const taken = await mail(client, theirs.email, 'CHANNEL_UPDATE_EMAIL');
  await moveClock(dev, 70);
  const again = await mail(client, email, 'CHANNEL_UPDATE_EMAIL');
  const answer = await verify({
    newEmail: theirs.email, newEmailPassCode: taken, oldEmail: email, oldEmailPassCode: again,
  });
  await moveClock(dev, 0);
  refused(answer, 409);
  assert.equal((await profile(client)).email, email);
});

test('a token of a change is its owner\'s, for its purpose, for five minutes', async () => {
  const one = await newcomer(dev);
  const two = await newcomer(dev);
  const newEmail = freshEmail();
  const oldEmailPassCode = await mail(one.client, one.email, 'CHANNEL_UPDATE_EMAIL');
  const newEmailPassCode = await mail(one.client, newEmail, 'CHANNEL_UPDATE_EMAIL');
  const { updateEmailToken, tokenExpiresIn } = accepted(
    await one.client.verifyUpdateEmailRequest({
      verifyMethod: 'EMAIL_PASSCODE',
      emailPassCodePayload: { newEmail, newEmailPassCode, oldEmail: one.email, oldEmailPassCode },
    }),
  );
  const foreign = [
    await two.client.updateEmail({ updateEmailToken }),
    await one.client.updatePhone({ updatePhoneToken: updateEmailToken }),
    await one.client.deleteAccount({ deleteAccountToken: updateEmailToken }),
    await one.client.resetPassword({ password, passwordResetToken: updateEmailToken }),
    await one.client.updateEmail({ updateEmailToken: 'x' }),
    await one.client.updateEmail({ updateEmailToken: '' }),
  ];
  for (const answer of foreign) assert.ok(answer.statusCode >= 400, JSON.stringify(answer));
  await moveClock(dev, tokenExpiresIn + 5);
  assert.notEqual((await one.client.updateEmail({ updateEmailToken })).statusCode, 200);
  await moveClock(dev, 0);
  assert.equal((await profile(one.client)).email, one.email);
  assert.equal((await profile(two.client)).email, two.email);
});

test('the owner of the old address is told of the change', async () => {
  const { client, email } = await newcomer(dev, { emailVerified: true });
  const newEmail = freshEmail();
  const oldEmailPassCode = await mail(client, email, 'CHANNEL_UPDATE_EMAIL');
  const newEmailPassCode = await mail(client, newEmail, 'CHANNEL_UPDATE_EMAIL');
  const { updateEmailToken } = accepted(await client.verifyUpdateEmailRequest({
    verifyMethod: 'EMAIL_PASSCODE',
    emailPassCodePayload: { newEmail, newEmailPassCode, oldEmail: email, oldEmailPassCode },
  }));
  const before = (await messagesTo(dev, email)).length;
  accepted(await client.updateEmail({ updateEmailToken }));
  for (let n = 0; n < 100 && (await messagesTo(dev, email)).length === before; n += 1) {
    await new Promise((done) => setTimeout(done, 20));
  }
  assert.ok((await messagesTo(dev, email)).length > before);
});

test('nobody without a token', async () => {
  const client = authentication(dev);
  const calls = [
    client.bindEmail({ email: freshEmail(), passCode: '1' }), client.unbindEmail({ passCode: '1' }),
    client.bindPhone({ phoneNumber: freshPhone(), passCode: '1' }),
    client.unbindPhone({ passCode: '1' }), client.updateEmail({ updateEmailToken: 'x' }),
    client.updatePhone({ updatePhoneToken: 'x' }),
    client.verifyUpdateEmailRequest({}), client.verifyUpdatePhoneRequest({}),
  ];
  for (const answer of await Promise.all(calls)) refused(answer, 401, 2020);
});

test('errors about a phone number have the numbers of phones', async () => {
  const phone = freshPhone();
  const { client } = await newcomer(dev, { phone, phoneCountryCode: '+86' });
  const second = freshPhone();
  const bind = await sms(client, second, 'CHANNEL_BIND_PHONE');
  const bound = await client.bindPhone({
    phoneNumber: second, phoneCountryCode: '+86', passCode: bind,
  });
  refused(bound, 409, 2035);
  const verify = (phonePassCodePayload) => client.verifyUpdatePhoneRequest({
    verifyMethod: 'PHONE_PASSCODE', phonePassCodePayload,
  });
  const fields = {
    newPhoneNumber: second, newPhoneCountryCode: '+86', newPhonePassCode: bind,
    oldPhoneNumber: freshPhone(), oldPhoneCountryCode: '+86', oldPhonePassCode: bind,
  };
  refused(await verify(fields), 400, 2038);
  const same = { ...fields, newPhoneNumber: phone, oldPhoneNumber: phone };
  refused(await verify(same), 400, 2230);
  const none = await (await newcomer(dev)).client.unbindPhone({ passCode: '000000' });
  refused(none, 400);
  assert.equal(none.apiCode, undefined, 'the list has no number for it');
});
