// Sending codes, signing in with them, and every way a code must not work (attack 30).
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { read } from '../../lib/jwt.mjs';
import { delivered, messagesTo, quiet } from '../../lib/outbox.mjs';
import { basic, bob, carol, other } from '../../lib/seeded.mjs';
import { moveClock, startServer } from '../../lib/server.mjs';
import {
  accepted, authentication, authenticationOf, freshEmail, management, refused,
} from './clients.mjs';
import { emailCode, freshPhone, phoneCode, wrong } from './codes.mjs';

const server = await startServer();
const { dev } = server;
const client = authentication(dev);
const there = authentication(dev, { appId: other.application, appSecret: other.secret });
const options = { scope: 'openid profile email phone' };
after(() => server.stop());

const smsChannels = [
  'CHANNEL_LOGIN', 'CHANNEL_REGISTER', 'CHANNEL_RESET_PASSWORD', 'CHANNEL_BIND_PHONE',
  'CHANNEL_UNBIND_PHONE', 'CHANNEL_BIND_MFA', 'CHANNEL_VERIFY_MFA', 'CHANNEL_UNBIND_MFA',
  'CHANNEL_COMPLETE_PHONE', 'CHANNEL_IDENTITY_VERIFICATION', 'CHANNEL_DELETE_ACCOUNT',
];
const emailChannels = [
  'CHANNEL_LOGIN', 'CHANNEL_REGISTER', 'CHANNEL_RESET_PASSWORD', 'CHANNEL_VERIFY_EMAIL_LINK',
  'CHANNEL_UPDATE_EMAIL', 'CHANNEL_BIND_EMAIL', 'CHANNEL_UNBIND_EMAIL', 'CHANNEL_VERIFY_MFA',
  'CHANNEL_UNLOCK_ACCOUNT', 'CHANNEL_COMPLETE_EMAIL', 'CHANNEL_DELETE_ACCOUNT',
];
const byEmail = (email, passCode, extra = {}) =>
  client.signInByEmailPassCode({ email, passCode, options: { ...options, ...extra } });
const byPhone = (phone, passCode, extra = {}) =>
  client.signInByPhonePassCode({ phone, passCode, options: { ...options, ...extra } });
const subject = (answer) => read(accepted(answer).access_token).claims.sub;
const loginCode = (email) => emailCode(dev, client, email, 'CHANNEL_LOGIN');
const newUser = async (fields) => accepted(await management(dev).createUser(fields)).userId;

test('a code signs in by e-mail, by phone and by signInByCredentials', async () => {
  const { email, phone } = carol;
  assert.equal(subject(await byEmail(email, await loginCode(email))), carol.id);
  const sms = await phoneCode(dev, client, phone, 'CHANNEL_LOGIN');
  assert.equal(subject(await byPhone(phone, sms)), carol.id);
  const number = freshPhone();
  const id = await newUser({ phone: number, phoneCountryCode: '+86' });
  const passCode = await phoneCode(dev, client, number, 'CHANNEL_LOGIN', '+86');
  assert.equal(subject(await client.signInByCredentials({
    connection: 'PASSCODE',
    passCodePayload: { passCode, phone: number, phoneCountryCode: '+86' },
    options,
    client_id: dev.app_id,
    client_secret: dev.app_secret,
  })), id);
});

test('the address is proved by the sign-in, and offline_access gives a refresh token', async () => {
  const email = freshEmail();
  const id = await newUser({ email });
  const code = await loginCode(email.toUpperCase());
  const data = accepted(await byEmail(email, code, { scope: 'openid offline_access' }));
  assert.match(data.refresh_token, /\S/);
  assert.equal(accepted(await management(dev).getUser({ userId: id })).emailVerified, true);
});

test('an unknown address with a right code: 2004, or an account by autoRegister', async () => {
  const email = freshEmail();
  refused(await byEmail(email, await loginCode(email)), 404, 2004);
  const id = subject(await (async () => {
    await moveClock(dev, 70);
    return byEmail(email, await loginCode(email), { autoRegister: true });
  })());
  await moveClock(dev, 0);
  const user = accepted(await management(dev).getUser({ userId: id }));
  assert.equal(user.email, email);
  assert.equal(user.emailVerified, true);
  assert.equal(user.userSourceType, 'register');
  const phone = freshPhone();
  const sms = await phoneCode(dev, client, phone, 'CHANNEL_LOGIN');
  const made = subject(await byPhone(phone, sms, { autoRegister: true }));
  const owner = accepted(await management(dev).getUser({ userId: phone, userIdType: 'phone' }));
  assert.equal(owner.userId, made);
});

test('attack_30 a code works once', async () => {
  const email = freshEmail();
  await newUser({ email });
  const code = await loginCode(email);
  accepted(await byEmail(email, code));
  refused(await byEmail(email, code), 400, 2001);
});

