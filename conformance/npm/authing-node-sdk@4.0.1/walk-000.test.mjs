// The walk of the first seed document, where no other suite has its rows already: 000-03 stands in
// oauth.test.mjs, 000-06 in languages, 000-07 and 000-09 in authorize, 000-10 in profile, 000-11 in
// the browser's suite.
import { strict as assert } from 'node:assert';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { Browser } from '../../lib/browser.mjs';
import { read } from '../../lib/jwt.mjs';
import { basic, carol, mixed, open, post, unchallenged } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import {
  accepted, authentication, authenticationOf, management, refused, sdk,
} from './clients.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

const METHODS = ['client_secret_post', 'client_secret_basic', 'none'];
const failure = async (promise) => {
  const error = await promise.then(() => undefined, (e) => e);
  assert.ok(error?.response, `no HTTP refusal: ${error}`);
  return { status: error.response.status, ...error.response.data };
};

/** Tokens of an application, by its own method. */
async function tokensOf(application, method) {
  const { email, password } = carol;
  const client = authenticationOf(dev, application, method);
  const body = {
    connection: 'PASSWORD',
    passwordPayload: { email, password },
    options: { scope: 'openid profile offline_access' },
    ...(method === 'client_secret_post' && {
      client_id: application.id, client_secret: application.secret,
    }),
  };
  return accepted(await client.signInByCredentials(body));
}

test('000-01 a client is made without any request', () => {
  const made = new sdk.AuthenticationClient({
    appId: dev.app_id, appSecret: dev.app_secret, appHost: 'http://127.0.0.1:9',
  });
  assert.equal(typeof made.buildAuthorizeUrl({}).url, 'string');
  assert.throws(() => new sdk.AuthenticationClient({ appId: dev.app_id, appHost: dev.app_host }));
});

test('000-02 the default scope is openid profile; a refresh token is asked for', async () => {
  const { appId, appSecret, appHost, redirectUri } = authentication(dev).options;
  const client = new sdk.AuthenticationClient({ appId, appSecret, appHost, redirectUri });
  const sign = async (options) => {
    const answer = await new Browser(dev.http_url)
      .authorize(client.buildAuthorizeUrl(options).url, carol);
    return client.getAccessTokenByCode(answer.location.searchParams.get('code'));
  };
  const first = await sign({});
  assert.equal(first.refresh_token, undefined);
  assert.equal(read(first.access_token).claims.scope, 'openid profile');
  const offline = await sign({ scope: 'openid profile offline_access' });
  assert.equal(typeof offline.refresh_token, 'string');
  assert.equal(read(offline.access_token).claims.scope, 'openid profile offline_access');
});

/** What an application's endpoint says to each method: accepted for its own, else 401. */
async function matrix([application, own, method], call) {
  for (const tried of METHODS) {
    const client = authenticationOf(dev, { secret: 'none', ...application }, tried);
    const tokens = await tokensOf(application, own);
    if (tried === method) {
      await call(client, tokens);
    } else {
      const answer = await failure(call(client, tokens));
      assert.deepEqual([answer.status, answer.error], [401, 'invalid_client'], tried);
    }
  }
}

const CASES = [
  [post, 'client_secret_post', 'client_secret_post'],
  [basic, 'client_secret_basic', 'client_secret_basic'],
  [unchallenged, 'none', 'none'],
];

test('000-04 tokenEndPointAuthMethod', async () => {
  for (const entry of [...CASES, [mixed, 'client_secret_basic', 'client_secret_basic']]) {
    await matrix(entry, async (client, tokens) => {
      const next = await client.getNewAccessTokenByRefreshToken(tokens.refresh_token);
      assert.equal(next.token_type, 'Bearer');
    });
  }
});

test('000-04 introspectionEndPointAuthMethod', async () => {
  for (const entry of [...CASES, [mixed, 'client_secret_basic', 'client_secret_post']]) {
    await matrix(entry, async (client, tokens) => {
      assert.equal((await client.introspectToken(tokens.access_token)).active, true);
    });
  }
});

test('000-04 revocationEndPointAuthMethod', async () => {
  for (const entry of [...CASES, [mixed, 'client_secret_basic', 'none']]) {
    await matrix(entry, async (client, tokens) => {
      assert.equal(await client.revokeToken(tokens.access_token), true);
      const dead = await failure(client.getUserInfoByAccessToken(tokens.access_token));
      assert.equal(dead.status, 401);
    });
  }
});

