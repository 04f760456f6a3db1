// Sign-out: modules of the plan RpInitiatedLogout, by their names (attacks, row 19).
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { withClaims } from '../../lib/jwt.mjs';
import { post } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import { discovered, form, oidc, request, tokensOf } from './relying.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

/** Whether the browser still has a session. */
async function isSignedIn(config, browser) {
  const { url } = await request(config, post, { prompt: 'none' });
  const answer = await browser.open(url);
  return answer.location.searchParams.get('error') !== 'login_required';
}

/** Opens the end of a session with these parameters, after a sign-in. */
async function end(parameters, { headers } = {}) {
  const flow = await tokensOf(dev, post);
  const url = new URL(flow.config.serverMetadata().end_session_endpoint);
  const all = parameters(flow.tokens);
  Object.entries(all).forEach(([name, value]) => url.searchParams.set(name, value));
  return { ...flow, answer: await flow.browser.open(url, { headers }) };
}

/** A page that asks first: the session lives until the button is pressed. */
async function asksFirst({ config, browser, answer }) {
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.location, null);
  assert.equal(await isSignedIn(config, browser), true);
  const done = await browser.submit(answer, { answer: 'sign_out' });
  assert.ok(done.status < 400, done.text);
  assert.equal(await isSignedIn(config, browser), false);
  return done;
}

const registered = { post_logout_redirect_uri: post.signedOut };

test('oidcc-rp-initiated-logout', async () => {
  const flow = await end((tokens) => ({
    ...registered, id_token_hint: tokens.id_token, state: 'one',
  }));
  assert.equal(flow.answer.status, 303);
  assert.equal(flow.answer.location.href, `${post.signedOut}?state=one`);
  assert.equal(await isSignedIn(flow.config, flow.browser), false);
  const dead = await form(dev, '/oidc/me', { access_token: flow.tokens.access_token });
  assert.equal(dead.status, 401);
});

test('oidcc-rp-initiated-logout-no-state', async () => {
  const { answer } = await end((tokens) => ({ ...registered, id_token_hint: tokens.id_token }));
  assert.equal(answer.location.href, post.signedOut);
});

test('oidcc-rp-initiated-logout-no-post-logout-redirect-uri', async () => {
  const flow = await end((tokens) => ({ id_token_hint: tokens.id_token, state: 'x' }));
  assert.equal(flow.answer.location, null);
  assert.equal(await isSignedIn(flow.config, flow.browser), false);
});

test('oidcc-rp-initiated-logout-no-params', async () => asksFirst(await end(() => ({}))));

test('oidcc-rp-initiated-logout-only-state', async () => {
  await asksFirst(await end(() => ({ state: 'x' })));
});

test('oidcc-rp-initiated-logout-no-id-token-hint', async () => {
  await asksFirst(await end(() => registered));
});

test('oidcc-rp-initiated-logout-bad-id-token-hint', async () => {
  await asksFirst(await end(() => ({ ...registered, id_token_hint: 'x.y.z' })));
});

test('oidcc-rp-initiated-logout-modified-id-token-hint', async () => {
  await asksFirst(await end((tokens) => ({
    ...registered, id_token_hint: withClaims(tokens.id_token, { sub: 'somebody' }),
  })));
});

for (const [name, uri] of [
  ['oidcc-rp-initiated-logout-bad-post-logout-redirect-uri', 'https://evil.example/'],
  ['oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri', `${post.signedOut}?a=b`],
]) {
  test(name, async () => {
    const { answer } = await end((tokens) => ({
      post_logout_redirect_uri: uri, id_token_hint: tokens.id_token,
    }));
    assert.equal(answer.location, null);
    assert.ok(!answer.text.includes(`href="${uri}`), answer.text);
  });
}

test('attack_19 a GET from another site without a hint asks first', async () => {
  const headers = { 'sec-fetch-site': 'cross-site', referer: 'https://evil.example/' };
  await asksFirst(await end(() => ({}), { headers }));
});

test('attack_19 the button of the page cannot be pressed from another site', async () => {
  const flow = await end(() => ({}));
  const form_ = /<form\b[^>]*method="?post[^>]*action="?([^"\s>]*)/i.exec(flow.answer.text);
  const target = new URL(form_?.[1] ?? flow.answer.url, flow.answer.url);
  const answer = await flow.browser.send(target, {
    method: 'POST',
    form: { answer: 'sign_out' },
    headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  });
  assert.ok(answer.status >= 400, `${answer.status}`);
  assert.equal(await isSignedIn(flow.config, flow.browser), true);
});

test('an access token is no hint', async () => {
  await asksFirst(await end((tokens) => ({
    ...registered, id_token_hint: tokens.access_token,
  })));
});

test('sign-out without any session is no fault', async () => {
  const config = await discovered(dev, post);
  const { browserOf } = await import('./relying.mjs');
  const answer = await browserOf(dev).open(oidc.buildEndSessionUrl(config));
  assert.ok(answer.status < 400, answer.text);
});
