// The code flow as an application with the package drives it, with a browser of few lines.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { Browser } from '../../lib/browser.mjs';
import { basic, carol, open, post } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import { authentication, authenticationOf } from './clients.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

/** Signs carol in at this URL and returns the parameters that the application gets. */
async function callback(url, expected) {
  const answer = await new Browser(dev.http_url).authorize(url, carol);
  assert.equal(answer.status, 303, answer.text);
  assert.equal(answer.location.origin + answer.location.pathname, expected);
  return answer.location.searchParams;
}

const failure = async (promise) => {
  const error = await promise.then(() => undefined, (e) => e);
  assert.ok(error?.response, `no HTTP refusal: ${error}`);
  return error.response.data;
};

test('a code flow with each client authentication method', async () => {
  const cases = [
    [authentication(dev), dev.redirect_uri],
    [authenticationOf(dev, basic, 'client_secret_basic'), basic.callback],
    [authenticationOf(dev, post, 'client_secret_post'), post.callback],
  ];
  for (const [client, redirect] of cases) {
    const { url, state, nonce } = client.buildAuthorizeUrl({ scope: 'openid profile email' });
    const back = await callback(url, redirect);
    assert.equal(back.get('state'), state);
    assert.equal(back.get('iss'), `${dev.app_host}/oidc`);
    const tokens = await client.getAccessTokenByCode(back.get('code'));
    assert.equal(tokens.token_type, 'Bearer');
    const claims = await client.parseIDToken(tokens.id_token);
    assert.equal(claims.sub, carol.id);
    assert.equal(claims.nonce, nonce);
    assert.equal((await client.getUserInfoByAccessToken(tokens.access_token)).sub, carol.id);
  }
});

test('a public application needs a challenge, which this package cannot send', async () => {
  const client = authenticationOf(dev, open, 'none');
  const { url } = client.buildAuthorizeUrl({});
  const answer = await new Browser(dev.http_url).authorize(url, carol);
  const error = answer.location?.searchParams.get('error');
  assert.equal(error, 'invalid_request', answer.text);
});

test('offline_access gives a refresh token by code as well', async () => {
  const client = authentication(dev);
  const { url } = client.buildAuthorizeUrl({ scope: 'openid offline_access' });
  assert.equal(new URL(url).searchParams.get('prompt'), 'consent');
  const back = await callback(url, dev.redirect_uri);
  const tokens = await client.getAccessTokenByCode(back.get('code'));
  assert.equal(typeof tokens.refresh_token, 'string');
});

test('a code works once; the second try kills the tokens of the first', async () => {
  const client = authentication(dev);
  const back = await callback(client.buildAuthorizeUrl({}).url, dev.redirect_uri);
  const tokens = await client.getAccessTokenByCode(back.get('code'));
  const again = await failure(client.getAccessTokenByCode(back.get('code')));
  assert.equal(again.error, 'invalid_grant');
  assert.deepEqual(await client.introspectToken(tokens.access_token), { active: false });
});

test('a code of another application is refused', async () => {
  const client = authentication(dev);
  const back = await callback(client.buildAuthorizeUrl({}).url, dev.redirect_uri);
  const foreign = authenticationOf(dev, post, 'client_secret_post');
  const answer = await failure(foreign.getAccessTokenByCode(back.get('code')));
  assert.equal(answer.error, 'invalid_grant');
});

test('loginWithRedirect and handleRedirectCallback', async () => {
  const client = authentication(dev);
  const sent = {};
  const response = {
    setHeader: (name, value) => (sent[name.toLowerCase()] = value),
    writeHead: (status) => ((sent.status = status), response),
    end: () => response,
  };
  await client.loginWithRedirect(response, {});
  assert.equal(sent.status, 302);
  const back = await callback(sent.location, dev.redirect_uri);
  const cookie = sent['set-cookie'].split(';')[0];
  const request = { url: `/dev/callback?${back}`, headers: { cookie } };
  const tokens = await client.handleRedirectCallback(request, response);
  assert.equal((await client.parseIDToken(tokens.id_token)).sub, carol.id);
  assert.match(sent['set-cookie'], /Max-Age=0/);
});

test('a browser with a session is asked nothing, unless the application forces it', async () => {
  const client = authentication(dev);
  const browser = new Browser(dev.http_url);
  await browser.authorize(client.buildAuthorizeUrl({}).url, carol);
  const silent = await browser.authorize(client.buildAuthorizeUrl({}).url);
  assert.match(silent.location?.searchParams.get('code') ?? '', /\S/);
  const forced = await browser.authorize(client.buildAuthorizeUrl({ forced: true }).url);
  assert.equal(forced.status, 200);
  assert.match(forced.text, /name="?password/);
});

test('an unregistered redirect address gets an error page and no redirect', async () => {
  const client = authentication(dev);
  const { url } = client.buildAuthorizeUrl({ redirectUri: 'https://evil.example/callback' });
  const answer = await new Browser(dev.http_url).authorize(url, carol);
  assert.equal(answer.location, null);
  assert.equal(answer.status, 400);
  assert.ok(!answer.text.includes('href="https://evil.example'));
});

test('buildLogoutUrl with the ID token ends the session and comes back', async () => {
  const client = authenticationOf(dev, post, 'client_secret_post');
  const browser = new Browser(dev.http_url);
  const start = await browser.authorize(client.buildAuthorizeUrl({}).url, carol);
  const tokens = await client.getAccessTokenByCode(start.location.searchParams.get('code'));
  const out = client.buildLogoutUrl({
    redirectUri: post.signedOut, state: 'bye', idToken: tokens.id_token,
  });
  const answer = await browser.open(out);
  assert.equal(answer.location?.href, `${post.signedOut}?state=bye`);
  assert.deepEqual(await client.introspectToken(tokens.access_token), { active: false });
  const asked = await browser.authorize(client.buildAuthorizeUrl({}).url);
  assert.equal(asked.status, 200);
});
