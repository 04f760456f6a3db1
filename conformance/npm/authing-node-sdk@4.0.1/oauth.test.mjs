// Plain OAuth 2: the client with protocol `oauth`, from the authorization to the end of its tokens.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { Browser } from '../../lib/browser.mjs';
import {
  basic, bob, carol, mixed, other, post, unchallenged,
} from '../../lib/seeded.mjs';
import { moveClock, startServer } from '../../lib/server.mjs';
import { authentication, authenticationOf } from './clients.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

const oauth = { protocol: 'oauth' };
const plain = authentication(dev, oauth);
const failure = async (promise) => {
  const error = await promise.then(() => undefined, (e) => e);
  assert.ok(error?.response, `no HTTP refusal: ${error}`);
  const { status, headers, data } = error.response;
  return { status, headers, ...data };
};

/** The parameters that the application gets after carol has signed in at this URL. */
async function back(url, browser = new Browser(dev.http_url), person = carol) {
  const answer = await browser.authorize(url, person);
  assert.equal(answer.status, 303, answer.text);
  return answer.location.searchParams;
}

async function tokensOf(client = plain, options = {}, browser = undefined) {
  const answer = await back(client.buildAuthorizeUrl(options).url, browser);
  return client.getAccessTokenByCode(answer.get('code'));
}

test('000-03 oauth: from the address to a new token', async () => {
  const { url, state } = plain.buildAuthorizeUrl({ state: 'mine' });
  assert.equal(state, 'mine');
  const answer = await back(url);
  assert.equal(answer.get('state'), 'mine');
  assert.equal(answer.get('iss'), `${dev.app_host}/oidc`);
  const tokens = await plain.getAccessTokenByCode(answer.get('code'));
  assert.match(tokens.access_token, /^[0-9a-f]{40}$/);
  assert.deepEqual(
    [tokens.token_type, tokens.expires_in, tokens.scope, tokens.id_token],
    ['Bearer', 3600, 'user', undefined],
  );
  const info = await plain.getUserInfoByAccessToken(tokens.access_token);
  assert.deepEqual([info.sub, info.email, info.username], [carol.id, carol.email, 'carol']);
  const seen = await plain.introspectToken(tokens.access_token);
  assert.deepEqual(
    [seen.active, seen.sub, seen.client_id, seen.scope, seen.token_type],
    [true, carol.id, dev.app_id, 'user', 'Bearer'],
  );
  assert.equal(seen.exp - seen.iat, 3600);
  const next = await plain.getNewAccessTokenByRefreshToken(tokens.refresh_token);
  assert.notEqual(next.access_token, tokens.access_token);
  assert.equal((await plain.getUserInfoByAccessToken(next.access_token)).sub, carol.id);
  assert.equal(await plain.revokeToken(tokens.access_token), true);
  assert.equal((await failure(plain.getUserInfoByAccessToken(tokens.access_token))).status, 401);
  assert.deepEqual(await plain.introspectToken(tokens.access_token), { active: false });
  assert.equal((await plain.getUserInfoByAccessToken(next.access_token)).sub, carol.id);
  assert.equal(await plain.revokeToken(next.refresh_token), true);
  assert.equal((await failure(plain.getUserInfoByAccessToken(next.access_token))).status, 401);
  const late = await failure(plain.getNewAccessTokenByRefreshToken(next.refresh_token));
  assert.deepEqual([late.status, late.error], [400, 'invalid_grant']);
});

test('by Basic and without a secret', async () => {
  for (const [application, method] of [[basic, 'client_secret_basic'], [unchallenged, 'none']]) {
    const client = authenticationOf(dev, application, method, oauth);
    const tokens = await tokensOf(client);
    assert.equal((await client.getUserInfoByAccessToken(tokens.access_token)).sub, carol.id);
    assert.equal((await client.introspectToken(tokens.access_token)).active, true, method);
    const next = await client.getNewAccessTokenByRefreshToken(tokens.refresh_token);
    assert.match(next.access_token, /^[0-9a-f]{40}$/);
  }
});

test('the person by query, header and form', async () => {
  const { access_token: access } = await tokensOf();
  const ways = [
    { method: 'GET', tokenPlace: 'query' }, { method: 'GET', tokenPlace: 'header' },
    { method: 'POST', tokenPlace: 'query' }, { method: 'POST', tokenPlace: 'header' },
    { method: 'POST', tokenPlace: 'body' },
  ];
  for (const way of ways) {
    const info = await plain.getUserInfoByAccessToken(access, way);
    assert.equal(info.sub, carol.id, JSON.stringify(way));
  }
});

