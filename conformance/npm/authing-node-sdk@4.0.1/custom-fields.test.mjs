// Custom fields, built-in fields and custom data.
import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { bob, other } from '../../lib/seeded.mjs';
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

const fresh = () => `f${randomBytes(5).toString('hex')}`;
const targetType = 'USER';

async function field(fields = {}) {
  const list = [{ targetType, dataType: 'STRING', key: fresh(), ...fields }];
  return accepted(await client.setCustomFields({ list }))[0];
}

async function person(fields = {}) {
  return accepted(await client.createUser({ email: freshEmail(), ...fields })).userId;
}

function set(targetIdentifier, data, rest = {}) {
  const list = Object.entries(data).map(([key, value]) => ({ key, value }));
  return client.setCustomData({ targetType, targetIdentifier, list, ...rest });
}

function get(targetIdentifier, rest = {}) {
  return client.getCustomData({ targetType, targetIdentifier, ...rest });
}

test('setCustomFields declares fields, getCustomFields shows them', async () => {
  const key = fresh();
  const [made] = accepted(await client.setCustomFields({
    list: [{
      targetType,
      dataType: 'ENUM',
      key,
      label: '学校',
      description: 'd',
      userEditable: true,
      visibleInUserCenter: true,
      visibleInAdminConsole: false,
      options: [{ label: '北京大学', value: 'pku' }, { label: '清华大学', value: 'tsinghua' }],
      i18n: { label: { 'en-US': { enabled: true, value: 'School' } } },
      appIds: [dev.app_id],
      validateRules: [{ type: 'any' }],
      desensitization: true,
    }],
  }));
  assert.equal(made.key, key);
  assert.equal(made.dataType, 'ENUM');
  assert.equal(made.targetType, targetType);
  assert.equal(made.isUnique, false);
  assert.equal(made.userEditable, true);
  assert.equal(made.visibleInAdminConsole, false);
  assert.equal(made.options[1].value, 'tsinghua');
  assert.equal(made.i18n.label['en-US'].value, 'School');
  assert.ok(!Number.isNaN(Date.parse(made.createdAt)));
  const all = accepted(await client.getCustomFields({ targetType }));
  assert.deepEqual(all.find((f) => f.key === key), made);
  // What is left out stays.
  const change = { targetType, key, label: 'School' };
  const [changed] = accepted(await client.setCustomFields({ list: [change] }));
  assert.deepEqual(changed, { ...made, label: 'School' });
  assert.ok(accepted(await theirs.getCustomFields({ targetType })).every((f) => f.key !== key));
});

test('setCustomFields refuses what does not fit, and declares nothing of it', async () => {
  const { key } = await field({ isUnique: true });
  const free = fresh();
  for (const [bad, name] of [
    [{ key: '' }, 'list[1].key'],
    [{ key: 'a b' }, 'list[1].key'],
    [{ key: "a';--" }, 'list[1].key'],
    [{ key: 'email' }, 'list[1].key'],
    [{ key: 'givenName' }, 'list[1].key'],
    [{ key: 'k'.repeat(100) }, 'list[1].key'],
    [{ key, dataType: 'NUMBER' }, 'list[1].dataType'],
    [{ key, dataType: 'STRING', encrypted: true }, 'list[1].encrypted'],
    [{ dataType: 'ENUM' }, 'list[1].options'],
    [{ dataType: 'ENUM', options: [{ value: 'a', label: 'a' }, { value: 'a', label: 'b' }] },
      'list[1].options'],
    [{ dataType: 'BOOLEAN', isUnique: true }, 'list[1].isUnique'],
    [{ dataType: 'DATE' }, 'list[1].dataType'],
    [{ targetType: 'CAT' }, 'list[1].targetType'],
    [{ label: 'l'.repeat(300) }, 'list[1].label'],
  ]) {
    const good = { targetType, dataType: 'STRING', key: free };
    const row = { targetType, dataType: 'STRING', key: fresh(), ...bad };
    const answer = await client.setCustomFields({ list: [good, row] });
    refused(answer, 400);
    assert.ok(answer.message.includes(name), `${JSON.stringify(bad)}: ${answer.message}`);
  }
  refused(await client.setCustomFields({ list: [] }), 400);
  refused(await client.setCustomFields({}), 400);
  const tenant = { list: [{ targetType, key: fresh() }], tenantId: 'nobody' };
  refused(await client.setCustomFields(tenant), 404);
  const all = accepted(await client.getCustomFields({ targetType }));
  assert.ok(all.every((f) => f.key !== free));
});

