// The code flow: modules of the plan Basic, by their names.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { read } from '../../lib/jwt.mjs';
import { basic, carol, dave, hmac, open, post } from '../../lib/seeded.mjs';
import { moveClock, startServer } from '../../lib/server.mjs';
import {
  browserOf, discovered, errorOf, form, oidc, posted, request, signedIn, token, tokensOf,
} from './relying.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

const KINDS = [[basic, 'RS256'], [post, 'ES256'], [open, 'EdDSA'], [hmac, 'HS256']];
const me = (config, tokens) => oidc.fetchUserInfo(config, tokens.access_token, carol.id);

/** Parameters with which the browser is led back, without any page shown. */
async function silently(browser, url) {
  const answer = await browser.open(url);
  assert.equal(answer.status, 303, answer.text);
  return answer.location.searchParams;
}

test('oidcc-server', async () => {
  for (const [application, algorithm] of KINDS) {
    const { config, tokens } = await tokensOf(dev, application);
    const claims = tokens.claims();
    assert.equal(read(tokens.id_token).header.alg, algorithm);
    assert.equal(claims.iss, config.serverMetadata().issuer);
    assert.equal(claims.sub, carol.id);
    assert.equal(claims.aud, application.id);
    assert.equal((await me(config, tokens)).sub, carol.id);
  }
});

test('oidcc-server-client-secret-post', async () => {
  const { tokens } = await tokensOf(dev, post);
  assert.equal(tokens.token_type, 'bearer');
});

test('oidcc-idtoken-signature', async () => {
  for (const [application] of KINDS.slice(0, 3)) {
    const { tokens } = await tokensOf(dev, application);
    const { header } = read(tokens.id_token);
    const keys = await (await fetch(`${dev.app_host}/oidc/.well-known/jwks.json`)).json();
    const key = keys.keys.find(({ kid }) => kid === header.kid);
    assert.equal(key.alg, header.alg);
  }
});

test('oidcc-response-type-missing', async () => {
  const config = await discovered(dev, basic);
  const { url } = await request(config, basic, { response_type: '' });
  const back = await silently(browserOf(dev), url);
  assert.equal(back.get('error'), 'invalid_request');
});

test('an unsupported response type', async () => {
  const config = await discovered(dev, basic);
  const { url } = await request(config, basic, { response_type: 'token' });
  const answer = await browserOf(dev).open(url);
  const where = new URLSearchParams(answer.location.hash.slice(1) || answer.location.search);
  assert.equal(where.get('error'), 'unsupported_response_type');
});

test('oidcc-userinfo-get', async () => {
  const { config, tokens } = await tokensOf(dev, basic);
  assert.equal((await me(config, tokens)).email, carol.email);
});

test('oidcc-userinfo-post-header', async () => {
  const { tokens } = await tokensOf(dev, basic);
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  assert.equal((await form(dev, '/oidc/me', {}, { headers })).sub, carol.id);
});

test('oidcc-userinfo-post-body', async () => {
  const { tokens } = await tokensOf(dev, basic);
  const info = await form(dev, '/oidc/me', { access_token: tokens.access_token });
  assert.equal(info.sub, carol.id);
});

test('userinfo without a token, and with a bad one, says so in WWW-Authenticate', async () => {
  for (const headers of [{}, { authorization: 'Bearer x' }]) {
    const answer = await form(dev, '/oidc/me', {}, { headers });
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get('www-authenticate'), /^Bearer/);
  }
});

test('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', async () => {
  const config = await discovered(dev, basic);
  const { url, checks } = await request(config, basic, { nonce: '' });
  const back = await signedIn(browserOf(dev), url);
  const plain = { ...checks, expectedNonce: undefined };
  const tokens = await oidc.authorizationCodeGrant(config, back, plain);
  assert.equal(tokens.claims().nonce, undefined);
});

for (const [scope, claim] of [['profile', 'name'], ['email', 'email'], ['phone', 'phone_number']]) {
  test(`oidcc-scope-${scope}`, async () => {
    const { config, tokens } = await tokensOf(dev, basic, { scope: `openid ${scope}` });
    assert.ok((await me(config, tokens))[claim], claim);
  });
}