test('a scope of less than the user tells less', async () => {
  const tokens = await tokensOf(plain, { scope: 'email' });
  assert.equal(tokens.scope, 'email');
  const info = await plain.getUserInfoByAccessToken(tokens.access_token);
  assert.deepEqual(Object.keys(info).sort(), ['email', 'email_verified', 'sub']);
});

test('attack_01 a code works once; the second try kills the tokens of the first', async () => {
  const code = (await back(plain.buildAuthorizeUrl({}).url)).get('code');
  const tokens = await plain.getAccessTokenByCode(code);
  const again = await failure(plain.getAccessTokenByCode(code));
  assert.deepEqual([again.status, again.error], [400, 'invalid_grant']);
  assert.equal((await failure(plain.getUserInfoByAccessToken(tokens.access_token))).status, 401);
  assert.deepEqual(await plain.introspectToken(tokens.refresh_token), { active: false });
});

test('attack_12 tokens and codes of one protocol are worth nothing at the other', async () => {
  const openid = authentication(dev, { scope: 'openid profile offline_access' });
  const here = await tokensOf();
  const there = await tokensOf(openid);
  assert.equal((await failure(openid.getUserInfoByAccessToken(here.access_token))).status, 401);
  assert.equal((await failure(plain.getUserInfoByAccessToken(there.access_token))).status, 401);
  assert.equal((await failure(plain.getUserInfoByAccessToken(there.id_token))).status, 401);
  for (const [client, tokens] of [[openid, here], [plain, there]]) {
    assert.deepEqual(await client.introspectToken(tokens.access_token), { active: false });
    assert.deepEqual(await client.introspectToken(tokens.refresh_token), { active: false });
    const refused = await failure(client.getNewAccessTokenByRefreshToken(tokens.refresh_token));
    assert.deepEqual([refused.status, refused.error], [400, 'invalid_grant']);
  }
  for (const [one, two] of [[plain, openid], [openid, plain]]) {
    const code = (await back(one.buildAuthorizeUrl({}).url)).get('code');
    const refused = await failure(two.getAccessTokenByCode(code));
    assert.deepEqual([refused.status, refused.error], [400, 'invalid_grant']);
    assert.equal((await failure(one.getAccessTokenByCode(code))).error, 'invalid_grant');
  }
  const url = `${dev.http_url}/api/v3/get-profile`;
  const answer = await fetch(url, { headers: { authorization: here.access_token } });
  assert.notEqual((await answer.json()).statusCode, 200);
});

test('a token ends with its session, and at its time', async () => {
  const browser = new Browser(dev.http_url);
  const openid = authenticationOf(dev, post, 'client_secret_post');
  const first = await tokensOf(openid, {}, browser);
  const tokens = await tokensOf(plain, {}, browser);
  await browser.open(openid.buildLogoutUrl({ idToken: first.id_token }));
  const dead = await failure(plain.getUserInfoByAccessToken(tokens.access_token));
  assert.equal(dead.status, 401);
  assert.match(dead.headers['www-authenticate'], /^Bearer error="invalid_token"/);
  const other_ = await tokensOf();
  await moveClock(dev, 3601);
  assert.equal((await failure(plain.getUserInfoByAccessToken(other_.access_token))).status, 401);
  assert.deepEqual(await plain.introspectToken(other_.access_token), { active: false });
  await moveClock(dev, 0);
});

test('another application learns nothing and ends nothing', async () => {
  const tokens = await tokensOf();
  const foreign = authenticationOf(dev, post, 'client_secret_post', oauth);
  for (const token of [tokens.access_token, tokens.refresh_token]) {
    assert.deepEqual(await foreign.introspectToken(token), { active: false });
    assert.equal(await foreign.revokeToken(token), true);
  }
  assert.equal((await plain.introspectToken(tokens.access_token)).active, true);
  const refused = await failure(foreign.getNewAccessTokenByRefreshToken(tokens.refresh_token));
  assert.equal(refused.error, 'invalid_grant');
  const wrong = authentication(dev, { ...oauth, appSecret: 'wrong' });
  const answer = await failure(wrong.introspectToken(tokens.access_token));
  assert.deepEqual([answer.status, answer.error], [401, 'invalid_client']);
});