test('listCustFields pages and filters', async () => {
  const mark = fresh();
  for (const [n, dataType] of ['STRING', 'STRING', 'NUMBER'].entries()) {
    await field({ key: `${mark}_${n}`, dataType, visibleInUserCenter: n === 0 });
  }
  const list = async (query) =>
    accepted(await client.listCustFields({ targetType, keyword: mark, ...query }));
  assert.equal((await list({})).totalCount, 3);
  assert.equal((await list({ dataType: 'STRING' })).totalCount, 2);
  assert.deepEqual((await list({ userVisible: true })).list.map((f) => f.key), [`${mark}_0`]);
  const second = await list({ page: 2, limit: 2 });
  assert.deepEqual([second.totalCount, second.list.length], [3, 1]);
  refused(await client.listCustFields({ targetType, limit: 51 }), 400);
  refused(await client.listCustFields({ targetType, page: 0 }), 400);
  refused(await client.listCustFields({ targetType, dataType: 'DATE' }), 400);
  refused(await client.listCustFields({}), 400);
});

test('custom data is written, read and removed', async () => {
  const school = await field({ dataType: 'ENUM', options: [{ value: 'pku', label: '北大' }] });
  const [age, born, done, card] = [
    await field({ dataType: 'NUMBER' }),
    await field({ dataType: 'DATETIME' }),
    await field({ dataType: 'BOOLEAN' }),
    await field({ encrypted: true }),
  ];
  const data = {
    [school.key]: 'pku',
    [age.key]: 30,
    [born.key]: new Date('1994-05-06T07:08:09.010Z').toISOString(),
    [done.key]: true,
    [card.key]: '431225xxxxxxxx3414',
  };
  const id = await person();
  assert.deepEqual(accepted(await get(id)), {});
  assert.deepEqual(accepted(await set(id, data)), { success: true });
  assert.deepEqual(accepted(await get(id)), data);
  accepted(await set(id, { [age.key]: null, [done.key]: false }));
  const { [age.key]: gone, ...left } = data;
  assert.deepEqual(accepted(await get(id)), { ...left, [done.key]: false });
});

test('custom data that does not fit changes nothing and names the row', async () => {
  const [text, number] = [await field(), await field({ dataType: 'NUMBER' })];
  const id = await person();
  accepted(await set(id, { [text.key]: 'kept' }));
  for (const [data, name] of [
    [{ [text.key]: 'x', [number.key]: 'many' }, 'list[1].value'],
    [{ [text.key]: 'x', [number.key]: { $gt: 0 } }, 'list[1].value'],
    [{ [text.key]: ['x'] }, 'list[0].value'],
    [{ [text.key]: 'x', [fresh()]: 1 }, 'list[1].key'],
    [{ [text.key]: 'x', "a' OR 1=1": 1 }, 'list[1].key'],
  ]) {
    const answer = await set(id, data);
    refused(answer, 400);
    assert.ok(answer.message.includes(name), answer.message);
  }
  const list = [{ key: text.key, value: 'x'.repeat(1025) }];
  const long = await chinese.setCustomData({ targetType, targetIdentifier: id, list });
  refused(long, 400);
  assert.match(long.message, /^customData must be less than 1024 characters/);
  assert.deepEqual(accepted(await get(id)), { [text.key]: 'kept' });
  refused(await set(id, {}), 400);
  for (const nobody of [bob.id, '0123456789abcdef01234567', 'x', '']) {
    refused(await set(nobody, { [text.key]: 'x' }), 404);
    refused(await get(nobody), 404);
  }
  refused(await get(id, { tenantId: 'nobody' }), 404);
  refused(await get('g', { targetType: 'GROUP' }), 404);
  refused(await get('d', { targetType: 'DEPARTMENT' }), 404);
  refused(await get(id, { targetType: 'CAT' }), 400);
});

test('a unique value belongs to one', async () => {
  const { key } = await field({ isUnique: true });
  const [a, b] = [await person(), await person()];
  accepted(await set(a, { [key]: 'Badge 1' }));
  accepted(await set(a, { [key]: 'Badge 1' }));
  const taken = await set(b, { [key]: 'badge 1' });
  refused(taken, 409);
  assert.ok(taken.message.includes('list[0].value'), taken.message);
  accepted(await set(a, { [key]: null }));
  accepted(await set(b, { [key]: 'badge 1' }));
});

test('a field becomes unique only when its values are', async () => {
  const { key } = await field();
  const [a, b] = [await person(), await person()];
  for (const id of [a, b]) accepted(await set(id, { [key]: 'same' }));
  const list = [{ targetType, key, isUnique: true }];
  const doubles = await client.setCustomFields({ list });
  refused(doubles, 409);
  assert.ok(doubles.message.includes(a) && doubles.message.includes(b), doubles.message);
  accepted(await set(b, { [key]: 'other' }));
  assert.equal(accepted(await client.setCustomFields({ list }))[0].isUnique, true);
});