test('attack_30 only one of a burst with the right code gets in', async () => {
  const email = freshEmail();
  await newUser({ email });
  const code = await loginCode(email);
  const answers = await Promise.all(Array.from({ length: 5 }, () => byEmail(email, code)));
  assert.equal(answers.filter((answer) => answer.statusCode === 200).length, 1);
});

test('attack_30 a newer code ends the older one', async () => {
  const email = freshEmail();
  await newUser({ email });
  const old = await loginCode(email);
  await moveClock(dev, 70);
  const now = await loginCode(email);
  refused(await byEmail(email, old), 400, 2001);
  accepted(await byEmail(email, now));
  await moveClock(dev, 0);
});

test('attack_30 a code of another address, purpose, application or pool is nobody\'s', async () => {
  const [mine, yours] = [freshEmail(), freshEmail()];
  await newUser({ email: mine });
  await newUser({ email: yours });
  const code = await loginCode(mine);
  refused(await byEmail(yours, code), 400, 2001);
  const register = await emailCode(dev, client, yours, 'CHANNEL_REGISTER');
  refused(await byEmail(yours, register), 400, 2001);
  const through = authenticationOf(dev, basic, 'client_secret_basic');
  for (const elsewhere of [through, there]) {
    const answer = await elsewhere.signInByEmailPassCode({ email: mine, passCode: code, options });
    refused(answer, 400, 2001);
  }
  accepted(await byEmail(mine, code));
});

test('a right code that comes late is 2300, a wrong one 2001', async () => {
  const email = freshEmail();
  await newUser({ email });
  const code = await loginCode(email);
  await moveClock(dev, 3_000);
  refused(await byEmail(email, wrong(code)), 400, 2001);
  refused(await byEmail(email, code), 400, 2300);
  await moveClock(dev, 0);
  const phone = freshPhone();
  await newUser({ phone });
  const sms = await phoneCode(dev, client, phone, 'CHANNEL_LOGIN');
  await moveClock(dev, 70);
  refused(await byPhone(phone, sms), 400, 2300);
  await moveClock(dev, 0);
});

test('attack_30 a code dies after five wrong tries', async () => {
  const email = freshEmail();
  await newUser({ email });
  const code = await loginCode(email);
  for (let n = 0; n < 5; n += 1) refused(await byEmail(email, wrong(code)), 400, 2001);
  refused(await byEmail(email, code), 400, 2001);
});

test('attack_30 five hundred guesses, half of them in parallel, find nothing', async () => {
  const email = freshEmail();
  await newUser({ email });
  const code = await loginCode(email);
  const guess = (n) => byEmail(email, String(n) === code ? '000000' : String(n));
  const parallel = Array.from({ length: 250 }, (_, n) => guess(100_000 + n));
  for (const answer of await Promise.all(parallel)) assert.notEqual(answer.statusCode, 200);
  for (let n = 0; n < 250; n += 1) {
    assert.notEqual((await guess(200_000 + n)).statusCode, 200);
  }
  assert.notEqual((await byEmail(email, code)).statusCode, 200);
});

