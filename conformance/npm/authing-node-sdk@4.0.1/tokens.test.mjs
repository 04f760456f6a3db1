// What the package does with tokens: parse, userinfo, introspect, refresh, revoke, exchange.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { basic, carol, hmac, machine, open, other, post } from '../../lib/seeded.mjs';
import { read, withClaims } from '../../lib/jwt.mjs';
import { startServer } from '../../lib/server.mjs';
import { accepted, authentication, authenticationOf } from './clients.mjs';

const server = await startServer();
const { dev } = server;
const client = authentication(dev);
after(() => server.stop());

const options = { scope: 'openid profile email offline_access' };
const signIn = async (through = client) => {
  const { email, password } = carol;
  return accepted(await through.signInByEmailPassword({ email, password, options }));
};
/** HTTP status and body of a call that the package turns into an exception. */
const failure = async (promise) => {
  const error = await promise.then(() => undefined, (e) => e);
  assert.ok(error?.response, `no HTTP refusal: ${error}`);
  return { status: error.response.status, ...error.response.data };
};

test('parseIDToken and parseAccessToken verify through the published keys', async () => {
  const { id_token: id, access_token: access } = await signIn();
  const claims = await client.parseIDToken(id);
  assert.equal(claims.sub, carol.id);
  assert.equal(claims.aud, dev.app_id);
  assert.equal(claims.iss, `${dev.app_host}/oidc`);
  assert.equal(claims.email, carol.email);
  const token = await client.parseAccessToken(access);
  assert.equal(token.sub, carol.id);
  assert.equal(token.client_id, dev.app_id);
  assert.match(read(access).header.kid, /\S/);
  assert.equal(read(access).header.typ, 'at+jwt');
});

test('a changed token does not parse', async () => {
  const { id_token: id, access_token: access } = await signIn();
  await assert.rejects(client.parseIDToken(withClaims(id, { sub: 'somebody' })));
  await assert.rejects(client.parseAccessToken(withClaims(access, { sub: 'somebody' })));
});

test('an ID token under HS256 is verified with the secret of the application', async () => {
  const through = authenticationOf(dev, hmac, 'client_secret_basic');
  const body = {
    connection: 'PASSWORD',
    passwordPayload: { email: carol.email, password: carol.password },
    options,
  };
  const { id_token: id, access_token: access } = accepted(await through.signInByCredentials(body));
  assert.equal(read(id).header.alg, 'HS256');
  assert.equal((await through.parseIDToken(id)).sub, carol.id);
  assert.notEqual(read(access).header.alg, 'HS256');
  assert.equal((await through.parseAccessToken(access)).sub, carol.id);
});

test('userinfo by query, header and form', async () => {
  const { access_token: access } = await signIn();
  const ways = [
    undefined,
    { method: 'GET', tokenPlace: 'query' },
    { method: 'GET', tokenPlace: 'header' },
    { method: 'POST', tokenPlace: 'query' },
    { method: 'POST', tokenPlace: 'header' },
    { method: 'POST', tokenPlace: 'body' },
  ];
  for (const way of ways) {
    const info = await client.getUserInfoByAccessToken(access, way);
    assert.equal(info.sub, carol.id, JSON.stringify(way));
    assert.equal(info.email, carol.email);
  }
});

test('userinfo with the raw token of setAccessToken', async () => {
  const { access_token: access } = await signIn();
  const through = authentication(dev);
  through.setAccessToken(access);
  const way = { method: 'GET', tokenPlace: 'header' };
  assert.equal((await through.getUserInfoByAccessToken('ignored', way)).sub, carol.id);
});

test('userinfo refuses what is no access token of this pool', async () => {
  const { id_token: id, refresh_token: refresh } = await signIn();
  const there = authentication(dev, { appId: other.application, appSecret: other.secret });
  const password = 'conformance bob 1';
  const foreign = accepted(await there.signInByEmailPassword({
    email: 'bob@other.example', password, options: { scope: 'openid' },
  })).access_token;
  for (const token of [id, refresh, 'x', withClaims(id, {})]) {
    assert.equal((await failure(client.getUserInfoByAccessToken(token))).status, 401);
  }
  // At a shared address the token names its own pool; it is never one of ours.
  const info = await client.getUserInfoByAccessToken(foreign).catch((e) => e.response.status);
  assert.notEqual(info.sub, carol.id);
});

test('introspection tells a live token from a dead one', async () => {
  const { access_token: access, refresh_token: refresh } = await signIn();
  const live = await client.introspectToken(access);
  assert.equal(live.active, true);
  assert.equal(live.sub, carol.id);
  assert.equal(live.client_id, dev.app_id);
  assert.equal(live.iss, `${dev.app_host}/oidc`);
  assert.ok(live.exp > live.iat);
  assert.equal((await client.introspectToken(refresh)).active, true);
  for (const token of ['x', withClaims(access, { sub: 'somebody' })]) {
    assert.deepEqual(await client.introspectToken(token), { active: false });
  }
});

