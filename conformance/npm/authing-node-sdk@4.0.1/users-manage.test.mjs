// Users by management: batches, update, delete, kick, resign, existence, their past, lists.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { basic, bob, carol } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import { accepted, authentication, freshEmail, management, refused } from './clients.mjs';

const server = await startServer();
const { dev } = server;
const client = management(dev);
after(() => server.stop());

const made = async (fields = {}) =>
  accepted(await client.createUser({ email: freshEmail(), ...fields }));
const login = (email, password) =>
  authentication(dev).signInByEmailPassword({ email, password });

test('updateUser changes what it names, and an address is not verified any more', async () => {
  const user = await made({ emailVerified: true, name: 'Mina', company: 'A' });
  let now = accepted(await client.updateUser({ userId: user.userId, nickname: 'M', gender: 'F' }));
  assert.deepEqual([now.name, now.nickname, now.gender], ['Mina', 'M', 'F']);
  assert.equal(now.emailVerified, true);
  const email = freshEmail();
  now = accepted(await client.updateUser({
    userId: user.email, email: email.toUpperCase(), company: '', options: { userIdType: 'email' },
  }));
  assert.deepEqual([now.email, now.emailVerified, now.company], [email, false, null]);
  refused(await client.updateUser({ userId: user.userId, gender: '' }), 400);
  refused(await client.updateUser({ userId: user.userId, email: carol.email }), 409, 2026);
  refused(await client.updateUser({ userId: user.userId, email: 'test1@' }), 400);
  refused(await client.updateUser({ userId: user.userId, status: 'Gone' }), 400);
  refused(await client.updateUser({ userId: bob.id, nickname: 'x' }), 404, 2004);
  refused(await client.updateUser({ userId: '', nickname: 'x' }), 400);
  now = accepted(await client.getUser({ userId: user.userId }));
  assert.deepEqual([now.email, now.nickname], [email, 'M']);
});

test('a state that forbids sign-in ends sessions, the ways between states are kept', async () => {
  const password = 'a passphrase of mine 1';
  const user = await made({ password });
  accepted(await login(user.email, password));
  const appId = dev.app_id;
  const { userId } = user;
  assert.equal(accepted(await client.checkSessionStatus({ appId, userId })).active, true);
  accepted(await client.updateUser({ userId, status: 'Suspended' }));
  assert.equal(accepted(await client.checkSessionStatus({ appId, userId })).active, false);
  assert.notEqual((await login(user.email, password)).statusCode, 200);
  refused(await client.updateUser({ userId, status: 'Deactivated' }), 422);
  accepted(await client.updateUser({ userId, status: 'Activated' }));
  accepted(await login(user.email, password));
  refused(await client.checkSessionStatus({ appId: 'nobody', userId }), 404);
  refused(await client.checkSessionStatus({ appId, userId: bob.id }), 404, 2004);
});

test('an administrator sets a password; a hash is taken as it is', async () => {
  const user = await made({ password: 'a passphrase of mine 1' });
  accepted(await client.updateUser({ userId: user.userId, password: 'a second passphrase 2' }));
  refused(await login(user.email, 'a passphrase of mine 1'), 403);
  accepted(await login(user.email, 'a second passphrase 2'));
  refused(await client.updateUser({ userId: user.userId, password: '' }), 400);
  const hash = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
  const options = { keepPassword: true };
  const imported = await made({ password: hash, options });
  accepted(await login(imported.email, 'U*U'));
  for (const password of ['plain text', hash.replace('$05$', '$31$')]) {
    refused(await client.createUser({ email: freshEmail(), password, options }), 400);
  }
  await made({ options: { autoGeneratePassword: true, resetPasswordOnFirstLogin: true } });
});

