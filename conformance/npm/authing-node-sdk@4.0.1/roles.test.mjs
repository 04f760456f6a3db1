// createRole, getRole, listRoles, updateRole, deletions, assignments, members, checks.
import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { bob, carol, other } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import { accepted, freshEmail, management, refused } from './clients.mjs';

const server = await startServer();
const { dev } = server;
const client = management(dev);
const chinese = management(dev, { lang: 'zh-CN' });
const theirs = management(dev, {
  accessKeyId: other.accessKey,
  accessKeySecret: other.accessSecret,
});
after(() => server.stop());

const fresh = () => `r${randomBytes(5).toString('hex')}`;
const user = (targetIdentifier) => ({ targetType: 'USER', targetIdentifier });

async function role(fields = {}) {
  return accepted(await client.createRole({ code: fresh(), ...fields }));
}

async function person() {
  return accepted(await client.createUser({ email: freshEmail() })).userId;
}

async function membersOf(code) {
  const found = accepted(await client.listRoleMembers({ code, page: 1, limit: 50 }));
  assert.equal(found.totalCount, found.list.length);
  return found.list.map((member) => member.userId);
}

test('createRole answers the new role, getRole finds it', async () => {
  const code = fresh();
  const made = accepted(await client.createRole({
    code,
    name: '管理员',
    namespace: 'default',
    description: 'Administrator',
    disableTime: '4000000000000',
  }));
  assert.match(made.id, /^[0-9a-f]{24}$/);
  assert.equal(made.code, code);
  assert.equal(made.name, '管理员');
  assert.equal(made.namespace, 'default');
  assert.equal(made.description, 'Administrator');
  assert.equal(made.status, 'ENABLE');
  assert.equal(made.disableTime, 4000000000000);
  assert.equal(made.enablePermissionApply, false);
  for (const namespace of [undefined, 'default']) {
    assert.deepEqual(accepted(await client.getRole({ code, namespace })), made);
  }
});

test('createRole twice is a conflict that names the code', async () => {
  const { code } = await role();
  const again = await client.createRole({ code });
  refused(again, 409);
  assert.match(again.message, new RegExp(`code.*${code}|${code}.*code`));
});

test('createRole refuses codes in the words of the contract', async () => {
  const cases = [
    ['额! ', 'invalid role code: 额! '],
    ['', '参数 code 格式错误'],
    [' ', 'invalid role code:  '],
    ['1'.repeat(100), '参数 code 格式错误'],
  ];
  for (const [code, message] of cases) {
    const answer = await chinese.createRole({ code, namespace: 'default' });
    refused(answer, 400);
    assert.equal(answer.message, message);
  }
  refused(await client.createRole({ code: 7 }), 400);
  refused(await client.createRole({}), 400);
  refused(await client.createRole({ code: fresh(), name: 'n'.repeat(300) }), 400);
  refused(await client.createRole({ code: fresh(), namespace: fresh() }), 404);
  refused(await client.createRole({ code: fresh(), namespace: 'system' }), 403);
  refused(await client.createRole({ code: fresh(), disableTime: 'soon' }), 400);
});

test('createRolesBatch makes all roles or none', async () => {
  const [a, b] = [fresh(), fresh()];
  const list = [{ code: a }, { code: b, name: 'B', description: 'd', namespace: dev.app_id }];
  assert.deepEqual(accepted(await client.createRolesBatch({ list })), { success: true });
  assert.equal(accepted(await client.getRole({ code: b, namespace: dev.app_id })).name, 'B');
  const c = fresh();
  for (const [rows, status] of [
    [[{ code: c }, { code: a }], 409],
    [[{ code: c }, { code: c }], 409],
    [[{ code: c }, { code: 'not good' }], 400],
    [[{ code: c }, { code: fresh(), namespace: fresh() }], 404],
  ]) {
    const answer = await client.createRolesBatch({ list: rows });
    refused(answer, status);
    if (status !== 400) assert.ok(answer.message.includes('list[1].'), answer.message);
    refused(await client.getRole({ code: c }), 404);
  }
  for (const [code, message] of [
    ['额! ', 'invalid role code: 额! '],
    ['', 'role code must not empty'],
    [' ', 'invalid role code:  '],
  ]) {
    const answer = await chinese.createRolesBatch({ list: [{ code }] });
    refused(answer, 400);
    assert.equal(answer.message, message);
  }
  const empty = await chinese.createRolesBatch({ list: [] });
  refused(empty, 400);
  assert.equal(empty.message, '参数 list 格式错误');
});

