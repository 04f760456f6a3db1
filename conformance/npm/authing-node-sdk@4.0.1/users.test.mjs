// createUser, getUser, listUsers.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { bob, carol, other } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import { accepted, freshEmail, management, refused } from './clients.mjs';

const server = await startServer();
const { dev } = server;
const client = management(dev);
after(() => server.stop());

test('createUser answers the new user as the contract describes it', async () => {
  const email = freshEmail().toUpperCase();
  const name = email.slice(0, 8).toLowerCase();
  const user = accepted(await client.createUser({
    email,
    username: name,
    name: 'Mina',
    gender: 'F',
    password: 'a passphrase of mine',
    externalId: `crm-${name}`,
  }));
  assert.match(user.userId, /^[0-9a-f]{24}$/);
  assert.equal(user.email, email.toLowerCase());
  assert.equal(user.username, name);
  assert.equal(user.name, 'Mina');
  assert.equal(user.gender, 'F');
  assert.equal(user.externalId, `crm-${name}`);
  assert.equal(user.status, 'Activated');
  assert.equal(user.workStatus, 'Active');
  assert.equal(user.emailVerified, false);
  assert.equal(user.phoneVerified, false);
  assert.equal(user.userSourceType, 'adminCreated');
  assert.equal(user.loginsCount, 0);
  assert.equal(user.lastLogin, null);
  assert.equal(user.lastIp, null);
  assert.ok(user.photo.length > 0);
  assert.ok(!Number.isNaN(Date.parse(user.createdAt)));
  assert.equal(user.password, undefined);
});

test('getUser finds by every kind of id', async () => {
  const cases = [
    [carol.id, 'user_id'],
    [carol.id, undefined],
    [carol.email, 'email'],
    [carol.email.toUpperCase(), 'email'],
    [carol.phone, 'phone'],
    [carol.username, 'username'],
    [carol.externalId, 'external_id'],
  ];
  for (const [userId, userIdType] of cases) {
    const user = accepted(await client.getUser({ userId, userIdType }));
    assert.equal(user.userId, carol.id, `${userIdType} ${userId}`);
  }
});

test('getUser of an unknown id is 404, the same as for an id of another pool', async () => {
  const ids = [
    ['000000000000000000000000', 'user_id'],
    [bob.id, 'user_id'],
    [bob.email, 'email'],
    [bob.username, 'username'],
  ];
  const answers = [];
  for (const [userId, userIdType] of ids) {
    const { requestId, ...answer } = await client.getUser({ userId, userIdType });
    refused({ requestId, ...answer }, 404, 2004);
    answers.push(answer);
  }
  assert.deepEqual(answers[1], answers[0]);
});

test('an address, name or external id is given once', async () => {
  const email = freshEmail();
  const username = email.split('@')[0];
  accepted(await client.createUser({ email, username, externalId: email }));
  refused(await client.createUser({ email: email.toUpperCase() }), 409, 2026);
  refused(await client.createUser({ username }), 409);
  refused(await client.createUser({ externalId: email, email: freshEmail() }), 409);
  const taken = { email: 'x' + freshEmail(), username };
  refused(await client.createUser(taken), 409);
  refused(await client.getUser({ userId: taken.email, userIdType: 'email' }), 404);
});

test('listUsers pages without gaps or doubles', async () => {
  const mark = `page${Date.now().toString(36)}`;
  const made = [];
  for (let n = 0; n < 7; n += 1) {
    made.push(accepted(await client.createUser({ email: `${mark}${n}@example.com` })).userId);
  }
  const seen = [];
  for (const page of [1, 2, 3, 4]) {
    const options = { pagination: { page, limit: 3 } };
    const data = accepted(await client.listUsers({ keywords: mark, options }));
    assert.equal(data.totalCount, 7);
    assert.equal(data.list.length, [3, 3, 1, 0][page - 1]);
    seen.push(...data.list.map((user) => user.userId));
  }
  assert.deepEqual(seen.toSorted?.() ?? [...seen].sort(), [...made].sort());
});

test('listUsers finds by keyword in name, address, phone and user name', async () => {
  for (const keywords of ['carol@example', 'Carol', carol.phone, 'carol']) {
    const data = accepted(await client.listUsers({ keywords }));
    assert.ok(data.list.some((user) => user.userId === carol.id), keywords);
  }
  const none = accepted(await client.listUsers({ keywords: 'nobody has this name' }));
  assert.deepEqual(none, { totalCount: 0, list: [] });
});

test('listUsers has a default page of 10, unknown fields are ignored', async () => {
  for (let n = 0; n < 12; n += 1) accepted(await client.createUser({ email: freshEmail() }));
  const data = accepted(await client.listUsers({ page: 2, limit: 3 }));
  assert.equal(data.list.length, 10);
  assert.ok(data.totalCount >= 12);
});

test('no list shows a user of another pool, and its key sees only its own', async () => {
  const all = accepted(await client.listUsers({ options: { pagination: { page: 1, limit: 50 } } }));
  assert.ok(all.list.every((user) => user.userId !== bob.id));
  const keys = { accessKeyId: other.accessKey, accessKeySecret: other.accessSecret };
  const foreign = management(dev, keys);
  const list = accepted(await foreign.listUsers({}));
  assert.deepEqual(list.list.map((user) => user.userId), [bob.id]);
  refused(await foreign.getUser({ userId: carol.id }), 404, 2004);
});