test('a claim whose scope was not asked for is not told', async () => {
  const { config, tokens } = await tokensOf(dev, basic, { scope: 'openid' });
  const info = await me(config, tokens);
  for (const claim of ['email', 'phone_number', 'name']) assert.equal(info[claim], undefined);
  assert.equal(tokens.claims().email, undefined);
});

test('oidcc-scope-address', async () => {
  const { tokens } = await tokensOf(dev, basic, { scope: 'openid address' });
  assert.equal(tokens.claims().sub, carol.id);
});

test('oidcc-scope-all', async () => {
  const scope = 'openid profile email phone address';
  const { config, tokens } = await tokensOf(dev, basic, { scope });
  const info = await me(config, tokens);
  assert.equal(info.email, carol.email);
  assert.equal(info.email_verified, true);
  assert.equal(info.phone_number_verified, true);
});

test('oidcc-ensure-other-scope-order and an unknown scope', async () => {
  const { tokens } = await tokensOf(dev, basic, { scope: 'email openid' });
  assert.equal(tokens.claims().sub, carol.id);
});

for (const display of ['page', 'popup']) {
  test(`oidcc-display-${display}`, async () => {
    const { tokens } = await tokensOf(dev, basic, { display });
    assert.equal(tokens.claims().sub, carol.id);
  });
}

test('oidcc-prompt-login', async () => {
  const { config, browser, tokens } = await tokensOf(dev, basic);
  await moveClock(dev, 5);
  const { url, checks } = await request(config, basic, { prompt: 'login' });
  const page = await browser.open(url);
  assert.equal(page.status, 200);
  const back = (await browser.submit(page, {
    identifier: carol.email, password: carol.password,
  })).location;
  const again = await oidc.authorizationCodeGrant(config, back, checks);
  assert.ok(again.claims().auth_time > tokens.claims().auth_time);
  await moveClock(dev, 0);
});

test('oidcc-prompt-none-not-logged-in', async () => {
  const config = await discovered(dev, basic);
  const { url, checks } = await request(config, basic, { prompt: 'none' });
  const back = await silently(browserOf(dev), url);
  assert.equal(back.get('error'), 'login_required');
  assert.equal(back.get('state'), checks.expectedState);
});

test('oidcc-prompt-none-logged-in', async () => {
  const { config, browser, tokens } = await tokensOf(dev, basic);
  const { url, checks } = await request(config, basic, { prompt: 'none' });
  const answer = await browser.open(url);
  const again = await oidc.authorizationCodeGrant(config, answer.location, checks);
  assert.equal(again.claims().sub, tokens.claims().sub);
  assert.equal(again.claims().auth_time, tokens.claims().auth_time);
});

test('prompt=none beside another prompt is refused', async () => {
  const config = await discovered(dev, basic);
  const { url } = await request(config, basic, { prompt: 'none login' });
  assert.equal((await silently(browserOf(dev), url)).get('error'), 'invalid_request');
});

test('oidcc-max-age-1', async () => {
  const { config, browser, tokens } = await tokensOf(dev, basic);
  await moveClock(dev, 5);
  const { url, checks } = await request(config, basic, { max_age: '1' });
  const back = await signedIn(browser, url);
  const again = await oidc.authorizationCodeGrant(config, back, checks);
  assert.ok(again.claims().auth_time > tokens.claims().auth_time);
  const silent = await request(config, basic, { max_age: '1', prompt: 'none' });
  await moveClock(dev, 15);
  assert.equal((await silently(browser, silent.url)).get('error'), 'login_required');
  await moveClock(dev, 0);
});

test('oidcc-max-age-10000', async () => {
  const { config, browser, tokens } = await tokensOf(dev, basic);
  const { url, checks } = await request(config, basic, { max_age: '10000' });
  const answer = await browser.open(url);
  const again = await oidc.authorizationCodeGrant(config, answer.location, checks);
  assert.equal(again.claims().auth_time, tokens.claims().auth_time);
});