test('every channel of both calls sends a message with a code or a link', async () => {
  const email = freshEmail();
  const phone = freshPhone();
  await newUser({ email, phone, phoneCountryCode: '+86' });
  // Ten messages a day: the clock goes on by hours, and by a day between the two calls.
  let offset = 0;
  for (const channel of smsChannels) {
    await moveClock(dev, (offset += 14_400));
    const send = () => client.sendSms({ channel, phoneNumber: phone, phoneCountryCode: '+86' });
    const { answer, message } = await delivered(dev, phone, send);
    accepted(answer);
    assert.match(message.code, /^\d{6}$/, channel);
    assert.ok(message.text.includes(message.code), channel);
  }
  for (const channel of emailChannels) {
    await moveClock(dev, (offset += 14_400));
    const send = () => client.sendEmail({ channel, email });
    const { answer, message } = await delivered(dev, email, send);
    accepted(answer);
    if (channel === 'CHANNEL_VERIFY_EMAIL_LINK') assert.match(message.text, /https?:\/\//);
    else assert.ok(message.text.includes(message.code), channel);
  }
  await moveClock(dev, 0);
});

test('attack_30 a resend flood is refused: 2080 for mails, 422 for SMS', async () => {
  // The other pool has the limits of every new pool.
  const email = freshEmail();
  const flood = await Promise.all(Array.from({ length: 10 }, () =>
    there.sendEmail({ channel: 'CHANNEL_LOGIN', email })));
  assert.equal(flood.filter((answer) => answer.statusCode === 200).length, 1);
  for (const answer of flood.filter(({ statusCode }) => statusCode !== 200)) {
    refused(answer, 422, 2080);
  }
  const phoneNumber = freshPhone();
  accepted(await there.sendSms({ channel: 'CHANNEL_LOGIN', phoneNumber }));
  refused(await there.sendSms({ channel: 'CHANNEL_LOGIN', phoneNumber }), 422);
  assert.equal((await quiet(dev, email)).length, 1);
  assert.equal((await quiet(dev, phoneNumber)).length, 1);
});

test('attack_26 sending says the same for known and unknown addresses', async () => {
  let offset = 0;
  const told = ({ requestId, ...rest }) => rest;
  for (const channel of emailChannels) {
    await moveClock(dev, (offset += 14_400));
    const known = await there.sendEmail({ channel, email: bob.email });
    const unknown = await there.sendEmail({ channel, email: freshEmail() });
    assert.deepEqual(told(unknown), told(known), channel);
    accepted(known);
  }
  const stranger = freshEmail();
  accepted(await there.sendEmail({ channel: 'CHANNEL_RESET_PASSWORD', email: stranger }));
  assert.equal((await quiet(dev, stranger)).length, 0);
  await moveClock(dev, 0);
});

test('what cannot be sent to is named and sends nothing', async () => {
  const bad = [
    '', ' ', 'nobody', 'a@b\r\nBcc: c@example.com', 'a@b.example\n', '<a@b.example>',
    'a@b.example,c@d.example', `${'x'.repeat(300)}@example.com`, 'a b@example.com', '{{7*7}}@',
  ];
  for (const email of bad) {
    const answer = await client.sendEmail({ channel: 'CHANNEL_LOGIN', email });
    if (email.trim() === email) refused(answer, 400);
    else if (answer.statusCode !== 200) refused(answer, 400);
  }
  for (const phoneNumber of ['', 'letters', '12', '1'.repeat(40), '139\r\n0000']) {
    refused(await client.sendSms({ channel: 'CHANNEL_LOGIN', phoneNumber }), 400);
  }
  const odd = await client.sendEmail({ channel: 'CHANNEL_TELEPATHY', email: carol.email });
  refused(odd, 400);
  assert.match(odd.message, /channel/);
  refused(await client.sendSms({ channel: 'CHANNEL_BIND_EMAIL', phoneNumber: carol.phone }), 400);
  assert.equal((await messagesTo(dev, 'c@example.com')).length, 0);
});

test('a payload that is missing or empty is named', async () => {
  const sign = (passCodePayload) => client.signInByCredentials({
    connection: 'PASSCODE', passCodePayload, options,
    client_id: dev.app_id, client_secret: dev.app_secret,
  });
  const cases = [
    [undefined, 'passCodePayload'],
    [{ passCode: '123456' }, 'passCodePayload'],
    [{ email: carol.email }, 'passCode'],
    [{ email: 7, passCode: '1' }, 'email'],
    [{ email: carol.email, passCode: 123456 }, 'passCode'],
  ];
  for (const [payload, field] of cases) {
    const answer = await sign(payload);
    refused(answer, 400);
    assert.ok(answer.message.includes(field), `${answer.message} does not name ${field}`);
  }
  refused(await sign({ email: carol.email, passCode: '' }), 400);
  refused(await sign({ email: carol.email, passCode: '9'.repeat(10_000) }), 400);
});

test('preCheckCode looks without using the code up, and costs a try', async () => {
  const email = freshEmail();
  await newUser({ email });
  const code = await loginCode(email);
  const check = (passCode, channel = 'CHANNEL_LOGIN') => client.preCheckCode({
    codeType: 'EMAIL', emailCodePayload: { email, passCode, channel },
  });
  assert.equal(accepted(await check(code)).isValid, true);
  assert.equal(accepted(await check(wrong(code))).isValid, false);
  assert.equal(accepted(await check(code, 'CHANNEL_BIND_EMAIL')).isValid, false);
  accepted(await byEmail(email, code));
  assert.equal(accepted(await check(code)).isValid, false);

  const phone = freshPhone();
  const sms = await phoneCode(dev, client, phone, 'CHANNEL_REGISTER');
  const smsCodePayload = { phone, passCode: sms, channel: 'CHANNEL_REGISTER' };
  const looked = await client.preCheckCode({ codeType: 'SMS', smsCodePayload });
  assert.equal(accepted(looked).isValid, true);

  refused(await client.preCheckCode({ codeType: 'SMS' }), 400);
  refused(await client.preCheckCode({ codeType: 'PIGEON', emailCodePayload: {} }), 400);
});

test('attack_30 preCheckCode is no oracle: its looks use the tries up', async () => {
  const email = freshEmail();
  await newUser({ email });
  const code = await loginCode(email);
  const check = (passCode) => client.preCheckCode({
    codeType: 'EMAIL', emailCodePayload: { email, passCode, channel: 'CHANNEL_LOGIN' },
  });
  for (let n = 0; n < 5; n += 1) await check(wrong(code));
  const last = await check(code);
  assert.ok(last.statusCode !== 200 || last.data.isValid === false, JSON.stringify(last));
  assert.notEqual((await byEmail(email, code)).statusCode, 200);
});
