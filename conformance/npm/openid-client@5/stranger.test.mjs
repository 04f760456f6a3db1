// A relying party that knows nothing of us: the older openid-client, a code base of its own.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { Issuer, generators } from 'openid-client';
import { Browser } from '../../lib/browser.mjs';
import { basic, carol, hmac, machine, open, post } from '../../lib/seeded.mjs';
import { moveClock, startServer } from '../../lib/server.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());
const issuer = await Issuer.discover(`${dev.app_host}/oidc`);

/** A client of an application: how it names itself, and how its ID tokens are signed. */
function client(application, method, alg) {
  return new issuer.Client({
    client_id: application.id,
    client_secret: application.secret,
    token_endpoint_auth_method: method,
    id_token_signed_response_alg: alg,
    redirect_uris: application.callback && [application.callback],
    post_logout_redirect_uris: application.signedOut && [application.signedOut],
    response_types: ['code'],
  });
}

const CLIENTS = [
  [basic, 'client_secret_basic', 'RS256'],
  [post, 'client_secret_post', 'ES256'],
  [open, 'none', 'EdDSA'],
  [hmac, 'client_secret_basic', 'HS256'],
];

/** Where the browser comes back to, with the checks that belong to the request. */
async function begin(party, parameters = {}, browser = new Browser(dev.http_url)) {
  const verifier = generators.codeVerifier();
  const checks = {
    state: generators.state(), nonce: generators.nonce(), code_verifier: verifier,
    response_type: 'code',
  };
  const url = party.authorizationUrl({
    scope: 'openid profile email offline_access', prompt: 'consent', state: checks.state,
    nonce: checks.nonce, code_challenge: generators.codeChallenge(verifier),
    code_challenge_method: 'S256', ...parameters,
  });
  const answer = await browser.authorize(url, carol);
  assert.equal(answer.status, 303, answer.text);
  return { params: party.callbackParams(answer.location.href), checks };
}

/** Tokens as an application gets them. */
async function tokens(party, parameters, browser) {
  const { params, checks } = await begin(party, parameters, browser);
  return party.callback(party.metadata.redirect_uris[0], params, checks);
}

const errorOf = (promise) => promise.then(() => 'no error', (e) => e.error ?? e.message);

for (const [application, method, alg] of CLIENTS) {
  test(`from the address to a new token: ${method}, ${alg}`, async () => {
    const party = client(application, method, alg);
    const set = await tokens(party);
    assert.equal(set.claims().sub, carol.id);
    assert.equal((await party.userinfo(set)).email, carol.email);
    const next = await party.refresh(set);
    assert.equal(next.claims().sub, carol.id);
    assert.notEqual(next.access_token, set.access_token);
    assert.equal((await party.introspect(next.access_token)).active, true);
    await party.revoke(next.access_token);
    assert.equal((await party.introspect(next.access_token)).active, false);
    assert.equal(await errorOf(party.userinfo(next)), 'invalid_token');
  });
}

test('the answer may come by form, and userinfo be asked for by form', async () => {
  const party = client(basic, 'client_secret_basic', 'RS256');
  const set = await tokens(party, { scope: 'openid email' });
  const info = await party.userinfo(set, { method: 'POST', via: 'body' });
  assert.equal(info.email, carol.email);
  assert.equal(set.refresh_token, undefined);
});

test('a code works once, and its second use ends what the first gave', async () => {
  const party = client(post, 'client_secret_post', 'ES256');
  const { params, checks } = await begin(party);
  const set = await party.callback(post.callback, params, checks);
  assert.equal(await errorOf(party.callback(post.callback, params, checks)), 'invalid_grant');
  assert.equal(await errorOf(party.userinfo(set)), 'invalid_token');
  assert.equal(await errorOf(party.refresh(set)), 'invalid_grant');
});

test('a code of another application, address or challenge gives nothing', async () => {
  const party = client(post, 'client_secret_post', 'ES256');
  const foreign = client(basic, 'client_secret_basic', 'RS256');
  const first = await begin(party);
  assert.equal(await errorOf(foreign.callback(post.callback, first.params, first.checks)),
    'invalid_grant');
  const second = await begin(party);
  const other = { ...second.checks, code_verifier: generators.codeVerifier() };
  assert.equal(await errorOf(party.callback(post.callback, second.params, other)),
    'invalid_grant');
  const third = await begin(party);
  assert.equal(
    await errorOf(party.callback('https://rp.example/other', third.params, third.checks)),
    'invalid_grant',
  );
});

test('another way to name itself, and a wrong secret, are refused', async () => {
  for (const [application, method] of [
    [basic, 'client_secret_post'], [post, 'client_secret_basic'],
    [{ ...post, secret: 'wrong' }, 'client_secret_post'],
  ]) {
    const party = client(application, method, application.id === basic.id ? 'RS256' : 'ES256');
    assert.equal(await errorOf(tokens(party)), 'invalid_client', method);
  }
});

test('refusals of the sign-in come back with their reason', async () => {
  const party = client(basic, 'client_secret_basic', 'RS256');
  for (const [parameters, reason] of [
    [{ prompt: 'none' }, 'login_required'],
    [{ response_type: 'id_token' }, 'unsupported_response_type'],
    [{ scope: 'openid "' }, 'invalid_scope'],
  ]) {
    const url = party.authorizationUrl({
      redirect_uri: basic.callback, scope: 'openid', state: 's', nonce: 'n', ...parameters,
    });
    const { location } = await new Browser(dev.http_url).open(url);
    const answer = party.callbackParams(location.href.replace('#', '?'));
    assert.equal(answer.error, reason);
    assert.equal(answer.state, 's');
    assert.equal(await errorOf(party.callback(basic.callback, answer, { state: 's' })), reason);
  }
});

test('the age of the sign-in is told and kept', async () => {
  const party = client(basic, 'client_secret_basic', 'RS256');
  const browser = new Browser(dev.http_url);
  await tokens(party, {}, browser);
  await moveClock(dev, 120);
  const { params, checks } = await begin(party, { max_age: 60, prompt: undefined }, browser);
  await moveClock(dev, 0);
  const ages = { ...checks, max_age: 600 };
  const set = await party.callback(basic.callback, params, ages);
  assert.ok(set.claims().auth_time * 1000 > Date.now() + 60_000, 'it asked again');
});

test('sign-out ends the session and what it gave, and comes back', async () => {
  const party = client(post, 'client_secret_post', 'ES256');
  const browser = new Browser(dev.http_url);
  const set = await tokens(party, {}, browser);
  const url = party.endSessionUrl({
    id_token_hint: set, post_logout_redirect_uri: post.signedOut, state: 'bye',
  });
  const answer = await browser.open(url);
  assert.equal(answer.location?.href, `${post.signedOut}?state=bye`);
  assert.equal(await errorOf(party.userinfo(set)), 'invalid_token');
});

test('a machine gets tokens for itself alone', async () => {
  const party = new issuer.Client({
    client_id: machine.id, client_secret: machine.secret,
    token_endpoint_auth_method: 'client_secret_post', redirect_uris: [], response_types: [],
  });
  const set = await party.grant({ grant_type: 'client_credentials' });
  assert.equal((await party.introspect(set.access_token)).client_id, machine.id);
  assert.notEqual(await errorOf(party.userinfo(set)), 'no error');
});
