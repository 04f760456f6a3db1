// What a user belongs to: roles, departments, groups, resources, records of other systems.
import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { bob } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import { accepted, freshEmail, management, refused } from './clients.mjs';

const server = await startServer();
const { dev } = server;
const client = management(dev);
const chinese = management(dev, { lang: 'zh-CN' });
after(() => server.stop());

const made = async (fields = {}) =>
  accepted(await client.createUser({ email: freshEmail(), ...fields }));
const fresh = () => `r${randomBytes(5).toString('hex')}`;

async function roleOf(userId, namespace) {
  const code = fresh();
  accepted(await client.createRole({ code, namespace }));
  const targets = [{ targetType: 'USER', targetIdentifier: userId }];
  accepted(await client.assignRole({ code, namespace, targets }));
  return code;
}

test('getUserRoles lists the roles that count, of one namespace or of all', async () => {
  const { userId, email } = await made();
  assert.deepEqual(accepted(await client.getUserRoles({ userId })), { totalCount: 0, list: [] });
  const first = await roleOf(userId);
  const second = await roleOf(userId, dev.app_id);
  const codes = async (query) =>
    accepted(await client.getUserRoles({ userId, ...query })).list.map((role) => role.code);
  assert.deepEqual(await codes({}), [first, second]);
  assert.deepEqual(await codes({ namespace: 'default' }), [first]);
  assert.deepEqual(await codes({ namespace: dev.app_id }), [second]);
  const named = accepted(await client.getUserRoles({ userId: email, userIdType: 'email' }));
  assert.equal(named.totalCount, 2);
  assert.equal(named.list[0].status, 'ENABLE');
  accepted(await client.updateRole({ code: first, newCode: first, status: 'DISABLE' }));
  assert.deepEqual(await codes({}), [second]);
  refused(await client.getUserRoles({ userId, namespace: 'nowhere' }), 404);
  refused(await client.getUserRoles({ userId: bob.id }), 404, 2004);
  refused(await client.getUserRoles({ userId, userIdType: 'shoe' }), 400);
  const empty = await chinese.getUserRoles({ userId: '' });
  refused(empty, 400);
  assert.equal(empty.message, '参数 userId 格式错误');
});

test('hasAnyRole is true for one of several, and false for what is not there', async () => {
  const { userId, email } = await made();
  const code = await roleOf(userId);
  const elsewhere = await roleOf(userId, dev.app_id);
  const has = async (roles, query = { userId }) =>
    accepted(await client.hasAnyRole({ roles, ...query })).hasAnyRole;
  assert.equal(await has([{ code }]), true);
  assert.equal(await has([{ code: 'nobody' }, { namespace: 'default', code }]), true);
  assert.equal(await has([{ code: elsewhere }]), false);
  assert.equal(await has([{ namespace: dev.app_id, code: elsewhere }]), true);
  assert.equal(await has([{ namespace: 'nowhere', code }]), false);
  const options = { userIdType: 'email' };
  assert.equal(await has([{ code }], { userId: email, options }), true);
  const none = await chinese.hasAnyRole({ userId, roles: [] });
  refused(none, 400);
  assert.equal(none.message, '参数 roles 格式错误');
  const bad = await client.hasAnyRole({ userId, roles: [{ code }, { code: '' }] });
  refused(bad, 400);
  assert.match(bad.message, /roles\[1\]\.code/);
  const many = Array(501).fill({ code });
  refused(await client.hasAnyRole({ userId, roles: many }), 400);
  refused(await client.hasAnyRole({ userId: bob.id, roles: [{ code }] }), 404, 2004);
  refused(await client.hasAnyRole({ userId }), 400);
});

test('departments: nobody is in one, and none can be named', async () => {
  const { userId } = await made();
  const none = { totalCount: 0, list: [] };
  const sort = { sortBy: 'DepartmentName', orderBy: 'Asc', withDepartmentPaths: true };
  assert.deepEqual(accepted(await client.getUserDepartments({ userId, ...sort })), none);
  for (const bad of [{ page: 0 }, { limit: 51 }, { sortBy: 'Shoe' }]) {
    refused(await client.getUserDepartments({ userId, ...bad }), 400);
  }
  for (const departmentId of ['nobody', '', ' ', 'x'.repeat(65)]) {
    const answer = await client.setUserDepartments({ userId, departments: [{ departmentId }] });
    refused(answer, 404);
    assert.match(answer.message, /departments\[0\]\.departmentId/);
  }
  const empty = await chinese.setUserDepartments({ userId, departments: [] });
  refused(empty, 400);
  assert.equal(empty.message, '参数 departments 格式错误');
});

test('groups, resources and records of other systems', async () => {
  const { userId } = await made();
  const none = { totalCount: 0, list: [] };
  assert.deepEqual(accepted(await client.getUserGroups({ userId })), none);
  const resources = (query) => client.getUserAuthorizedResources({ userId, ...query });
  assert.deepEqual(accepted(await resources({ namespace: 'default' })), none);
  assert.deepEqual(accepted(await resources({ resourceType: 'MENU' })), none);
  refused(await resources({ namespace: 'nowhere' }), 404);
  refused(await resources({ resourceType: 'SHOE' }), 400);
  assert.deepEqual(accepted(await client.getUserSyncRelations({ userId })), []);
  const forget = (query) => client.deleteUserSyncRelations({ userId, provider: 'lark', ...query });
  assert.equal(accepted(await forget({})).success, true);
  refused(await forget({ provider: '' }), 400);
  refused(await forget({ userId: bob.id }), 404, 2004);
});

test('every list of a user refuses nobody and people of another pool', async () => {
  for (const method of [
    'getUserDepartments', 'getUserGroups', 'getUserAuthorizedResources', 'getUserSyncRelations',
  ]) {
    refused(await client[method]({ userId: '' }), 400);
    refused(await client[method]({ userId: bob.id }), 404, 2004);
  }
});