test('getRole of an unknown code or namespace is 404', async () => {
  const { code } = await role();
  const unknown = await chinese.getRole({ code: fresh() });
  refused(unknown, 404);
  assert.equal(unknown.message, '角色不存在');
  const nowhere = await chinese.getRole({ code, namespace: fresh() });
  refused(nowhere, 404);
  assert.match(nowhere.message, /权限组不存在/);
  refused(await client.getRole({ code: '' }), 400);
  const { requestId, ...foreign } = await theirs.getRole({ code });
  const { requestId: other, ...missing } = await theirs.getRole({ code: fresh() });
  assert.deepEqual(foreign, missing);
});

test('listRoles pages and finds by code and name', async () => {
  const mark = fresh();
  const codes = [];
  for (let n = 0; n < 5; n += 1) codes.push((await role({ code: `${mark}-${n}` })).code);
  codes.push((await role({ name: `The ${mark.toUpperCase()} role` })).code);
  const seen = [];
  for (const page of [1, 2, 3]) {
    const found = accepted(await client.listRoles({ keywords: mark, page, limit: 4 }));
    assert.equal(found.totalCount, 6);
    seen.push(...found.list.map((r) => r.code));
  }
  assert.deepEqual(seen.sort(), codes.sort());
  for (const keywords of [`${mark}%`, `${mark}_`, "' OR '1'='1"]) {
    assert.equal(accepted(await client.listRoles({ keywords })).totalCount, 0, keywords);
  }
  for (const [query, name] of [
    [{ page: -1 }, 'page'],
    [{ page: 1e9 }, 'page'],
    [{ limit: -1 }, 'limit'],
    [{ limit: 10000 }, 'limit'],
  ]) {
    const answer = await chinese.listRoles({ namespace: 'default', ...query });
    refused(answer, 400);
    assert.equal(answer.message, `参数 ${name} 格式错误`);
  }
  refused(await client.listRoles({ namespace: fresh() }), 404);
});

test('updateRole changes what is sent and nothing else', async () => {
  const { code, id } = await role({ name: 'Old', description: 'Kept' });
  const newCode = fresh();
  const change = { code, newCode, name: 'New', status: 'DISABLE', enablePermissionApply: true };
  assert.deepEqual(accepted(await client.updateRole(change)), { success: true });
  refused(await client.getRole({ code }), 404);
  const changed = accepted(await client.getRole({ code: newCode }));
  assert.equal(changed.id, id);
  assert.equal(changed.name, 'New');
  assert.equal(changed.description, 'Kept');
  assert.equal(changed.status, 'DISABLE');
  assert.equal(changed.enablePermissionApply, true);
  const same = await client.updateRole({ code: newCode, newCode: '', disableTime: null });
  assert.equal(same.message, '');
  accepted(same);
  const taken = (await role()).code;
  refused(await client.updateRole({ code: newCode, newCode: taken, name: 'x' }), 409);
  refused(await client.updateRole({ code: fresh(), name: 'x' }), 404);
  refused(await client.updateRole({ code: newCode, status: 'ON' }), 400);
  for (const [bad, message] of [
    ['额! ', 'invalid role code: 额! '],
    [' ', 'invalid role code:  '],
    ['1'.repeat(100), '参数 newCode 格式错误'],
  ]) {
    const answer = await chinese.updateRole({ code: newCode, newCode: bad });
    refused(answer, 400);
    assert.equal(answer.message, message);
  }
});

test('deletions take all roles or none', async () => {
  const [a, b] = [(await role()).code, (await role()).code];
  const c = (await role({ namespace: dev.app_id })).code;
  const one = await chinese.deleteRolesBatch({ codeList: [a, fresh()] });
  refused(one, 404);
  assert.match(one.message, /角色不存在.*codeList\[1\]/);
  accepted(await client.getRole({ code: a }));
  const none = await chinese.deleteRolesBatch({ codeList: [] });
  refused(none, 400);
  assert.match(none.message, /参数 codeList 格式错误/);
  const nowhere = await chinese.deleteRolesBatch({ codeList: [a], namespace: fresh() });
  refused(nowhere, 404);
  assert.match(nowhere.message, /权限组不存在/);
  refused(await theirs.deleteRolesBatch({ codeList: [a] }), 404);
  accepted(await client.deleteRolesBatch({ codeList: [a] }));
  refused(await client.getRole({ code: a }), 404);
  const roleList = [{ code: b, namespace: 'default' }, { code: c, namespace: dev.app_id }];
  refused(await client.deleteRoles({ roleList: [...roleList, { code: b, namespace: 'x' }] }), 404);
  refused(await client.deleteRoles({ roleList: [] }), 400);
  accepted(await client.deleteRoles({ roleList }));
  refused(await client.getRole({ code: b }), 404);
  refused(await client.getRole({ code: c, namespace: dev.app_id }), 404);
});