test('batches are all or nothing and name the row', async () => {
  const rows = [freshEmail(), freshEmail()].map((email) => ({ email }));
  const bad = await client.createUsersBatch({ list: [...rows, { email: carol.email }] });
  refused(bad, 409, 2026);
  assert.match(bad.message, /list\[2\]/);
  const users = accepted(await client.createUsersBatch({ list: rows }));
  assert.deepEqual(users.map((user) => user.email), rows.map((row) => row.email));
  refused(await client.createUsersBatch({ list: [] }), 400);
  refused(await client.createUsersBatch({ list: Array.from({ length: 501 }, () => ({})) }), 400);
  const userIds = users.map((user) => user.userId);
  const list = userIds.map((userId, n) => ({ userId, nickname: `n${n}` }));
  const changed = accepted(await client.updateUserBatch({ list }));
  assert.deepEqual(changed.map((user) => user.nickname), ['n0', 'n1']);
  const refusal = await client.updateUserBatch({ list: [list[0], { ...list[1], email: 'x' }] });
  refused(refusal, 400);
  assert.match(refusal.message, /list\[1\]/);
  refused(await client.updateUserBatch({ list: [list[0], { userId: bob.id }] }), 404, 2004);
  const got = accepted(await client.getUserBatch({ userIds: [...userIds, bob.id].reverse() }));
  assert.deepEqual(got.map((user) => user.userId), [...userIds].reverse());
  refused(await client.getUserBatch({ userIds: [''].concat(Array(50).fill('x')) }), 400);
  refused(await client.deleteUsersBatch({ userIds: [...userIds, bob.id] }), 404, 2004);
  refused(await client.deleteUsersBatch({ userIds: [] }), 400);
  assert.equal(accepted(await client.getUserBatch({ userIds })).length, 2);
  const options = { userIdType: 'email' };
  const emails = rows.map((row) => row.email);
  assert.equal(accepted(await client.deleteUsersBatch({ userIds: emails, options })).success, true);
  assert.deepEqual(accepted(await client.getUserBatch({ userIds })), []);
  await made({ email: emails[0] });
});

test('kickUsers ends grants; without applications it is refused', async () => {
  const password = 'a passphrase of mine 1';
  const { userId, email } = await made({ password });
  accepted(await login(email, password));
  const appIds = [dev.app_id];
  refused(await client.kickUsers({ userId, appIds: [] }), 400);
  refused(await client.kickUsers({ userId, appIds: ['nobody'] }), 404, 2011);
  refused(await client.kickUsers({ userId: bob.id, appIds }), 404, 2004);
  accepted(await client.kickUsers({ userId: email, appIds, options: { userIdType: 'email' } }));
  const status = await client.checkSessionStatus({ appId: dev.app_id, userId });
  assert.equal(accepted(status).active, false);
});

test('resigned and archived people, and who is gone', async () => {
  const startAt = Math.floor(Date.now() / 1000) - 1;
  const [one, two, three] = [await made(), await made(), await made()];
  accepted(await client.resignUser({ userId: one.userId }));
  accepted(await client.resignUserBatch({ userIds: [two.userId, three.userId] }));
  const left = accepted(await client.getUser({ userId: two.userId }));
  assert.deepEqual([left.status, left.workStatus], ['Resigned', 'Closed']);
  refused(await client.resignUser({ userId: bob.id }), 404, 2004);
  refused(await client.resignUserBatch({ userIds: [one.userId, bob.id] }), 404, 2004);
  accepted(await client.updateUser({ userId: one.userId, status: 'Archived' }));
  accepted(await client.deleteUsersBatch({ userIds: [two.userId] }));
  const gone = accepted(await client.listArchivedUsers({ startAt, page: 1, limit: 50 }));
  const ids = gone.list.map((user) => user.userId);
  assert.ok(ids.includes(one.userId) && ids.includes(two.userId) && !ids.includes(three.userId));
  const hidden = accepted(await client.listUsers({ keywords: one.email }));
  assert.equal(hidden.totalCount, 0);
  refused(await client.resignUser({ userId: one.userId }), 422);
  for (const page of [{ page: 0 }, { limit: 0 }, { limit: 51 }, { page: 1e9 }]) {
    refused(await client.listArchivedUsers(page), 400);
  }
});

test('isUserExists', async () => {
  const exists = async (keys) => accepted(await client.isUserExists(keys)).exists;
  assert.equal(await exists({ username: carol.username }), true);
  assert.equal(await exists({ email: 'no@example.com', phone: carol.phone }), true);
  assert.equal(await exists({ externalId: 'nobody' }), false);
  assert.equal(await exists({ email: bob.email }), false);
  refused(await client.isUserExists({}), 400);
});

