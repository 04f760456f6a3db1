// Second factors, identities and secrets of users; imported hashes; users named in other ways.
import { strict as assert } from 'node:assert';
import {
  constants, createHash, generateKeyPairSync, pbkdf2Sync, publicEncrypt, randomBytes, scryptSync,
} from 'node:crypto';
import { after, test } from 'node:test';
import { bob, other } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import { accepted, authentication, freshEmail, management, refused } from './clients.mjs';

const server = await startServer();
const { dev } = server;
const client = management(dev);
const theirs = management(dev, {
  accessKeyId: other.accessKey,
  accessKeySecret: other.accessSecret,
});
after(() => server.stop());

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const password = 'a passphrase of mine 1';
const made = async (fields = {}) =>
  accepted(await client.createUser({ email: freshEmail(), ...fields }));
const login = (email, word) => authentication(dev).signInByEmailPassword({ email, password: word });
const base64 = (bytes) => bytes.toString('base64').replace(/=+$/, '');

test('importOtp brings generators along, getOtpSecretByUser shows one', async () => {
  const [one, two] = [await made(), await made()];
  const list = [
    { userId: one.userId, otp: { secret: secret.toLowerCase(), recoveryCode: 'abcd-efgh-1234' } },
    { userId: two.userId, otp: { secret } },
  ];
  const bad = (n, change) => list.map((row, at) => (at === n ? { ...row, ...change } : row));
  for (const [rows, status, place] of [
    [bad(1, { userId: bob.id }), 404, 'list[1]'],
    [bad(1, { otp: { secret: 'not base32!' } }), 400, 'list[1].otp.secret'],
    [bad(1, { otp: { secret: 'JBSWY3DP' } }), 400, 'list[1].otp.secret'],
    [bad(0, { otp: { secret, recoveryCode: 'short' } }), 400, 'list[0].otp.recoveryCode'],
    [[], 400, 'list'],
  ]) {
    const answer = await client.importOtp({ list: rows });
    refused(answer, status);
    assert.ok(answer.message.includes(place), answer.message);
  }
  const totp = async () =>
    accepted(await client.getUserMfaInfo({ userId: one.userId })).totpStatus;
  assert.equal(await totp(), 'disabled');
  accepted(await client.importOtp({ list }));
  accepted(await client.importOtp({ list: [list[0]] }));
  assert.equal(await totp(), 'enabled');
  const shown = accepted(await client.getOtpSecretByUser({
    userId: one.email, userIdType: 'email',
  }));
  assert.equal(shown.secret, secret);
  refused(await client.getOtpSecretByUser({ userId: (await made()).userId }), 404);
  const born = await made({ otp: { secret } });
  assert.equal(accepted(await client.getOtpSecretByUser({ userId: born.userId })).secret, secret);
  const email = freshEmail();
  const rows = [{ email: freshEmail() }, { email, otp: { secret: 'no' } }];
  const row = await client.createUsersBatch({ list: rows });
  refused(row, 400);
  assert.match(row.message, /list\[1\]\.otp\.secret/);
  assert.equal(accepted(await client.isUserExists({ email })).exists, false);
  refused(await client.getOtpSecretByUser({ userId: bob.id }), 404, 2004);
  refused(await theirs.getOtpSecretByUser({ userId: bob.id }), 403);
});

test('getUserMfaStatus and setUsersMfaStatus', async () => {
  const { userId, email } = await made({ username: `m${randomBytes(5).toString('hex')}` });
  const status = async () => accepted(await client.getUserMfaStatus({ userId }));
  const before = await status();
  assert.equal(before.totpMfaEnabled, false);
  assert.deepEqual(before.applicationMfa.map((one) => [one.mfaPolicy, one.status]),
    [['OTP', 0], ['SMS', 0], ['EMAIL', 0]]);
  const set = (data, query = { userId }) =>
    client.setUsersMfaStatus({ mfaTriggerData: { ...before, ...data }, ...query });
  assert.equal(accepted(await set({})).success, true);
  accepted(await set({}, { userId: email, userIdType: 'email' }));
  const asks = before.applicationMfa.map((one) => ({ ...one, status: 1 }));
  refused(await set({ applicationMfa: asks }), 501);
  refused(await set({ totpMfaEnabled: true }), 501);
  refused(await set({ faceMfaEnabled: true }), 501);
  refused(await set({ applicationMfa: [{ mfaPolicy: 'SHOE', status: 0, sort: 1 }] }), 400);
  refused(await set({}, { userId: bob.id }), 404, 2004);
  refused(await client.getUserMfaStatus({ userId: bob.id }), 404, 2004);
  accepted(await client.importOtp({ list: [{ userId, otp: { secret } }] }));
  assert.equal((await status()).totpMfaEnabled, true);
});