test('oidcc-id-token-hint', async () => {
  const { config, browser, tokens } = await tokensOf(dev, basic);
  const parameters = { prompt: 'none', id_token_hint: tokens.id_token };
  const { url, checks } = await request(config, basic, parameters);
  const answer = await browser.open(url);
  const again = await oidc.authorizationCodeGrant(config, answer.location, checks);
  assert.equal(again.claims().sub, carol.id);
});

test('a hint of somebody else is not answered with this session', async () => {
  const { config, tokens } = await tokensOf(dev, basic);
  const browser = browserOf(dev);
  const first = await request(config, basic);
  await signedIn(browser, first.url, dave);
  const parameters = { prompt: 'none', id_token_hint: tokens.id_token };
  const { url } = await request(config, basic, parameters);
  assert.equal((await silently(browser, url)).get('error'), 'login_required');
});

test('oidcc-login-hint', async () => {
  const config = await discovered(dev, basic);
  const { url } = await request(config, basic, { login_hint: carol.email });
  const page = await browserOf(dev).open(url);
  assert.ok(page.text.includes(carol.email), page.text);
});

test('oidcc-ui-locales', async () => {
  const config = await discovered(dev, basic);
  for (const [locale, mark] of [['ja-JP', 'lang="ja'], ['zh-CN', 'lang="zh'], ['en', 'lang="en']]) {
    const { url } = await request(config, basic, { ui_locales: locale });
    const page = await browserOf(dev).open(url);
    assert.ok(page.text.includes(`<html ${mark}`), `${locale}: ${page.text.slice(0, 300)}`);
  }
});

for (const [name, parameters] of Object.entries({
  'oidcc-claims-locales': { claims_locales: 'se' },
  'oidcc-ensure-request-with-acr-values-succeeds': { acr_values: '1 2' },
  'oidcc-ensure-request-with-unknown-parameter-succeeds': { extra: 'foobar' },
  'oidcc-ensure-request-with-valid-pkce-succeeds': {},
})) {
  test(name, async () => {
    const { tokens } = await tokensOf(dev, basic, parameters);
    assert.equal(tokens.claims().sub, carol.id);
  });
}

test('oidcc-claims-essential', async () => {
  const claims = JSON.stringify({ userinfo: { name: { essential: true } } });
  const { config, tokens } = await tokensOf(dev, basic, { claims, scope: 'openid profile' });
  assert.ok((await me(config, tokens)).name);
});

test('oidcc-ensure-post-request-succeeds', async () => {
  const config = await discovered(dev, basic);
  const { url, checks } = await request(config, basic);
  const browser = browserOf(dev);
  const page = await browser.open(url.origin + url.pathname, {
    method: 'POST',
    form: Object.fromEntries(url.searchParams),
    headers: { origin: 'https://rp.example' },
  });
  const person = { identifier: carol.email, password: carol.password };
  const back = (await browser.submit(page, person)).location;
  const tokens = await oidc.authorizationCodeGrant(config, back, checks);
  assert.equal(tokens.claims().sub, carol.id);
});

test('oidcc-ensure-registered-redirect-uri', async () => {
  const config = await discovered(dev, basic);
  const { url } = await request(config, basic, { redirect_uri: `${basic.callback}/evil` });
  const page = await browserOf(dev).open(url);
  assert.equal(page.status, 400);
  assert.equal(page.location, null);
});

for (const name of [
  'oidcc-ensure-request-object-with-redirect-uri',
  'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported',
]) {
  test(name, async () => {
    const config = await discovered(dev, basic);
    const { url } = await request(config, basic, { request: 'e30.e30.' });
    assert.equal((await silently(browserOf(dev), url)).get('error'), 'request_not_supported');
  });
}

test('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported', async () => {
  const config = await discovered(dev, basic);
  const { url } = await request(config, basic, { request_uri: 'https://rp.example/request' });
  const back = await silently(browserOf(dev), url);
  assert.equal(back.get('error'), 'request_uri_not_supported');
});

test('oidcc-idtoken-unsigned', async () => {
  const { tokens } = await tokensOf(dev, basic);
  assert.ok(tokens.id_token.split('.')[2].length > 0);
});