test('000-04 methods that differ by endpoint, in one client', async () => {
  const client = authenticationOf(dev, mixed, 'client_secret_basic', {
    introspectionEndPointAuthMethod: 'client_secret_post',
    revocationEndPointAuthMethod: 'none',
  });
  const tokens = await tokensOf(mixed, 'client_secret_basic');
  const next = await client.getNewAccessTokenByRefreshToken(tokens.refresh_token);
  assert.equal((await client.introspectToken(next.access_token)).active, true);
  assert.equal(await client.revokeToken(next.access_token), true);
});

test('000-04 a wrong secret is refused and uses nothing up', async () => {
  const tokens = await tokensOf(post, 'client_secret_post');
  const wrong = authenticationOf(dev, { ...post, secret: 'wrong' }, 'client_secret_post');
  const answer = await failure(wrong.getNewAccessTokenByRefreshToken(tokens.refresh_token));
  assert.deepEqual([answer.status, answer.error], [401, 'invalid_client']);
  const right = authenticationOf(dev, post, 'client_secret_post');
  const next = await right.getNewAccessTokenByRefreshToken(tokens.refresh_token);
  assert.equal(next.token_type, 'Bearer');
});

test('000-05 a stalled server: the call ends after the time given', async () => {
  const stalled = createServer(() => {});
  await new Promise((done) => stalled.listen(0, '127.0.0.1', done));
  const host = `http://127.0.0.1:${stalled.address().port}`;
  const client = authentication(dev, { appHost: host, timeout: 200 });
  const error = await client.getSystemInfo().then(() => undefined, (e) => e);
  assert.match(`${error?.code} ${error?.message}`, /ECONNABORTED|ETIMEDOUT|timeout/);
  stalled.close();
});

test('000-08 an unregistered return address of the sign-out gets a page', async () => {
  const client = authenticationOf(dev, post, 'client_secret_post');
  const tokens = await tokensOf(post, 'client_secret_post');
  for (const redirectUri of ['https://evil.example/', `${post.signedOut}/`, post.callback]) {
    const url = client.buildLogoutUrl({ redirectUri, idToken: tokens.id_token });
    const answer = await new Browser(dev.http_url).open(url);
    assert.equal(answer.status, 400, redirectUri);
    assert.equal(answer.location, null, redirectUri);
  }
});

test('logoutWithRedirect ends the session and comes back', async () => {
  const client = authenticationOf(dev, post, 'client_secret_post');
  const browser = new Browser(dev.http_url);
  const start = await browser.authorize(client.buildAuthorizeUrl({}).url, carol);
  const tokens = await client.getAccessTokenByCode(start.location.searchParams.get('code'));
  const sent = {};
  const response = {
    setHeader: (name, value) => ((sent[name.toLowerCase()] = value), response),
    writeHead: (status) => ((sent.status = status), response),
  };
  const options = { redirectUri: post.signedOut, idToken: tokens.id_token };
  await client.logoutWithRedirect(response, options);
  assert.equal(sent.status, 302);
  const answer = await browser.open(sent.location);
  assert.equal(answer.location.origin + answer.location.pathname, post.signedOut);
  assert.equal((await failure(client.getUserInfoByAccessToken(tokens.access_token))).status, 401);
});

test('buildLogoutUrl without a hint asks first; buildLogoutUrl of other protocols', async () => {
  const client = authentication(dev);
  const browser = new Browser(dev.http_url);
  await browser.authorize(client.buildAuthorizeUrl({}).url, carol);
  const page = await browser.open(client.buildLogoutUrl({}));
  assert.equal(page.status, 200);
  assert.match(page.text, /<form\b/);
  assert.equal((await browser.authorize(client.buildAuthorizeUrl({}).url)).status, 303);
});

test('handleRedirectCallback refuses what did not come from its own redirect', async () => {
  const client = authentication(dev);
  const sent = {};
  const response = {
    setHeader: (name, value) => (sent[name.toLowerCase()] = value),
    writeHead: () => response,
    end: () => response,
  };
  await client.loginWithRedirect(response, {});
  const cookie = sent['set-cookie'].split(';')[0];
  const call = (query, headers) =>
    client.handleRedirectCallback({ url: `/callback?${query}`, headers }, response);
  await assert.rejects(call('error=access_denied', { cookie }), /access_denied/);
  await assert.rejects(call('state=x', { cookie }));
  await assert.rejects(call('code=x&state=forged', { cookie }), /state/);
  await assert.rejects(call('code=x&state=x', {}));
  const { state } = JSON.parse(Buffer.from(cookie.split('=')[1], 'base64url'));
  assert.equal((await failure(call(`code=unknown&state=${state}`, { cookie }))).error,
    'invalid_grant');
});

