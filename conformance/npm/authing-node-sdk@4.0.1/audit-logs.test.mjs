// getUserActionLogs, getAdminAuditLogs.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { bob, carol, other } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import { accepted, authentication, freshEmail, management, refused } from './clients.mjs';

const server = await startServer();
const { dev } = server;
const client = management(dev);
after(() => server.stop());

const signIn = (password) =>
  authentication(dev).signInByEmailPassword({ email: carol.email, password });
const actions = async (filter) => accepted(await client.getUserActionLogs(filter));
const audits = async (filter) => accepted(await client.getAdminAuditLogs(filter));

test('a sign-in is in the log of user actions, with who, where and by what', async () => {
  const start = Date.now();
  accepted(await signIn(carol.password));
  const { totalCount, list } = await actions({
    eventType: 'login', userId: carol.id, appId: dev.app_id, success: true, start,
  });
  assert.equal(totalCount, 1);
  const [entry] = list;
  assert.equal(entry.eventType, 'login');
  assert.equal(entry.userId, carol.id);
  assert.ok(entry.userDisplayName.length > 0);
  assert.ok(entry.userAvatar.length > 0);
  assert.ok(entry.userLoginsCount >= 1);
  assert.equal(entry.appId, dev.app_id);
  assert.ok(entry.appName.length > 0);
  assert.equal(entry.parsedUserAgent.name, 'axios');
  assert.deepEqual(Object.keys(entry.geoip).includes('city_name'), true);
  assert.ok(Date.parse(entry.timestamp) >= start - 1000);
  const again = await actions({ requestId: entry.requestId, clientIp: entry.clientIp });
  assert.ok(again.list.some((one) => one.eventType === 'login'));
});

test('a refused sign-in is there as one that did not succeed', async () => {
  const start = Date.now();
  refused(await signIn('not the password'), 403);
  const { list } = await actions({ eventType: 'login', success: false, start });
  assert.ok(list.length >= 1);
  assert.ok(list.every((entry) => entry.success === false));
  assert.match(list[0].eventDetail, /password\.wrong/);
});

test('what an administrator does is in the audit log, newest first', async () => {
  const user = accepted(await client.createUser({ email: freshEmail() }));
  const [key] = accepted(await client.createAccessKey({ type: 'userpool' }));
  accepted(await client.deleteAccessKey({ accessKeyId: key.accessKeyId }));
  const { totalCount, list } = await audits({ pagination: { page: 1, limit: 3 } });
  assert.ok(totalCount >= 3);
  const seen = list.map((entry) => `${entry.operationType} ${entry.resourceType}`);
  assert.deepEqual(seen, ['delete cooperator', 'create cooperator', 'create user']);
  const made = list[2];
  assert.equal(JSON.parse(made.eventDetails).targetId, user.userId);
  assert.equal(made.adminUserDisplayName, dev.access_key_id);
  assert.equal(made.success, true);
  const same = await audits({ userId: made.adminUserId, requestId: made.requestId });
  assert.deepEqual(same, { totalCount: 1, list: [made] });
});

test('filters narrow, and what nothing fits is an empty list', async () => {
  const users = await audits({ operationType: 'create', resourceType: 'user' });
  assert.ok(users.list.every((one) => one.resourceType === 'user'));
  const all = await audits({ operationType: 'all', resourceType: 'all' });
  assert.ok(all.totalCount > users.totalCount);
  const nothing = { totalCount: 0, list: [] };
  assert.deepEqual(await audits({ operationType: 'export' }), nothing);
  assert.deepEqual(await audits({ success: false, userId: 'nobody' }), nothing);
  assert.deepEqual(await actions({ appId: 'no such application' }), nothing);
  assert.deepEqual(await actions({ userId: "x' OR '1'='1" }), nothing);
  assert.deepEqual(await actions({ clientIp: '%' }), nothing);
  assert.deepEqual(await actions({ start: Date.now() + 3_600_000 }), nothing);
  assert.deepEqual(await actions({ end: 1 }), nothing);
});

test('pages have no gaps and no doubles, and end', async () => {
  for (let n = 0; n < 5; n += 1) accepted(await client.createUser({ email: freshEmail() }));
  const filter = { operationType: 'create', resourceType: 'user' };
  const whole = await audits({ ...filter, pagination: { page: 1, limit: 4 } });
  const halves = [];
  for (const page of [1, 2]) {
    halves.push(...(await audits({ ...filter, pagination: { page, limit: 2 } })).list);
  }
  assert.deepEqual(halves, whole.list);
  const behind = await audits({ ...filter, pagination: { page: 1000, limit: 50 } });
  assert.deepEqual(behind, { totalCount: whole.totalCount, list: [] });
});

test('attack_52 bad pages, words and types name their field', async () => {
  const cases = [
    [{ pagination: { page: 0 } }, /page/],
    [{ pagination: { page: -1 } }, /page/],
    [{ pagination: { page: 1e9 } }, /page/],
    [{ pagination: { limit: 0 } }, /limit/],
    [{ pagination: { limit: 51 } }, /limit/],
    [{ pagination: 'first' }, /pagination/],
    [{ success: 'yes' }, /success/],
    [{ start: 'yesterday' }, /start/],
    [{ userId: 7 }, /userId/],
  ];
  for (const [filter, field] of cases) {
    for (const answer of [
      await client.getUserActionLogs(filter),
      await client.getAdminAuditLogs(filter),
    ]) {
      refused(answer, 400);
      assert.match(answer.message, field, JSON.stringify(filter));
    }
  }
  const words = [
    [await client.getUserActionLogs({ eventType: 'dance' }), /eventType/],
    [await client.getAdminAuditLogs({ operationType: 'dance' }), /operationType/],
    [await client.getAdminAuditLogs({ resourceType: 'shoe' }), /resourceType/],
  ];
  for (const [answer, field] of words) {
    refused(answer, 400);
    assert.match(answer.message, field);
  }
});

test('attack_41 the log of another pool is not shown', async () => {
  const theirs = management(dev, {
    accessKeyId: other.accessKey,
    accessKeySecret: other.accessSecret,
  });
  accepted(await theirs.createUser({ email: freshEmail() }));
  const { list } = accepted(await theirs.getAdminAuditLogs({ operationType: 'create' }));
  const [{ requestId }] = list;
  assert.equal((await audits({ requestId })).totalCount, 0);
  assert.equal((await actions({ userId: bob.id })).totalCount, 0);
});