test('hashes of passwords are given out only where the pool allows it', async () => {
  const [one, two] = [await made({ password }), await made()];
  const cipher = async (user) =>
    accepted(await client.getUserPasswordCiphertext({ userId: user.userId })).ciphertext;
  assert.match(await cipher(one), /^\$argon2id\$/);
  assert.equal(await cipher(two), '');
  const userIds = [two.userId, one.userId];
  const batch = accepted(await client.getUserEncryptPasswordBatch({ userIds }));
  assert.deepEqual(batch.map((row) => row.userId), userIds);
  assert.equal(batch[1].encryptedPassword, await cipher(one));
  refused(await client.getUserPasswordCiphertext({ userId: bob.id }), 404, 2004);
  const bad = await client.getUserEncryptPasswordBatch({ userIds: [one.userId, bob.id] });
  refused(bad, 404, 2004);
  assert.match(bad.message, /userIds\[1\]/);
  refused(await client.getUserEncryptPasswordBatch({ userIds: [] }), 400);
  refused(await theirs.getUserPasswordCiphertext({ userId: bob.id }), 403);
  refused(await theirs.getUserEncryptPasswordBatch({ userIds: [bob.id] }), 403);
});

test('imported hashes of other systems sign in, and are replaced at the first time', async () => {
  const salt = randomBytes(12);
  const options = { keepPassword: true };
  const scrypt = scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 });
  const pbkdf2 = pbkdf2Sync(password, salt, 1000, 32, 'sha256');
  const hex = (name, text) => createHash(name).update(text).digest('hex');
  for (const [word, beside] of [
    [`$scrypt$ln=10,r=8,p=1$${base64(salt)}$${base64(scrypt)}`],
    [`$pbkdf2-sha256$i=1000,l=32$${base64(salt)}$${base64(pbkdf2)}`],
    [hex('md5', password)],
    [hex('md5', `s4lt${password}`), 's4lt'],
    [hex('sha256', `${password}s4lt`), 's4lt'],
    [hex('sha512', password)],
  ]) {
    const user = await made({ password: word, salt: beside, options });
    refused(await login(user.email, 'another passphrase 2'), 403);
    accepted(await login(user.email, password));
    const { userId } = user;
    const { ciphertext } = accepted(await client.getUserPasswordCiphertext({ userId }));
    assert.match(ciphertext, /^\$argon2id\$/, word);
    accepted(await login(user.email, password));
  }
  const tail = `$${base64(salt)}$${base64(scrypt)}`;
  const email = freshEmail();
  for (const word of [
    `$scrypt$ln=30,r=8,p=1${tail}`,
    `$argon2id$v=19$m=67108864,t=1,p=1${tail}`,
    '$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
    `$pbkdf2-sha256$i=1000000000000${tail}`,
    'plain text',
  ]) {
    const list = [{ email: freshEmail() }, { email, password: word }];
    const answer = await client.createUsersBatch({ list, options });
    refused(answer, 400);
    assert.match(answer.message, /list\[1\]\.password/);
  }
  refused(await client.createUser({ email, password, salt: 'x' }), 400);
  const whole = `$scrypt$ln=10,r=8,p=1${tail}`;
  refused(await client.createUser({ email, password: whole, salt: 'x', options }), 400);
  assert.equal(accepted(await client.isUserExists({ email })).exists, false);
});

test('userFieldDecrypt opens what the caller encrypted', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const padding = constants.RSA_PKCS1_PADDING;
  const seal = (text) =>
    publicEncrypt({ key: publicKey, padding }, Buffer.from(text)).toString('base64');
  const data = ['13800000001', '王小明'].map((text, n) => ({
    userId: `u${n}`, fieldName: 'phone', encryptedContent: seal(text),
  }));
  for (const type of ['pkcs8', 'pkcs1']) {
    const pem = privateKey.export({ type, format: 'pem' });
    const opened = accepted(await client.userFieldDecrypt({ data, privateKey: pem }));
    assert.deepEqual(opened, [
      { userId: 'u0', fieldName: 'phone', decryptedContent: '13800000001' },
      { userId: 'u1', fieldName: 'phone', decryptedContent: '王小明' },
    ]);
  }
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const wrong = [data[0], { encryptedContent: base64(randomBytes(256)) }];
  const answer = await client.userFieldDecrypt({ data: wrong, privateKey: pem });
  refused(answer, 400);
  assert.match(answer.message, /data\[1\]\.encryptedContent/);
  refused(await client.userFieldDecrypt({ data, privateKey: 'no key' }), 400);
  refused(await client.userFieldDecrypt({ data: [], privateKey: pem }), 400);
  refused(await client.userFieldDecrypt({ data: Array(51).fill(data[0]), privateKey: pem }), 400);
});