test('oidcc-alternate-happy-flow', async () => {
  const config = await discovered(dev, basic);
  const { url } = await request(config, basic, { response_mode: 'form_post' });
  const browser = browserOf(dev);
  const sent = await posted(browser, url);
  assert.equal(sent.action, basic.callback);
  assert.match(sent.fields.code, /\S/);
  assert.equal(sent.fields.state, url.searchParams.get('state'));
  assert.equal(sent.fields.iss, config.serverMetadata().issuer);
});

test('a form_post answer is good for tokens', async () => {
  const config = await discovered(dev, basic);
  const { url, checks } = await request(config, basic, { response_mode: 'form_post' });
  const { action, fields } = await posted(browserOf(dev), url);
  const back = new Request(action, { method: 'POST', body: new URLSearchParams(fields) });
  const tokens = await oidc.authorizationCodeGrant(config, back, checks);
  assert.equal(tokens.claims().sub, carol.id);
});

test('oidcc-codereuse', async () => {
  const { config, back, checks } = await tokensOf(dev, basic);
  assert.equal(await errorOf(oidc.authorizationCodeGrant(config, back, checks)), 'invalid_grant');
});

test('oidcc-codereuse-30seconds, attack_01', async () => {
  const { config, back, checks, tokens } = await tokensOf(dev, basic);
  await me(config, tokens);
  await moveClock(dev, 30);
  assert.equal(await errorOf(oidc.authorizationCodeGrant(config, back, checks)), 'invalid_grant');
  const dead = await form(dev, '/oidc/me', { access_token: tokens.access_token });
  assert.equal(dead.status, 401);
  await moveClock(dev, 0);
});

test('a code is over after its time', async () => {
  const config = await discovered(dev, basic);
  const { url, checks } = await request(config, basic);
  const back = await signedIn(browserOf(dev), url);
  await moveClock(dev, 3600);
  assert.equal(await errorOf(oidc.authorizationCodeGrant(config, back, checks)), 'invalid_grant');
  await moveClock(dev, 0);
});

test('the loopback port is free, nothing else of a loopback address', async () => {
  const config = await discovered(dev, basic);
  const redirect = basic.loopback.replace('127.0.0.1', '127.0.0.1:49152');
  const { url, checks } = await request(config, basic, { redirect_uri: redirect });
  const back = await signedIn(browserOf(dev), url);
  assert.equal(back.origin + back.pathname, redirect);
  const tokens = await oidc.authorizationCodeGrant(config, back, checks);
  assert.equal(tokens.claims().sub, carol.id);
  const other = await request(config, basic, { redirect_uri: `${redirect}/x` });
  assert.equal((await browserOf(dev).open(other.url)).status, 400);
});

test('the password grant, where the application allows it', async () => {
  const fields = { grant_type: 'password', username: carol.email, password: carol.password };
  const { machine } = await import('../../lib/seeded.mjs');
  const allowed = await token(dev, machine, { ...fields, scope: 'openid' });
  assert.equal(allowed.status, 200, JSON.stringify(allowed));
  assert.equal(read(allowed.access_token).claims.sub, carol.id);
  const wrong = await token(dev, machine, { ...fields, password: 'wrong', scope: 'openid' });
  assert.deepEqual([wrong.status, wrong.error], [400, 'invalid_grant']);
  const refused = await token(dev, post, { ...fields, scope: 'openid' });
  assert.deepEqual([refused.status, refused.error], [400, 'unauthorized_client']);
});

test('token answers may not be stored', async () => {
  const config = await discovered(dev, post);
  const { url, checks } = await request(config, post);
  const back = await signedIn(browserOf(dev), url);
  const answer = await token(dev, post, {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code'),
    redirect_uri: post.callback,
    code_verifier: checks.pkceCodeVerifier,
  });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('cache-control'), /no-store/);
});

test('the unknown grant type, and none', async () => {
  const unknown = await token(dev, post, { grant_type: 'telepathy' });
  assert.deepEqual([unknown.status, unknown.error], [400, 'unsupported_grant_type']);
  const none = await token(dev, post, {});
  assert.deepEqual([none.status, none.error], [400, 'invalid_request']);
});
