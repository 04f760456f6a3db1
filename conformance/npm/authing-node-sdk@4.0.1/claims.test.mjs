// The scopes `roles` and `extended_fields`: in the ID token and at the userinfo endpoint.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { read } from '../../lib/jwt.mjs';
import { startServer } from '../../lib/server.mjs';
import { accepted, authentication, management } from './clients.mjs';
import { newcomer, password } from './people.mjs';

const server = await startServer();
const { dev } = server;
const admin = management(dev);
after(() => server.stop());

accepted(await admin.setCustomFields({
  list: [
    { targetType: 'USER', key: 'shoe', dataType: 'NUMBER', label: 'Shoe' },
    { targetType: 'USER', key: 'pin', dataType: 'STRING', label: 'Pin', encrypted: true },
  ],
}));

async function person() {
  const { email, user } = await newcomer(dev);
  accepted(await admin.setCustomData({
    targetType: 'USER', targetIdentifier: user.userId,
    list: [{ key: 'shoe', value: 42 }, { key: 'pin', value: '1234' }],
  }));
  return { email, user };
}

async function told(email, scope) {
  const client = authentication(dev);
  const options = { scope };
  const tokens = accepted(await client.signInByEmailPassword({ email, password, options }));
  const info = await client.getUserInfoByAccessToken(tokens.access_token);
  return { token: read(tokens.id_token).claims, info };
}

test('roles tells the codes of the roles that count now', async () => {
  const { email, user } = await person();
  const code = `claims-${user.userId.slice(-8)}`;
  assert.deepEqual((await told(email, 'openid roles')).token.roles, []);
  accepted(await admin.createRole({ code }));
  accepted(await admin.assignRole({
    code, targets: [{ targetType: 'USER', targetIdentifier: user.userId }],
  }));
  const { token, info } = await told(email, 'openid roles');
  assert.deepEqual(token.roles, [code]);
  assert.deepEqual(info.roles, [code]);
});

test('extended_fields tells custom fields, and none that rest sealed', async () => {
  const { email } = await person();
  const { token, info } = await told(email, 'openid extended_fields');
  assert.deepEqual(token.extended_fields, { shoe: 42 });
  assert.deepEqual(info.extended_fields, { shoe: 42 });
});

test('without the scope nothing is told', async () => {
  const { email } = await person();
  for (const claims of Object.values(await told(email, 'openid profile'))) {
    assert.equal(claims.roles, undefined);
    assert.equal(claims.extended_fields, undefined);
  }
});