test('attack_12 a handle of another pool shows nothing of this one', async () => {
  const client = authentication(dev, {
    ...oauth, appId: other.application, appSecret: other.secret, redirectUri: other.callback,
    appHost: `${dev.http_url}/p/${other.code}`,
  });
  const answer = await back(client.buildAuthorizeUrl({}).url, new Browser(dev.http_url), bob);
  const tokens = await client.getAccessTokenByCode(answer.get('code'));
  assert.equal((await client.getUserInfoByAccessToken(tokens.access_token)).sub, bob.id);
  assert.equal((await failure(plain.getUserInfoByAccessToken(tokens.access_token))).status, 401);
  assert.deepEqual(await plain.introspectToken(tokens.access_token), { active: false });
});

test('bad requests: a page for the address, the rest is told to the client', async () => {
  const open = async (change) => {
    const url = new URL(plain.buildAuthorizeUrl({}).url);
    for (const [name, value] of Object.entries(change)) {
      if (value === undefined) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    return new Browser(dev.http_url).open(url);
  };
  for (const change of [
    { redirect_uri: 'https://evil.example/' }, { redirect_uri: undefined },
    { client_id: '000000000000000000000000' }, { client_id: undefined },
  ]) {
    const answer = await open(change);
    assert.equal(answer.location, null, JSON.stringify(change));
    assert.ok([400, 401, 404].includes(answer.status), `${answer.status}`);
  }
  for (const [change, error] of [
    [{ response_type: undefined }, 'invalid_request'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ scope: 'a"b' }, 'invalid_scope'],
    [{ prompt: 'none' }, 'login_required'],
  ]) {
    const answer = await open(change);
    assert.equal(answer.location?.searchParams.get('error'), error, JSON.stringify(change));
  }
  assert.equal(mixed.callback, basic.callback);
});

test('client credentials and the password grant at the token endpoint', async () => {
  const keys = { accessKey: dev.app_id, accessSecret: dev.app_secret };
  const own = await plain.getAccessTokenByClientCredentials('read', keys);
  assert.equal(own.token_type, 'Bearer');
  const form = {
    grant_type: 'password', username: carol.email, password: carol.password,
    client_id: dev.app_id, client_secret: dev.app_secret,
  };
  const send = (fields) => fetch(`${dev.http_url}/oauth/token`, {
    method: 'POST', body: new URLSearchParams(fields),
  }).then(async (response) => ({ status: response.status, ...(await response.json()) }));
  const tokens = await send(form);
  assert.match(tokens.access_token, /^[0-9a-f]{40}$/);
  assert.equal((await plain.getUserInfoByAccessToken(tokens.access_token)).sub, carol.id);
  const wrong = await send({ ...form, password: 'wrong' });
  assert.deepEqual([wrong.status, wrong.error], [400, 'invalid_grant']);
  const unknown = await send({ ...form, grant_type: 'implicit' });
  assert.deepEqual([unknown.status, unknown.error], [400, 'unsupported_grant_type']);
});

test('000-03 cas and saml say on a page that they are not offered yet', async () => {
  for (const protocol of ['cas', 'saml']) {
    const client = authentication(dev, { protocol });
    const { url } = client.buildAuthorizeUrl({ service: 'https://rp.example/x' });
    const answer = await new Browser(dev.http_url).open(url);
    assert.equal(answer.status, 501, answer.text);
    assert.equal(answer.location, null);
    assert.match(answer.headers.get('content-type'), /^text\/html/);
    assert.match(answer.text, new RegExp(protocol, 'i'));
  }
  const out = authentication(dev, { protocol: 'cas' }).buildLogoutUrl({});
  assert.equal((await new Browser(dev.http_url).open(out)).status, 501);
});

test('the sign-out of oauth asks first and leads nowhere else', async () => {
  const browser = new Browser(dev.http_url);
  const tokens = await tokensOf(plain, {}, browser);
  // The package throws the address instead of answering it.
  let url;
  try {
    plain.buildLogoutUrl({ redirectUri: 'https://evil.example/' });
  } catch (thrown) {
    url = thrown;
  }
  const page = await browser.open(url);
  assert.equal(page.status, 200);
  assert.ok(!page.text.includes('evil.example'), page.text);
  assert.equal((await plain.introspectToken(tokens.access_token)).active, true);
  const done = await browser.submit(page, { answer: 'sign_out' });
  assert.equal(done.location, null);
  assert.deepEqual(await plain.introspectToken(tokens.access_token), { active: false });
  assert.equal((await browser.open(url)).status, 200, 'once more is no fault');
});