test('assignRole and revokeRole move members', async () => {
  const { code } = await role();
  const people = [await person(), await person()];
  const assigned = { code, namespace: 'default', targets: people.map(user) };
  assert.deepEqual(accepted(await client.assignRole(assigned)), { success: true });
  accepted(await client.assignRole({ code, targets: people.map(user) }));
  assert.deepEqual((await membersOf(code)).sort(), [...people].sort());
  accepted(await client.revokeRole({ code, targets: [user(people[0])] }));
  accepted(await client.revokeRole({ code, targets: [user(people[0])] }));
  assert.deepEqual(await membersOf(code), [people[1]]);
});

test('assignRole and revokeRole refuse what is not there, and change nothing', async () => {
  const { code } = await role();
  const someone = await person();
  for (const call of ['assignRole', 'revokeRole']) {
    const ask = (fields) =>
      chinese[call]({ code, targets: [user(someone)], ...fields });
    for (const [fields, status, message] of [
      [{ code: fresh() }, 404, /角色不存在/],
      [{ namespace: fresh() }, 404, /权限组不存在/],
      [{ targets: [user(someone), user('nobody')] }, 404, /用户不存在.*targets\[1\]/],
      [{ targets: [user(bob.id)] }, 404, /用户不存在/],
      [{ targets: [] }, 400, /参数 targets 格式错误/],
      [{ targets: [{ targetType: 'GROUP', targetIdentifier: 'g' }] }, 404, /targets\[0\]/],
      [{ targets: [{ targetType: 'DEPARTMENT', targetIdentifier: 'd' }] }, 404, /targets\[0\]/],
      [{ targets: [{ targetType: 'ROLE', targetIdentifier: code }] }, 400, /targets\[0\]/],
      [{ targets: [{ targetType: 'CAT', targetIdentifier: 'c' }] }, 400, /targets\[0\]/],
    ]) {
      const answer = await ask(fields);
      refused(answer, status);
      assert.match(answer.message, message);
    }
  }
  refused(await client.assignRole({ code, targets: [user(someone)], endTime: 1 }), 400);
  assert.deepEqual(await membersOf(code), []);
});

test('an assignment shows its dates and counts in them', async () => {
  const { code } = await role();
  const [now, later] = [await person(), await person()];
  const hour = Date.now() + 3_600_000;
  accepted(await client.assignRole({ code, targets: [user(now)], endTime: hour }));
  accepted(await client.assignRole({ code, targets: [user(later)], enableTime: hour }));
  assert.deepEqual(await membersOf(code), [now]);
  const all = accepted(await client.listRoleAssignments({ roleCode: code }));
  assert.equal(all.totalCount, 2);
  const of = (id) => all.data.find((row) => row.targetIdentifier === id);
  assert.deepEqual([of(now).status, of(now).endTime], ['ENABLE', hour]);
  assert.deepEqual([of(later).status, of(later).enableTime], ['DISABLE', hour]);
  assert.equal(of(now).roleCode, code);
  const users = { roleCode: code, targetType: ['USER'], namespaceCode: 'default' };
  assert.equal(accepted(await client.listRoleAssignments(users)).totalCount, 2);
  const departments = { roleCode: code, targetType: ['DEPARTMENT'] };
  assert.equal(accepted(await client.listRoleAssignments(departments)).totalCount, 0);
  const query = { roleCode: code, query: 'no such name' };
  assert.equal(accepted(await client.listRoleAssignments(query)).totalCount, 0);
  refused(await client.listRoleAssignments({ roleCode: fresh() }), 404);
  refused(await client.listRoleAssignments({ roleCode: code, targetType: ['CAT'] }), 400);
});