test('generateCodeChallenge and its digest pass a public application', async () => {
  const client = authenticationOf(dev, open, 'none');
  const verifier = client.generateCodeChallenge();
  assert.match(verifier, /^[A-Za-z0-9]{43}$/);
  const challenge = client.getCodeChallengeDigest({ codeChallenge: verifier, method: 'S256' });
  const begin = async () => {
    const url = new URL(client.buildAuthorizeUrl({}).url);
    // The package drops its own options of PKCE, so they are added by hand.
    url.searchParams.set('code_challenge', challenge);
    url.searchParams.set('code_challenge_method', 'S256');
    const answer = await new Browser(dev.http_url).authorize(url, carol);
    return answer.location.searchParams.get('code');
  };
  const tokens = await client.getAccessTokenByCode(await begin(), { codeVerifier: verifier });
  assert.equal((await client.parseIDToken(tokens.id_token)).sub, carol.id);
  const other = { codeVerifier: client.generateCodeChallenge() };
  const refusal = await failure(client.getAccessTokenByCode(await begin(), other));
  assert.equal(refusal.error, 'invalid_grant');
});

test('tokens parse against keys that were fetched before', async () => {
  const client = authentication(dev);
  const answer = await new Browser(dev.http_url)
    .authorize(client.buildAuthorizeUrl({}).url, carol);
  const tokens = await client.getAccessTokenByCode(answer.location.searchParams.get('code'));
  const serverJWKS = await (await fetch(`${dev.app_host}/oidc/.well-known/jwks.json`)).json();
  const far = authentication(dev, { appHost: 'http://127.0.0.1:9' });
  assert.equal((await far.parseIDToken(tokens.id_token, { serverJWKS })).sub, carol.id);
  assert.equal((await far.parseAccessToken(tokens.access_token, { serverJWKS })).sub, carol.id);
});

test('000-12 a pool and an access key sign; a wrong secret is 401 in the envelope', async () => {
  for (const keys of [
    { accessKeyId: dev.user_pool_id, accessKeySecret: dev.user_pool_secret },
    { accessKeyId: dev.access_key_id, accessKeySecret: dev.access_key_secret },
  ]) {
    assert.ok(accepted(await management(dev, keys).listUsers({})).totalCount > 0);
    refused(await management(dev, { ...keys, accessKeySecret: 'wrong' }).listUsers({}), 401, 1300);
  }
});

test('000-13 the list of users as the document asks for it', async () => {
  const { data } = await management(dev)
    .listUsers({ options: { pagination: { page: 1, limit: 10 } } });
  assert.ok(data.totalCount >= data.list.length && data.list.length > 0);
  assert.ok(data.list.every(({ userId }) => /^[0-9a-f]{24}$/.test(userId)));
});

test('000-14 the role of the document, twice', async () => {
  const client = management(dev);
  const role = { code: 'admin', description: 'Administrator' };
  const made = accepted(await client.createRole(role));
  assert.deepEqual([made.code, made.description, made.namespace],
    ['admin', 'Administrator', 'default']);
  const again = await client.createRole(role);
  refused(again, 409);
  assert.match(again.message, /admin/);
});

test('000-15 business errors are answers, with a number that is in the log', async () => {
  const keys = management(dev);
  const client = authentication(dev);
  const wrong = await client.signInByEmailPassword({
    email: carol.email, password: 'wrong', options: { scope: 'openid' },
  });
  refused(wrong, 403, 2006);
  const missing = await client.signInByCredentials({ connection: 'PASSWORD' });
  refused(missing, 400);
  const unknown = await keys.getUser({ userId: '000000000000000000000000' });
  refused(unknown, 404, 2004);
  const ids = [wrong, missing, unknown].map(({ requestId }) => requestId);
  assert.equal(new Set(ids).size, 3);
  for (const id of ids) assert.ok(server.output().includes(id), `${id} is not in the log`);
});

test('000-16 the host with and without a slash at its end', async () => {
  for (const end of ['', '/']) {
    const keys = management(dev, { host: `${dev.http_url}${end}` });
    const user = accepted(await keys.getUser({ userId: carol.id }));
    assert.equal(user.userId, carol.id);
    assert.ok(accepted(await keys.listUsers({})).totalCount > 0);
    const client = authentication(dev, { appHost: `${dev.app_host}${end}` });
    const answer = await new Browser(dev.http_url)
      .authorize(client.buildAuthorizeUrl({}).url, carol);
    const tokens = await client.getAccessTokenByCode(answer.location.searchParams.get('code'));
    assert.equal((await client.parseIDToken(tokens.id_token)).sub, carol.id);
  }
});