test('the past of a user', async () => {
  accepted(await login(carol.email, carol.password));
  const of = { userId: carol.id };
  const history = accepted(await client.getUserLoginHistory({ ...of, appId: dev.app_id }));
  assert.ok(history.totalCount >= 1 && history.list[0].appId === dev.app_id);
  assert.ok(!Number.isNaN(Date.parse(history.list[0].time)));
  const none = await client.getUserLoginHistory({ ...of, clientIp: '9.9.9.9', start: 1, end: 2 });
  assert.deepEqual(accepted(none), { totalCount: 0, list: [] });
  refused(await client.getUserLoginHistory({ ...of, limit: 51 }), 400);
  const apps = accepted(await client.getUserLoggedinApps(of));
  assert.ok(apps.some((app) => app.appId === dev.app_id));
  assert.ok(accepted(await client.getUserAuthorizedApps(of)).length >= 1);
  const open = accepted(await client.getUserAccessibleApps(of));
  assert.ok(open.some((app) => app.appId === basic.id));
  assert.equal(open[0].appDefaultLoginStrategy, 'ALLOW_ALL');
  assert.deepEqual(accepted(await client.getUserIdentities(of)), []);
  assert.deepEqual(accepted(await client.getUserLoggedinIdentities(of)), []);
  assert.equal(accepted(await client.getUserMfaInfo(of)).totpStatus, 'disabled');
  const real = accepted(await client.getUserPrincipalAuthenticationInfo(of));
  assert.equal(real.totalCount, 0);
  refused(await client.resetUserPrincipalAuthenticationInfo(of), 499);
  for (const method of [
    'getUserLoginHistory', 'getUserLoggedinApps', 'getUserAuthorizedApps',
    'getUserAccessibleApps', 'getUserIdentities', 'getUserLoggedinIdentities', 'getUserMfaInfo',
    'getUserPrincipalAuthenticationInfo', 'resetUserPrincipalAuthenticationInfo',
  ]) {
    refused(await client[method]({ userId: '' }), 400);
    refused(await client[method]({ userId: bob.id }), 404, 2004);
  }
});

test('listUsers filters, sorts and searches', async () => {
  const mark = `f${Date.now().toString(36)}`;
  const names = ['Zoe', 'Ann', 'Mia'];
  const users = [];
  for (const [n, name] of names.entries()) {
    users.push(await made({ username: `${mark}${n}`, name: `${name} ${mark}`, nickname: '王小明' }));
  }
  const list = async (query) => accepted(await client.listUsers(query)).list;
  const mine = { keywords: mark };
  const sorted = await list({ ...mine, options: { sort: [{ field: 'username', order: 'desc' }] } });
  assert.deepEqual(sorted.map((user) => user.username), [2, 1, 0].map((n) => `${mark}${n}`));
  const filter = (field, operator, value) => [{ field, operator, value }];
  const count = async (...one) => (await list({ ...mine, advancedFilter: filter(...one) })).length;
  assert.equal(await count('username', 'EQUAL', `${mark}1`), 1);
  assert.equal(await count('username', 'NOT_EQUAL', `${mark}1`), 2);
  assert.equal(await count('username', 'IN', [`${mark}1`, `${mark}2`]), 2);
  assert.equal(await count('name', 'CONTAINS', 'an'), 1);
  assert.equal(await count('name', 'NOT_CONTAINS', 'ann'), 2);
  assert.equal(await count('phone', 'IS_NULL'), 3);
  assert.equal(await count('email', 'NOT_NULL'), 3);
  assert.equal(await count('createdAt', 'GREATER', users[0].createdAt), 3);
  assert.equal(await count('createdAt', 'LESSER', '2020-01-01T00:00:00Z'), 0);
  assert.equal(await count('loginsCount', 'BETWEEN', [0, 0]), 3);
  assert.equal(await count('status', 'EQUAL', 'Suspended'), 0);
  assert.equal(await count('loggedInApps', 'IN', [dev.app_id]), 0);
  const chinese = await list({ keywords: '小明', options: { fuzzySearchOn: ['nickname'] } });
  assert.ok(chinese.some((user) => user.userId === users[0].userId));
  assert.equal((await list({ keywords: `ann ${mark}` })).length, 1);
  const searchQuery = { bool: { must: [{ term: { username: `${mark}1` } }] } };
  assert.equal((await list({ searchQuery })).length, 1);
  const legacy = accepted(await client.listUsersLegacy({ page: 1, limit: 2, status: 'Activated' }));
  assert.equal(legacy.list.length, 2);
  for (const bad of [
    { advancedFilter: filter('status', 'EQUAL', 'invalid') },
    { advancedFilter: filter('shoe', 'EQUAL', '1') },
    { advancedFilter: filter("email' OR 1=1 --", 'EQUAL', '1') },
    { advancedFilter: filter('email', 'LIKE', '1') },
    { advancedFilter: filter('email', 'EQUAL') },
    { advancedFilter: filter('loginsCount', 'BETWEEN', [1]) },
    { advancedFilter: filter('loginsCount', 'EQUAL', 'many') },
    { advancedFilter: Array(21).fill(filter('email', 'EQUAL', 'x')[0]) },
    { searchQuery: { script: { script: '1' } } },
    { options: { sort: [{ field: 'password', order: 'asc' }] } },
    { options: { sort: [{ field: 'email', order: 'up; DROP TABLE users' }] } },
    { options: { pagination: { page: 1e9, limit: 50 } } },
    { options: { pagination: { limit: 220 } } },
  ]) {
    refused(await client.listUsers(bad), 400);
  }
  refused(await client.listUsersLegacy({ page: 0 }), 400);
  refused(await client.listUsersLegacy({ status: 'invalid' }), 400);
});
