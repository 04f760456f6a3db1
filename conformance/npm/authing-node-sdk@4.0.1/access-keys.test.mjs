// getAccessKeyList, getAccessKey, createAccessKey, deleteAccessKey, updateAccessKey.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { bob, carol, other } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import { accepted, management, refused } from './clients.mjs';

const server = await startServer();
const { dev } = server;
const client = management(dev);
after(() => server.stop());

const make = async (fields = { type: 'userpool' }) =>
  accepted(await client.createAccessKey(fields))[0];
const by = (key) =>
  management(dev, { accessKeyId: key.accessKeyId, accessKeySecret: key.accessKeySecret });

test('createAccessKey answers the secret whole, get and list answer stars', async () => {
  const key = await make();
  assert.match(key.accessKeyId, /^[0-9a-f]{24}$/);
  assert.match(key.accessKeySecret, /^[0-9a-f]{64}$/);
  assert.equal(key.status, 'activated');
  assert.equal(key.enable, true);
  assert.equal(key.lastDate, null);
  assert.match(key.userPoolId, /^[0-9a-f]{24}$/);
  assert.ok(!Number.isNaN(Date.parse(key.createdAt)));
  const [shown] = accepted(await client.getAccessKey({ accessKeyId: key.accessKeyId }));
  assert.deepEqual(shown, { ...key, accessKeySecret: '********' });
  const list = accepted(await client.getAccessKeyList({}));
  assert.ok(list.some((one) => one.accessKeyId === key.accessKeyId));
  assert.ok(list.every((one) => one.accessKeySecret === '********'));
});

test('a new key signs, and lastDate says so', async () => {
  const key = await make();
  accepted(await by(key).getUser({ userId: carol.id }));
  const [shown] = accepted(await client.getAccessKey({ accessKeyId: key.accessKeyId }));
  assert.ok(Date.now() - Date.parse(shown.lastDate) < 60_000, shown.lastDate);
});

test('a switched off or deleted key is refused like an unknown one', async () => {
  const key = await make();
  const { accessKeyId } = key;
  const ask = async (one) => {
    const { requestId, ...answer } = await by(one).getUser({ userId: carol.id });
    refused({ requestId, ...answer }, 401, 1300);
    return answer;
  };
  const unknown = await ask({ accessKeyId: 'f'.repeat(24), accessKeySecret: 'x' });
  const off = accepted(await client.updateAccessKey({ accessKeyId, enable: false }));
  assert.deepEqual(off, { success: true });
  assert.deepEqual(await ask(key), unknown);
  const [shown] = accepted(await client.getAccessKey({ accessKeyId }));
  assert.equal(shown.status, 'revoked');
  assert.equal(shown.enable, false);
  accepted(await client.updateAccessKey({ accessKeyId, enable: true }));
  accepted(await by(key).getUser({ userId: carol.id }));
  const gone = await client.deleteAccessKey({ accessKeyId });
  assert.equal(accepted(gone), undefined);
  assert.deepEqual(await ask(key), unknown);
  refused(await client.getAccessKey({ accessKeyId }), 404);
  refused(await client.deleteAccessKey({ accessKeyId }), 404);
  refused(await client.updateAccessKey({ accessKeyId, enable: true }), 404);
});

test('keys of a user, by user, kind and state', async () => {
  const key = await make({ type: 'user', userId: carol.id });
  assert.equal(key.userId, carol.id);
  accepted(await by(key).getUser({ userId: carol.id }));
  const ids = async (filter) =>
    accepted(await client.getAccessKeyList(filter)).map((one) => one.accessKeyId);
  assert.deepEqual(await ids({ userId: carol.id }), [key.accessKeyId]);
  assert.deepEqual(await ids({ userId: carol.id, type: 'userpool' }), []);
  assert.deepEqual(await ids({ userId: carol.id, status: ['activated'] }), [key.accessKeyId]);
  assert.deepEqual(await ids({ userId: carol.id, status: ['revoked', 'staging'] }), []);
  const { accessKeyId } = key;
  accepted(await client.getAccessKey({ accessKeyId, userId: carol.id }));
  refused(await client.getAccessKey({ accessKeyId, userId: bob.id }), 404);
});

test('bad input names its field', async () => {
  const cases = [
    [await client.createAccessKey({}), 400, /type/],
    [await client.createAccessKey({ type: 'nonsense' }), 400, /type/],
    [await client.createAccessKey({ type: 'user' }), 400, /userId/],
    [await client.createAccessKey({ type: 'user', userId: 'nobody' }), 404, /user/],
    [await client.createAccessKey({ type: 'tenant', tenantId: 't' }), 501, /tenantId/],
    [await client.getAccessKey({}), 400, /accessKeyId/],
    [await client.deleteAccessKey({ accessKeyId: '' }), 400, /accessKeyId/],
    [await client.updateAccessKey({ accessKeyId: 'x' }), 400, /enable/],
    [await client.updateAccessKey({ accessKeyId: 'x', enable: 'yes' }), 400, /enable/],
    [await client.getAccessKeyList({ status: ['lost'] }), 400, /status/],
    [await client.getAccessKeyList({ type: 'x\r\ny' }), 400, /type/],
  ];
  for (const [answer, statusCode, message] of cases) {
    refused(answer, statusCode);
    assert.match(answer.message, message);
  }
});

test('attack_41 the key and the user of another pool answer as missing', async () => {
  const said = [];
  for (const accessKeyId of [other.accessKey, 'f'.repeat(24)]) {
    const answers = [
      await client.getAccessKey({ accessKeyId }),
      await client.updateAccessKey({ accessKeyId, enable: false }),
      await client.deleteAccessKey({ accessKeyId }),
    ];
    answers.forEach((answer) => refused(answer, 404));
    said.push(answers.map(({ requestId, ...answer }) => answer));
  }
  assert.deepEqual(said[0], said[1]);
  refused(await client.createAccessKey({ type: 'user', userId: bob.id }), 404, 2004);
  assert.deepEqual(accepted(await client.getAccessKeyList({ userId: bob.id })), []);
  const theirs = { accessKeyId: other.accessKey, accessKeySecret: other.accessSecret };
  accepted(await management(dev, theirs).getUser({ userId: bob.id }));
});