test('createUser stores custom data of declared fields', async () => {
  const { key } = await field({ isUnique: true });
  const customData = { [key]: 'v1' };
  const email = freshEmail();
  const made = accepted(await client.createUser({ email, customData }));
  assert.deepEqual(made.customData, customData);
  const read = accepted(await client.getUser({ userId: made.userId, withCustomData: true }));
  assert.deepEqual(read.customData, customData);
  const plain = accepted(await client.getUser({ userId: made.userId }));
  assert.equal(plain.customData, undefined);
  for (const [bad, status] of [
    [{ [fresh()]: 'x' }, 400],
    [{ [key]: 7 }, 400],
    [{ [key]: 'x'.repeat(2000) }, 400],
    [customData, 409],
  ]) {
    const nobody = freshEmail();
    const answer = await client.createUser({ email: nobody, customData: bad });
    refused(answer, status);
    refused(await client.getUser({ userId: nobody, userIdType: 'email' }), 404);
  }
});

test('roles have custom data as well', async () => {
  const { key } = await field({ targetType: 'ROLE', dataType: 'NUMBER' });
  const code = fresh();
  accepted(await client.createRole({ code }));
  const role = { targetType: 'ROLE', namespace: 'default' };
  accepted(await set(code, { [key]: 3 }, role));
  assert.deepEqual(accepted(await get(code, role)), { [key]: 3 });
  refused(await get(fresh(), role), 404);
  refused(await get(code, { ...role, namespace: fresh() }), 404);
  refused(await set(await person(), { [key]: 3 }), 400);
});

test('a deleted field takes its values with it', async () => {
  const [a, b] = [await field(), await field()];
  const id = await person();
  accepted(await set(id, { [a.key]: 'x', [b.key]: 'y' }));
  const row = (key) => ({ targetType, key });
  const wrong = await client.deleteCustomFields({ list: [row(a.key), row(fresh())] });
  refused(wrong, 400);
  assert.ok(wrong.message.includes('list[1].key'), wrong.message);
  refused(await client.deleteCustomFields({ list: [] }), 400);
  refused(await client.deleteCustomFields({ list: [row(a.key)], tenantId: 'nobody' }), 404);
  refused(await theirs.deleteCustomFields({ list: [row(a.key)] }), 400);
  accepted(await client.deleteCustomFields({ list: [row(a.key)], tenantId: '' }));
  assert.deepEqual(accepted(await get(id)), { [b.key]: 'y' });
  const again = { list: [{ ...row(a.key), dataType: 'NUMBER' }] };
  for (let n = 0; n < 200; n += 1) {
    const answer = await client.setCustomFields(again);
    if (answer.statusCode === 200) break;
    refused(answer, 409);
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.deepEqual(accepted(await get(id)), { [b.key]: 'y' });
  accepted(await set(id, { [a.key]: 1 }));
});

test('built-in fields are shown, labelled and hidden', async () => {
  const all = accepted(await client.getUserBaseFields());
  const of = (fields, key) => fields.find((f) => f.key === key);
  assert.equal(of(all, 'email').isUnique, true);
  assert.equal(of(all, 'givenName').label, 'Given name');
  assert.equal(of(accepted(await chinese.getUserBaseFields()), 'gender').label, '性别');
  assert.ok(all.every((f) => f.targetType === targetType && f.createdAt === undefined));
  const list = [{
    key: 'company',
    label: 'Employer',
    description: 'Where they work',
    userEditable: false,
    visibleInAdminConsole: true,
    visibleInUserCenter: false,
  }];
  const [set_] = accepted(await client.setUserBaseFields({ list }));
  assert.deepEqual([set_.key, set_.label, set_.userEditable], ['company', 'Employer', false]);
  assert.deepEqual(of(accepted(await client.getUserBaseFields()), 'company'), set_);
  const again = [{ key: 'company', label: 'Firm' }];
  const [kept] = accepted(await client.setUserBaseFields({ list: again }));
  assert.deepEqual(kept, { ...set_, label: 'Firm' });
  const foreign = accepted(await theirs.getUserBaseFields());
  assert.equal(of(foreign, 'company').label, 'Company');
  const wrong = await client.setUserBaseFields({ list: [{ key: 'name' }, { key: fresh() }] });
  refused(wrong, 400);
  assert.ok(wrong.message.includes('list[1].key'), wrong.message);
  refused(await client.setUserBaseFields({ list: [] }), 400);
});

test('listUserBaseFields pages and filters', async () => {
  const list = async (query) =>
    accepted(await client.listUserBaseFields({ targetType, ...query }));
  const first = await list({ page: 1, limit: 5 });
  assert.equal(first.list.length, 5);
  assert.ok(first.totalCount > 20);
  assert.deepEqual((await list({ keyword: 'givenname' })).totalCount, 0);
  assert.deepEqual((await list({ keyword: 'given name' })).list.map((f) => f.key), ['givenName']);
  assert.deepEqual((await list({ dataType: 'ENUM' })).list.map((f) => f.key), ['gender']);
  refused(await client.listUserBaseFields({ targetType, limit: 0 }), 400);
});