test('linkIdentity and unlinkIdentity', async () => {
  const [one, two] = [await made({ password }), await made({ password })];
  const extIdpId = '0000000000000000000000d1';
  const userIdInIdp = `ou_${randomBytes(6).toString('hex')}`;
  const link = (query) =>
    client.linkIdentity({ userId: one.userId, extIdpId, userIdInIdp, type: 'openid', ...query });
  assert.equal(accepted(await link({})).success, true);
  accepted(await link({}));
  const [identity, ...more] = accepted(await client.getUserIdentities({ userId: one.userId }));
  assert.deepEqual(more, []);
  assert.deepEqual([identity.extIdpId, identity.userIdInIdp, identity.type, identity.provider],
    [extIdpId, userIdInIdp, 'openid', 'oidc']);
  const shown = accepted(await client.getUser({ userId: one.userId, withIdentities: true }));
  assert.equal(shown.identities[0].identityId, identity.identityId);
  const named = { userId: `${extIdpId}:${userIdInIdp}`, userIdType: 'identity' };
  assert.equal(accepted(await client.getUser(named)).userId, one.userId);
  const several = { userIds: [named.userId, `${extIdpId}:nobody`], userIdType: 'identity' };
  assert.equal(accepted(await client.getUserBatch(several)).length, 1);
  refused(await link({ userId: two.userId }), 409, 2215);
  refused(await link({ extIdpId: '0000000000000000000000d2' }), 404);
  refused(await link({ extIdpId: '' }), 400);
  refused(await link({ userIdInIdp: '' }), 400);
  refused(await link({ userIdInIdp: 'x'.repeat(256) }), 400);
  refused(await link({ userId: bob.id }), 404, 2004);
  const unlink = (query) => client.unlinkIdentity({ userId: one.userId, extIdpId, ...query });
  refused(await unlink({ userId: two.userId }), 404);
  refused(await unlink({ extIdpId: 'nowhere' }), 404);
  assert.equal(accepted(await unlink({})).success, true);
  assert.deepEqual(accepted(await client.getUserIdentities({ userId: one.userId })), []);
  refused(await client.getUser(named), 404, 2004);
  const bare = await made();
  accepted(await link({ userId: bare.userId }));
  refused(await unlink({ userId: bare.userId }), 409, 2217);
  assert.equal(accepted(await client.getUserIdentities({ userId: bare.userId })).length, 1);
});

test('users by a value of a unique custom field', async () => {
  const key = `k${randomBytes(4).toString('hex')}`;
  accepted(await client.setCustomFields({
    list: [{ targetType: 'USER', dataType: 'STRING', key, label: key, isUnique: true }],
  }));
  const [one, two] = [await made({ customData: { [key]: 'A-1' } }), await made()];
  const userIdType = 'custom_field';
  const named = { userId: `${key}:A-1`, userIdType };
  assert.equal(accepted(await client.getUser(named)).userId, one.userId);
  assert.equal(accepted(await client.getUserRoles(named)).totalCount, 0);
  const found = await client.getUserBatch({ userIds: [`${key}:A-1`, `${key}:B`], userIdType });
  assert.deepEqual(accepted(found).map((user) => user.userId), [one.userId]);
  const options = { userIdType };
  accepted(await client.updateUser({ userId: named.userId, nickname: 'Al', options }));
  const metadata = { [key]: 'A-2' };
  accepted(await client.updateUser({ userId: one.userId, metadata }));
  const moved = accepted(await client.getUser({ userId: `${key}:A-2`, userIdType }));
  assert.equal(moved.userId, one.userId);
  accepted(await client.updateUser({ userId: one.userId, metadata: { [key]: 'A-1' } }));
  refused(await client.updateUser({ userId: one.userId, metadata: { nobody: 1 } }), 400);
  refused(await client.updateUser({ userId: one.userId, metadata: ['x'] }), 400);
  for (const userId of [`${key}:B`, `${key}`, 'nickname:Al', `${two.userId}`, ':']) {
    refused(await client.getUser({ userId, userIdType }), 404, 2004);
  }
  refused(await client.getUser({ userId: 'lark:x', userIdType: 'sync_relation' }), 404, 2004);
  const gone = await client.deleteUsersBatch({ userIds: [named.userId, ':x'], options });
  refused(gone, 404, 2004);
  assert.match(gone.message, /userIds\[1\]/);
  accepted(await client.deleteUsersBatch({ userIds: [named.userId], options }));
});
