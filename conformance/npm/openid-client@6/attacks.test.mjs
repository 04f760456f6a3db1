// Attacks on the protocol, by the rows of the project's list.
import { strict as assert } from 'node:assert';
import { createPublicKey } from 'node:crypto';
import { after, test } from 'node:test';
import { asHmac, read, withClaims, withHeader, withRawHeader } from '../../lib/jwt.mjs';
import { basic, bob, carol, hmac, open, other, post } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import {
  browserOf, discovered, form, oidc, request, signedIn, token, tokensOf,
} from './relying.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

const userinfo = (value) => form(dev, '/oidc/me', { access_token: value });

/** A fresh code and what must be sent with it. */
async function code(application = post, parameters = {}) {
  const config = await discovered(dev, application);
  const { url, checks } = await request(config, application, parameters);
  const back = await signedIn(browserOf(dev), url);
  return {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code'),
    redirect_uri: application.callback,
    code_verifier: checks.pkceCodeVerifier,
  };
}

test('attack_02 fifty parallel redemptions of one code', async () => {
  const fields = await code();
  const answers = await Promise.all(Array.from({ length: 50 }, () => token(dev, post, fields)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  for (const answer of answers.filter(({ status }) => status !== 200)) {
    assert.deepEqual([answer.status, answer.error], [400, 'invalid_grant']);
  }
});

const CORPUS = [
  'https://rp.example.evil.com/callback',
  'https://evil.com@rp.example/callback',
  'https://rp.example@evil.com/callback',
  'https://a@b@evil.com/callback',
  'https://rp.example/callback/..;/evil',
  'https://rp.example/callback/../evil',
  'https://rp.example/%2e%2e/callback',
  'https://rp.example/x/..%2fcallback',
  'https://rp.example/x%252f..%252fcallback',
  'https://rp.example\\callback',
  'https:\\\\rp.example\\callback',
  'https://rp.example/\tcallback',
  'https://rp.example/callback\n',
  ' https://rp.example/callback',
  'HTTPS://rp.example/callback',
  'https://RP.example/callback',
  'https://rp.example/Callback',
  'https://rp.example./callback',
  'https://rp.exаmple/callback',
  'https://xn--rp-example/callback',
  'https://rp.example/callback#fragment',
  'https://rp.example/callback?added=1',
  'https://rp.example/callback?',
  'https://rp.example/callback/',
  'https://rp.example:443/callback',
  'https://rp.example:8443/callback',
  'http://rp.example/callback',
  'https://rpxexample/callback',
  'https://sub.rp.example/callback',
  '//rp.example/callback',
  '/callback',
  'http://localhost/callback',
  'http://[::1]/callback',
  'http://127.0.0.2/callback',
  'http://127.0.0.1.evil.com/callback',
  'http://127.0.0.1:80@evil.com/callback',
  'http://127.1/callback',
  'http://0.0.0.0/callback',
  'http://2130706433/callback',
  'https://127.0.0.1/callback',
];

const SCHEMES = [
  'javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/x',
  'blob:https://rp.example/x', 'about:blank',
];

for (const [name, corpus] of [['attack_05', CORPUS], ['attack_06', SCHEMES]]) {
  test(`${name} redirect addresses that are not registered`, async () => {
    const config = await discovered(dev, basic);
    for (const redirect of corpus) {
      for (const more of [{}, { prompt: 'none' }, { response_mode: 'form_post' }]) {
        const { url } = await request(config, basic, { redirect_uri: redirect, ...more });
        const answer = await browserOf(dev).send(url);
        assert.equal(answer.status, 400, redirect);
        assert.equal(answer.location, null, redirect);
        assert.ok(!answer.text.includes(`href="${redirect}`), redirect);
      }
    }
  });
}

test('attack_05 the token endpoint compares the address too', async () => {
  for (const redirect of [`${post.callback}/`, 'https://rp.example/Callback', undefined]) {
    const answer = await token(dev, post, { ...(await code()), redirect_uri: redirect });
    assert.equal(answer.status, 400, redirect);
    assert.ok(['invalid_grant', 'invalid_request'].includes(answer.error), answer.error);
  }
});

test('attack_06 pages escape what comes from the request, under a strict policy', async () => {
  const config = await discovered(dev, basic);
  const evil = '"><script>alert(1)</script>';
  const { url } = await request(config, basic, { login_hint: evil, state: evil });
  const page = await browserOf(dev).open(url);
  assert.ok(!page.text.includes('<script>alert(1)'), page.text);
  const policy = page.headers.get('content-security-policy');
  for (const part of ["default-src 'none'", "frame-ancestors 'none'", "script-src 'self'"]) {
    assert.ok(policy.includes(part), policy);
  }
  assert.ok(!/unsafe-|\*/.test(policy), policy);
});

test('attack_06 form_post escapes the state', async () => {
  const config = await discovered(dev, basic);
  const state = '"><script>alert(1)</script>';
  const { url } = await request(config, basic, { state, response_mode: 'form_post' });
  const page = await browserOf(dev).authorize(url, carol);
  assert.equal(page.status, 200);
  assert.ok(!page.text.includes('<script>alert(1)'), page.text);
  assert.match(page.headers.get('cache-control'), /no-store/);
});

test('attack_07 PKCE', async () => {
  const without = { code_challenge: '', code_challenge_method: '' };
  const short = 'a'.repeat(42);
  const tries = {
    'verifier without challenge': [await code(post, without), {}],
    'challenge without verifier': [await code(), { code_verifier: undefined }],
    wrong: [await code(), { code_verifier: 'b'.repeat(43) }],
    short: [await code(), { code_verifier: short }],
    long: [await code(), { code_verifier: 'a'.repeat(129) }],
    alphabet: [await code(), { code_verifier: `${'a'.repeat(42)}ä` }],
  };
  for (const [what, [fields, change]] of Object.entries(tries)) {
    const answer = await token(dev, post, { ...fields, ...change });
    assert.equal(answer.status, 400, what);
    assert.ok(['invalid_grant', 'invalid_request'].includes(answer.error), what);
  }
});

test('attack_07 plain and malformed challenges are refused at the door', async () => {
  const config = await discovered(dev, open);
  const changes = [
    { code_challenge_method: 'plain' },
    { code_challenge_method: '' },
    { code_challenge_method: 'S512' },
    { code_challenge: 'short' },
    { code_challenge: 'a'.repeat(44) },
    { code_challenge: `${'a'.repeat(42)}!` },
    { code_challenge: '', code_challenge_method: '' },
  ];
  for (const change of changes) {
    const { url } = await request(config, open, change);
    const answer = await browserOf(dev).open(url);
    const error = answer.location?.searchParams.get('error');
    assert.equal(error, 'invalid_request', JSON.stringify(change));
  }
});

test('duplicate parameters are refused', async () => {
  const config = await discovered(dev, basic);
  const { url } = await request(config, basic);
  url.searchParams.append('redirect_uri', 'https://evil.example/');
  const answer = await browserOf(dev).open(url);
  assert.equal(answer.status, 400);
  assert.equal(answer.location, null);
});

test('attack_10 forged headers of an access token', async () => {
  const { tokens } = await tokensOf(dev, basic);
  const access = tokens.access_token;
  const { header } = read(access);
  const jwks = await (await fetch(`${dev.app_host}/oidc/.well-known/jwks.json`)).json();
  const jwk = jwks.keys.find(({ kid }) => kid === header.kid);
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const pem = key.export({ type: 'spki', format: 'pem' });
  const der = key.export({ type: 'spki', format: 'der' });
  const twice = (name, value) =>
    JSON.stringify(header).replace('{', `{${JSON.stringify(name)}:${JSON.stringify(value)},`);
  const forged = {
    ...Object.fromEntries(['none', 'None', 'NONE', 'nOnE'].flatMap((alg) => [
      [`${alg} without signature`, withHeader(access, { ...header, alg }, '')],
      [`${alg} with signature`, withHeader(access, { ...header, alg })],
    ])),
    'HS256 with the PEM': asHmac(access, pem),
    'HS256 with the DER': asHmac(access, der),
    'HS256 with the JWK': asHmac(access, JSON.stringify(jwk)),
    'HS256 with the secret': asHmac(access, basic.secret),
    'unknown algorithm': withHeader(access, { ...header, alg: 'XX999' }),
    'algorithm of another key': withHeader(access, { ...header, alg: 'ES256' }),
    'sibling algorithm': withHeader(access, { ...header, alg: 'RS512' }),
    'no algorithm': withHeader(access, { kid: header.kid, typ: header.typ }),
    'unknown kid': withHeader(access, { ...header, kid: 'x' }),
    'own key': withHeader(access, { ...header, jwk, jku: 'https://evil.example' }),
    'b64 false': withHeader(access, { ...header, b64: false, crit: ['b64'] }),
    'unknown crit': withHeader(access, { ...header, crit: ['x'], x: 1 }),
    'empty signature': `${access.split('.').slice(0, 2).join('.')}.`,
    'two parts': access.split('.').slice(0, 2).join('.'),
    'five parts': `${access}.x.y`,
    'duplicate alg': withRawHeader(access, twice('alg', 'none')),
    'duplicate kid': withRawHeader(access, twice('kid', 'x')),
    'changed claims': withClaims(access, { sub: bob.id }),
    'later expiry': withClaims(access, { exp: 4102444800 }),
  };
  for (const [what, value] of Object.entries(forged)) {
    assert.equal((await userinfo(value)).status, 401, what);
    const seen = await form(dev, '/oidc/token/introspection', { token: value }, {
      headers: {
        authorization: `Basic ${Buffer.from(
          `${basic.id}:${encodeURIComponent(basic.secret)}`,
        ).toString('base64')}`,
      },
    });
    assert.equal(seen.active, false, `${what}: ${JSON.stringify(seen)}`);
  }
  assert.equal((await userinfo(access)).sub, carol.id);
});

test('attack_12 tokens are good for their own doors only', async () => {
  const offline = { scope: 'openid offline_access', prompt: 'consent' };
  const { tokens } = await tokensOf(dev, post, offline);
  for (const value of [tokens.id_token, tokens.refresh_token]) {
    assert.equal((await userinfo(value)).status, 401);
  }
  const hs = await tokensOf(dev, hmac);
  assert.equal((await userinfo(hs.tokens.id_token)).status, 401);
  const header = { authorization: `Bearer ${dev.access_key_secret}` };
  assert.equal((await form(dev, '/oidc/me', {}, { headers: header })).status, 401);
});

test('attack_12 an access token of another pool shows nothing of this one', async () => {
  const fields = {
    connection: 'PASSWORD',
    passwordPayload: { email: bob.email, password: bob.password },
    options: { scope: 'openid email' },
    client_id: other.application,
    client_secret: other.secret,
  };
  const response = await fetch(`${dev.http_url}/api/v3/signin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-authing-app-id': other.application },
    body: JSON.stringify(fields),
  });
  const { data } = await response.json();
  const here = await form(dev, '/oidc/token/introspection', { token: data.access_token }, {
    application: post,
  });
  assert.equal(here.active, false);
  const info = await userinfo(data.access_token);
  assert.ok(info.status === 401 || info.sub === bob.id);
});

test('attack_12 a client of one pool gets nothing for a code of another', async () => {
  const fields = await code();
  const foreign = { id: other.application, secret: other.secret };
  assert.equal((await token(dev, foreign, fields)).error, 'invalid_grant');
});

test('attack_18 a cancelled prompt=login does not reuse the session', async () => {
  const { config, browser } = await tokensOf(dev, post);
  const forced = await request(config, post, { prompt: 'login' });
  const page = await browser.open(forced.url);
  assert.equal(page.status, 200);
  const again = await browser.open(page.url);
  assert.equal(again.status, 200);
  assert.match(again.text, /name="?password/);
});

test('attack_23 every answer of the authorization endpoint names its issuer', async () => {
  const config = await discovered(dev, post);
  const { issuer } = config.serverMetadata();
  const good = await request(config, post);
  assert.equal((await signedIn(browserOf(dev), good.url)).searchParams.get('iss'), issuer);
  const bad = await request(config, post, { prompt: 'none' });
  const refused = await browserOf(dev).open(bad.url);
  assert.equal(refused.location.searchParams.get('iss'), issuer);
  const back = new URL(refused.location);
  back.searchParams.set('iss', 'https://evil.example/oidc');
  await assert.rejects(oidc.authorizationCodeGrant(config, back, bad.checks));
});

test('attack_24 a sign-in form cannot be sent from another site', async () => {
  const config = await discovered(dev, post);
  const { url } = await request(config, post);
  const browser = browserOf(dev);
  const page = await browser.open(url);
  const person = { identifier: carol.email, password: carol.password };
  const foreign = [
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'null', 'sec-fetch-site': 'cross-site' },
    { origin: dev.http_url.replace('localhost', 'localhost.evil.example') },
  ];
  for (const headers of foreign) {
    const answer = await browser.send(page.url, { method: 'POST', form: person, headers });
    assert.ok(answer.status >= 400, JSON.stringify(headers));
    assert.ok(![...browser.cookies.keys()].some((name) => name.startsWith('__Host-ks-s-')));
  }
});

test('attack_24 a flow belongs to the browser that began it', async () => {
  const config = await discovered(dev, post);
  const { url } = await request(config, post);
  const page = await browserOf(dev).open(url);
  const stranger = browserOf(dev);
  assert.notEqual((await stranger.open(page.url)).status, 200);
  const person = { identifier: carol.email, password: carol.password };
  const answer = await stranger.send(page.url, { method: 'POST', form: person });
  assert.ok(answer.status >= 400, `${answer.status}`);
  assert.equal(stranger.cookies.size, 0);
});

test('attack_24 pages refuse frames, forms answer 303, cookies are bound to the host', async () => {
  const config = await discovered(dev, post);
  const { url } = await request(config, post);
  const browser = browserOf(dev);
  const begun = await browser.send(url);
  assert.equal(begun.status, 303);
  const page = await browser.open(begun.location);
  assert.match(page.headers.get('content-security-policy'), /frame-ancestors 'none'/);
  const person = { identifier: carol.email, password: carol.password };
  const done = await browser.send(page.url, { method: 'POST', form: person });
  assert.equal(done.status, 303);
  for (const answer of [begun, done]) {
    for (const cookie of answer.headers.getSetCookie()) {
      assert.match(cookie, /^__Host-ks-[sf]-/);
      assert.match(cookie, /;\s*HttpOnly/i);
      assert.match(cookie, /;\s*Secure/i);
      assert.match(cookie, /;\s*SameSite=Lax/i);
      assert.match(cookie, /;\s*Path=\/(;|$)/i);
      assert.doesNotMatch(cookie, /Domain=/i);
    }
  }
});

test('attack_25 the session gets a new value at each sign-in, the old one is dead', async () => {
  const session = (browser) =>
    [...browser.cookies].find(([name]) => name.startsWith('__Host-ks-s-'));
  const { config, browser } = await tokensOf(dev, post);
  const [name, first] = session(browser);
  const forced = await request(config, post, { prompt: 'login' });
  await browser.submit(await browser.open(forced.url), {
    identifier: carol.email, password: carol.password,
  });
  const [, second] = session(browser);
  assert.notEqual(second, first);
  const thief = browserOf(dev);
  thief.cookies.set(name, first);
  const { url } = await request(config, post, { prompt: 'none' });
  const answer = await thief.open(url);
  assert.equal(answer.location.searchParams.get('error'), 'login_required');
});

test('attack_25 a planted session cookie is not adopted', async () => {
  const { browser } = await tokensOf(dev, post);
  const [name] = [...browser.cookies].find(([key]) => key.startsWith('__Host-ks-s-'));
  const planted = 'A'.repeat(43);
  const config = await discovered(dev, post);
  const victim = browserOf(dev);
  victim.cookies.set(name, planted);
  const { url } = await request(config, post);
  await signedIn(victim, url);
  assert.notEqual(victim.cookies.get(name), planted);
});
