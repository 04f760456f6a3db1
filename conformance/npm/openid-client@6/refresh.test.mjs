// Refresh, introspection, revocation (oidcc-refresh-token; attacks, rows 8 and 9).
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { basic, carol, machine, open, other, post } from '../../lib/seeded.mjs';
import { moveClock, startServer } from '../../lib/server.mjs';
import { browserOf, errorOf, form, oidc, token, tokensOf } from './relying.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

const offline = { scope: 'openid profile email offline_access', prompt: 'consent' };
const refresh = (application, value, more) =>
  token(dev, application, { grant_type: 'refresh_token', refresh_token: value, ...more });
const userinfo = (value) => form(dev, '/oidc/me', { access_token: value });

test('oidcc-refresh-token', async () => {
  for (const application of [basic, post, open]) {
    const { config, tokens } = await tokensOf(dev, application, offline);
    const next = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    assert.notEqual(next.refresh_token, tokens.refresh_token);
    assert.notEqual(next.access_token, tokens.access_token);
    assert.equal(next.claims().sub, carol.id);
    assert.equal(next.claims().auth_time, tokens.claims().auth_time);
    assert.equal((await userinfo(next.access_token)).sub, carol.id);
  }
});

test('no refresh token without offline_access', async () => {
  const { tokens } = await tokensOf(dev, post);
  assert.equal(tokens.refresh_token, undefined);
});

test('attack_08 a refresh token reused after its grace ends the family', async () => {
  const { tokens } = await tokensOf(dev, post, offline);
  const next = await refresh(post, tokens.refresh_token);
  assert.equal(next.status, 200);
  await moveClock(dev, 120);
  const reused = await refresh(post, tokens.refresh_token);
  assert.deepEqual([reused.status, reused.error], [400, 'invalid_grant']);
  const after_ = await refresh(post, next.refresh_token);
  assert.equal(after_.error, 'invalid_grant');
  assert.equal((await userinfo(next.access_token)).status, 401);
  await moveClock(dev, 0);
});

test('attack_08 the same token in parallel within the grace stays one family', async () => {
  const { tokens } = await tokensOf(dev, post, offline);
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => refresh(post, tokens.refresh_token)),
  );
  const good = answers.filter(({ status }) => status === 200);
  assert.equal(good.length, answers.length, JSON.stringify(answers));
  assert.equal(new Set(good.map((answer) => answer.refresh_token)).size, 1);
  const next = await refresh(post, good[0].refresh_token);
  assert.equal(next.status, 200);
});

test('attack_08 the retries of one token are bounded', async () => {
  const { tokens } = await tokensOf(dev, post, offline);
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => refresh(post, tokens.refresh_token)),
  );
  const good = answers.filter(({ status }) => status === 200);
  assert.ok(good.length >= 1 && good.length <= 21, `${good.length}`);
  assert.ok(answers.filter(({ status }) => status !== 200).every(({ status }) => status === 429));
  assert.equal((await refresh(post, good[0].refresh_token)).status, 200);
});

test('attack_08 no refresh after the session was ended', async () => {
  const { config, browser, tokens } = await tokensOf(dev, post, offline);
  const end = oidc.buildEndSessionUrl(config, { id_token_hint: tokens.id_token });
  await browser.open(end);
  assert.equal((await refresh(post, tokens.refresh_token)).error, 'invalid_grant');
});

test('attack_09 a wider scope at refresh', async () => {
  const { tokens } = await tokensOf(dev, post, { ...offline, scope: 'openid offline_access' });
  const wider = await refresh(post, tokens.refresh_token, { scope: 'openid email' });
  assert.deepEqual([wider.status, wider.error], [400, 'invalid_scope']);
  const same = await refresh(post, tokens.refresh_token, { scope: 'openid' });
  assert.equal(same.status, 200, JSON.stringify(same));
});

test('attack_09 a wider scope or foreign audience for client credentials', async () => {
  const grant = { grant_type: 'client_credentials' };
  const scope = await token(dev, machine, { ...grant, scope: 'user:delete everything' });
  assert.deepEqual([scope.status, scope.error], [400, 'invalid_scope']);
  const resource = await token(dev, machine, { ...grant, resource: 'https://other.example' });
  assert.deepEqual([resource.status, resource.error], [400, 'invalid_target']);
});

test('attack_04 values of other kinds are no codes and no refresh tokens', async () => {
  const { tokens, back, checks } = await tokensOf(dev, post, offline);
  const code = { grant_type: 'authorization_code', redirect_uri: post.callback };
  const verifier = { code_verifier: checks.pkceCodeVerifier };
  const values = [tokens.access_token, tokens.refresh_token, checks.expectedState];
  for (const value of values) {
    const answer = await token(dev, post, { ...code, ...verifier, code: value });
    assert.equal(answer.error, 'invalid_grant');
  }
  for (const value of [tokens.access_token, tokens.id_token, back.searchParams.get('code')]) {
    assert.equal((await refresh(post, value)).error, 'invalid_grant');
  }
});

test('a refresh token works for its own application alone', async () => {
  const { tokens } = await tokensOf(dev, post, offline);
  assert.equal((await refresh(machine, tokens.refresh_token)).error, 'invalid_grant');
  const foreign = { id: other.application, secret: other.secret };
  assert.equal((await refresh(foreign, tokens.refresh_token)).error, 'invalid_grant');
  assert.equal((await refresh(post, tokens.refresh_token)).status, 200);
});

test('introspection of each kind of token', async () => {
  const { config, tokens } = await tokensOf(dev, post, offline);
  const access = await oidc.tokenIntrospection(config, tokens.access_token);
  assert.equal(access.active, true);
  assert.equal(access.client_id, post.id);
  assert.equal(access.sub, carol.id);
  assert.match(access.scope, /openid/);
  assert.equal((await oidc.tokenIntrospection(config, tokens.refresh_token)).active, true);
  assert.equal((await oidc.tokenIntrospection(config, 'x')).active, false);
});

test('introspection tells another application nothing', async () => {
  const { tokens } = await tokensOf(dev, post, offline);
  const field = { token: tokens.access_token };
  const other_ = await form(dev, '/oidc/token/introspection', field, { application: machine });
  assert.equal(other_.active, false, JSON.stringify(other_));
  const nobody = await form(dev, '/oidc/token/introspection', field);
  assert.equal(nobody.status, 401);
});

test('revocation', async () => {
  const { config, tokens } = await tokensOf(dev, post, offline);
  await oidc.tokenRevocation(config, tokens.access_token);
  assert.equal((await userinfo(tokens.access_token)).status, 401);
  const next = await refresh(post, tokens.refresh_token);
  assert.equal(next.status, 200);
  await oidc.tokenRevocation(config, next.refresh_token);
  assert.equal(await errorOf(oidc.refreshTokenGrant(config, next.refresh_token)), 'invalid_grant');
  assert.equal((await userinfo(next.access_token)).status, 401);
});

test('a token of another application cannot be revoked', async () => {
  const { tokens } = await tokensOf(dev, post, offline);
  const field = { token: tokens.refresh_token };
  await form(dev, '/oidc/token/revocation', field, { application: machine });
  assert.equal((await refresh(post, tokens.refresh_token)).status, 200);
});

test('an access token is over after its time', async () => {
  const { tokens } = await tokensOf(dev, post, offline, browserOf(dev));
  await moveClock(dev, tokens.expires_in + 61);
  assert.equal((await userinfo(tokens.access_token)).status, 401);
  await moveClock(dev, 0);
});