test('assignRoleBatch and revokeRoleBatch take several roles, all or none', async () => {
  const roles = [{ code: (await role()).code }, {
    code: (await role({ namespace: dev.app_id })).code,
    namespace: dev.app_id,
  }];
  const targets = [user(await person()), user(await person())];
  const wrong = await client.assignRoleBatch({ targets, roles: [roles[0], { code: fresh() }] });
  refused(wrong, 404);
  assert.ok(wrong.message.includes('roles[1].code'), wrong.message);
  assert.deepEqual(await membersOf(roles[0].code), []);
  accepted(await client.assignRoleBatch({ targets, roles }));
  assert.equal((await membersOf(roles[0].code)).length, 2);
  const members = accepted(await client.listRoleMembers(roles[1]));
  assert.equal(members.totalCount, 2);
  refused(await client.revokeRoleBatch({ targets, roles: [] }), 400);
  refused(await client.revokeRoleBatch({ targets: [], roles }), 400);
  accepted(await client.revokeRoleBatch({ targets, roles }));
  assert.deepEqual(await membersOf(roles[0].code), []);
});

test('lists of a role refuse what is not there', async () => {
  const { code } = await role();
  for (const call of ['listRoleMembers', 'listRoleDepartments', 'getRoleAuthorizedResources']) {
    for (const namespace of [undefined, 'default']) {
      assert.equal(accepted(await client[call]({ code, namespace })).totalCount, 0, call);
    }
    for (const [query, status, message] of [
      [{ code: '额！ ' }, 404, '角色不存在'],
      [{ code: ' ' }, 404, '角色不存在'],
      [{ code: '' }, 400, '参数 code 格式错误'],
      [{ code: '1'.repeat(100) }, 400, '参数 code 格式错误'],
    ]) {
      const answer = await chinese[call]({ ...query, namespace: 'default' });
      refused(answer, status);
      assert.equal(answer.message, message, call);
    }
    const nowhere = await chinese[call]({ code, namespace: fresh() });
    refused(nowhere, 404);
    assert.match(nowhere.message, /权限组不存在/);
  }
  refused(await client.listRoleMembers({ code, limit: 51 }), 400);
  refused(await client.listRoleDepartments({ code, page: 0 }), 400);
  refused(await client.getRoleAuthorizedResources({ code, resourceType: 'SHOE' }), 400);
});

test('listRoleMembers shows whole users', async () => {
  const { code } = await role();
  accepted(await client.assignRole({ code, targets: [user(carol.id)] }));
  const [member] = accepted(await client.listRoleMembers({ code })).list;
  assert.equal(member.userId, carol.id);
  assert.equal(member.email, carol.email);
  assert.equal(member.status, 'Activated');
});

test('checkParamsNamespace says whether a role could be created', async () => {
  const { code, name } = await role({ name: `Name of ${fresh()}` });
  const free = { code: fresh(), namespace: 'default' };
  const check = async (fields) => accepted(await client.checkParamsNamespace(fields));
  assert.deepEqual(await check(free), { isValid: true, message: '' });
  for (const fields of [{ ...free, code }, { ...free, code: 'not good' }, { ...free, name }]) {
    const told = await check(fields);
    assert.equal(told.isValid, false);
    assert.ok(told.message.length > 0);
  }
  refused(await client.checkParamsNamespace({ ...free, namespace: fresh() }), 404);
});

test('checkMutualExclusion knows roles that exclude nobody', async () => {
  const roles = [{ code: (await role()).code }, { code: (await role()).code }];
  const told = accepted(await client.checkMutualExclusion({ roles }));
  assert.deepEqual(told, { existMutuallyExclusive: false });
  refused(await client.checkMutualExclusion({ roles: [...roles, { code: fresh() }] }), 404);
  refused(await client.checkMutualExclusion({ roles: [] }), 400);
});

test('roles of administration live apart', async () => {
  const code = fresh();
  const made = accepted(await client.createAdminRole({ code, name: 'Auditor', description: 'd' }));
  assert.equal(made.isValid, true);
  refused(await client.createAdminRole({ code, name: 'Auditor' }), 409);
  refused(await client.createAdminRole({ code: '额', name: 'Auditor' }), 400);
  refused(await client.getRole({ code }), 404);
  accepted(await client.getRole({ code, namespace: 'system' }));
  refused(await client.deleteRolesBatch({ codeList: [code], namespace: 'system' }), 403);
  refused(await client.deleteAdminRolesBatch({ codeList: [code, fresh()] }), 404);
  assert.deepEqual(accepted(await client.deleteAdminRolesBatch({ codeList: [code] })), {
    success: true,
  });
  refused(await client.getRole({ code, namespace: 'system' }), 404);
});