test('introspection and revocation by each client authentication method', async () => {
  const cases = [[basic, 'client_secret_basic'], [post, 'client_secret_post']];
  for (const [application, method] of cases) {
    const through = authenticationOf(dev, application, method);
    const body = {
      connection: 'PASSWORD',
      passwordPayload: { email: carol.email, password: carol.password },
      options,
      ...(method === 'client_secret_post' && {
        client_id: application.id, client_secret: application.secret,
      }),
    };
    const { access_token: access } = accepted(await through.signInByCredentials(body));
    assert.equal((await through.introspectToken(access)).active, true, method);
    assert.equal(await through.revokeToken(access), true, method);
    assert.equal((await through.introspectToken(access)).active, false, method);
  }
  const wrong = authenticationOf(dev, post, 'client_secret_post', { appSecret: 'wrong' });
  const answer = await failure(wrong.introspectToken('x'));
  assert.equal(answer.status, 401);
  assert.equal(answer.error, 'invalid_client');
});

test('a revoked token is dead; a refresh token takes its grant with it', async () => {
  const first = await signIn();
  assert.equal(await client.revokeToken(first.access_token), true);
  const dead = await failure(client.getUserInfoByAccessToken(first.access_token));
  assert.equal(dead.status, 401);
  const second = await signIn();
  assert.equal(await client.revokeToken(second.refresh_token), true);
  const refusal = await failure(client.getNewAccessTokenByRefreshToken(second.refresh_token));
  assert.equal(refusal.error, 'invalid_grant');
  assert.equal((await failure(client.getUserInfoByAccessToken(second.access_token))).status, 401);
  assert.equal(await client.revokeToken('unknown'), true);
});

test('a refresh token gives new tokens', async () => {
  const first = await signIn();
  const next = await client.getNewAccessTokenByRefreshToken(first.refresh_token);
  assert.notEqual(next.access_token, first.access_token);
  assert.notEqual(next.refresh_token, first.refresh_token);
  assert.ok(next.expires_in > 0);
  assert.equal((await client.getUserInfoByAccessToken(next.access_token)).sub, carol.id);
});

test('a refresh token is bound to its application', async () => {
  const { refresh_token: refresh } = await signIn();
  const through = authenticationOf(dev, post, 'client_secret_post');
  const answer = await failure(through.getNewAccessTokenByRefreshToken(refresh));
  assert.deepEqual([answer.status, answer.error], [400, 'invalid_grant']);
});

test('client credentials of an application and of an access key', async () => {
  const through = authenticationOf(dev, { ...machine, callback: undefined }, 'client_secret_post');
  const scope = 'openid';
  const byApplication = await through.getAccessTokenByClientCredentials(scope, {
    accessKey: machine.id, accessSecret: machine.secret,
  });
  assert.equal(byApplication.token_type, 'Bearer');
  assert.equal(byApplication.refresh_token, undefined);
  const { claims } = read(byApplication.access_token);
  assert.equal(claims.client_id, machine.id);
  const wrong = { accessKey: machine.id, accessSecret: 'wrong' };
  const answer = await failure(through.getAccessTokenByClientCredentials(scope, wrong));
  assert.deepEqual([answer.status, answer.error], [401, 'invalid_client']);
  const keys = { accessKey: dev.access_key_id, accessSecret: dev.access_key_secret };
  const byKey = await through.getAccessTokenByClientCredentials(scope, keys);
  assert.equal(read(byKey.access_token).claims.client_id, dev.access_key_id);
  const foreign = { accessKey: dev.access_key_id, accessSecret: 'wrong' };
  const refused = await failure(through.getAccessTokenByClientCredentials(scope, foreign));
  assert.deepEqual([refused.status, refused.error], [401, 'invalid_client']);
});

test('an application without the grant may not use client credentials', async () => {
  const through = authenticationOf(dev, post, 'client_secret_post');
  const keys = { accessKey: post.id, accessSecret: post.secret };
  const answer = await failure(through.getAccessTokenByClientCredentials('openid', keys));
  assert.deepEqual([answer.status, answer.error], [400, 'unauthorized_client']);
});

test('a token is no key of the management API', async () => {
  const { access_token: access } = await signIn();
  const url = `${dev.http_url}/api/v3/get-user?userId=${carol.id}`;
  for (const authorization of [access, `Bearer ${access}`]) {
    const response = await fetch(url, { headers: { authorization } });
    assert.equal(response.status, 200);
    assert.ok([401, 403].includes((await response.json()).statusCode));
  }
});

test('a public application cannot introspect for others', async () => {
  const { access_token: access } = await signIn();
  const through = authenticationOf(dev, open, 'none');
  const answer = await through.introspectToken(access).catch((e) => e.response.data);
  assert.notEqual(answer.active, true);
});
