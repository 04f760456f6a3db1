// What belongs to the user who calls: sign-ins, roles and the rest.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { basic, other } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import { accepted, authentication, authenticationOf, management, refused } from './clients.mjs';
import { newcomer, password, signIn } from './people.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

test('getLoginHistory lists one\'s own sign-ins, newest first, those refused as well', async () => {
  const { client, user, email } = await newcomer(dev);
  await authentication(dev).signInByEmailPassword({ email, password: 'wrong' });
  const through = authenticationOf(dev, basic, 'client_secret_basic');
  await signIn(dev, email, password, through);
  const data = accepted(await client.getLoginHistory({}));
  assert.equal(data.totalCount, 3);
  assert.equal(data.list.length, 3);
  for (const entry of data.list) {
    assert.equal(entry.userId, user.userId);
    assert.ok(!Number.isNaN(Date.parse(entry.loginAt)));
    assert.match(entry.clientIp, /\d|:/);
    assert.equal(typeof entry.userAgent, 'string');
    assert.equal(typeof entry.appName, 'string');
  }
  assert.deepEqual(data.list.map((e) => e.success), [true, false, true]);
  assert.equal(data.list[0].appId, basic.id);
  assert.match(data.list[1].errorMessage, /\S/);
  const times = data.list.map((entry) => Date.parse(entry.loginAt));
  assert.deepEqual(times, [...times].sort((a, b) => b - a));
});

test('getLoginHistory by application, success, time and page', async () => {
  const { client, email } = await newcomer(dev);
  await signIn(dev, email, password, authenticationOf(dev, basic, 'client_secret_basic'));
  await authentication(dev).signInByEmailPassword({ email, password: 'wrong' });
  const count = async (filter) => accepted(await client.getLoginHistory(filter)).totalCount;
  assert.equal(await count({ appId: basic.id }), 1);
  assert.equal(await count({ appId: other.application }), 0);
  assert.equal(await count({ success: true }), 2);
  assert.equal(await count({ success: false }), 1);
  assert.equal(await count({ start: Date.now() - 3_600_000, end: Date.now() + 60_000 }), 3);
  assert.equal(await count({ end: Date.now() - 3_600_000 }), 0);
  assert.equal(await count({ clientIp: '203.0.113.9' }), 0);
  const page = accepted(await client.getLoginHistory({ page: 2, limit: 2 }));
  assert.deepEqual([page.totalCount, page.list.length], [3, 1]);
  for (const [filter, field] of [
    [{ page: 0 }, 'page'], [{ limit: 51 }, 'limit'], [{ limit: 0 }, 'limit'],
    [{ success: 'maybe' }, 'success'], [{ start: 'yesterday' }, 'start'], [{ page: 1e9 }, 'page'],
  ]) {
    const answer = await client.getLoginHistory(filter);
    if (filter.page === 1e9 && answer.statusCode === 200) {
      assert.equal(answer.data.list.length, 0);
      continue;
    }
    refused(answer, 400);
    assert.ok(answer.message.includes(field), `${answer.message} does not name ${field}`);
  }
});

test('attack_41 nobody sees the sign-ins of another', async () => {
  const one = await newcomer(dev);
  const two = await newcomer(dev);
  const data = accepted(await one.client.getLoginHistory({ userId: two.user.userId }));
  assert.ok(data.list.every((entry) => entry.userId === one.user.userId));
});

test('getRoleList shows the roles that were assigned, by namespace', async () => {
  const { client, user } = await newcomer(dev);
  assert.deepEqual(accepted(await client.getRoleList({})), []);
  const code = `mine-${user.userId.slice(-8)}`;
  const admin = management(dev);
  accepted(await admin.createRole({ code, description: 'Mine' }));
  accepted(await admin.assignRole({
    code, targets: [{ targetType: 'USER', targetIdentifier: user.userId }],
  }));
  const roles = accepted(await client.getRoleList({}));
  assert.deepEqual(roles.map((role) => [role.code, role.namespace]), [[code, 'default']]);
  assert.equal(accepted(await client.getRoleList({ namespace: 'default' })).length, 1);
  const nowhere = await client.getRoleList({ namespace: 'nowhere' });
  assert.ok(nowhere.statusCode === 404 || nowhere.data.length === 0, JSON.stringify(nowhere));
});

test('tenants, groups, departments and resources: nobody has any yet', async () => {
  const { client } = await newcomer(dev);
  assert.deepEqual(accepted(await client.getTenantList()), []);
  assert.deepEqual(accepted(await client.getGroupList()), []);
  const none = { totalCount: 0, list: [] };
  assert.deepEqual(accepted(await client.getDepartmentList({})), none);
  assert.deepEqual(accepted(await client.getAuthorizedResources({})), none);
  refused(await client.getDepartmentList({ page: 0 }), 400);
  refused(await client.getDepartmentList({ sortBy: 'Shoes' }), 400);
  refused(await client.getAuthorizedResources({ resourceType: 'SHOE' }), 400);
});

test('nobody without a token', async () => {
  const client = authentication(dev);
  const calls = [
    client.getLoginHistory({}), client.getTenantList(), client.getRoleList({}),
    client.getGroupList(),
    client.getDepartmentList({}), client.getAuthorizedResources({}),
  ];
  for (const answer of await Promise.all(calls)) refused(answer, 401, 2020);
});

test('getLoggedInApps and getAccessibleApps tell where one is signed in now', async () => {
  const { client, email, user } = await newcomer(dev);
  const ids = (apps) => apps.map((app) => [app.appId, app.active]);
  assert.deepEqual(ids(accepted(await client.getLoggedInApps())), [[dev.app_id, true]]);
  const through = authenticationOf(dev, basic, 'client_secret_basic');
  await signIn(dev, email, password, through);
  const apps = accepted(await client.getLoggedInApps());
  assert.deepEqual(ids(apps), [[basic.id, true], [dev.app_id, true]], 'the last one first');
  for (const app of apps) {
    assert.match(app.appName, /\S/);
    assert.match(app.appLoginUrl, /^https?:/);
    assert.equal(typeof app.appLogo, 'string');
  }
  const open = accepted(await client.getAccessibleApps());
  assert.ok(open.length > 2 && open.every((app) => app.appId !== other.application));
  const active = open.filter((app) => app.active).map((app) => app.appId).sort();
  assert.deepEqual(active, [basic.id, dev.app_id].sort());
  accepted(await management(dev).kickUsers({ userId: user.userId, appIds: [basic.id] }));
  const kicked = accepted(await client.getLoggedInApps());
  assert.deepEqual(ids(kicked), [[basic.id, false], [dev.app_id, true]]);
});

test('getIdentities is empty until something is linked', async () => {
  const { client } = await newcomer(dev);
  assert.deepEqual(accepted(await client.getIdentities()), []);
});

test('applications and identities are for who is signed in', async () => {
  for (const token of [undefined, 'x', 'a.b.c']) {
    const client = authentication(dev);
    if (token) client.setAccessToken(token);
    refused(await client.getLoggedInApps(), 401);
    refused(await client.getAccessibleApps(), 401);
    refused(await client.getIdentities(), 401);
  }
});
