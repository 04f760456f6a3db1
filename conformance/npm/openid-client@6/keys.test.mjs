// Keys that turn under relying parties, and redirect addresses with a query (plan Dynamic, as far
// as it needs no registration).
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { read } from '../../lib/jwt.mjs';
import { basic, carol, mixed, open, post } from '../../lib/seeded.mjs';
import { moveClock, startServer } from '../../lib/server.mjs';
import { browserOf, discovered, form, oidc, request, signedIn } from './relying.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

const DAY = 86_400;
const keys = async () => (await (await fetch(`${dev.app_host}/oidc/.well-known/jwks.json`)).json())
  .keys;

test('attack_60, oidcc-server-rotate-keys: clients that keep the key set never fail', async () => {
  const first = await keys();
  await moveClock(dev, 88 * DAY + 60);
  const published = await keys();
  assert.equal(published.length, 2 * first.length, 'successors are published');
  assert.equal(published[0].kid, first[0].kid, 'the active key stands first');
  // Each client fetches the set now, with its first ID token, and keeps it over the turn.
  const clients = [];
  for (const application of [basic, post, open]) {
    clients.push([application, await discovered(dev, application)]);
  }
  const sign = async ([application, config]) => {
    const { url, checks } = await request(config, application);
    const back = await signedIn(browserOf(dev), url);
    return oidc.authorizationCodeGrant(config, back, checks);
  };
  const before = [];
  for (const client of clients) before.push(await sign(client));
  await moveClock(dev, 90 * DAY + 60);
  for (const [n, client] of clients.entries()) {
    const tokens = await sign(client);
    const { kid } = read(tokens.id_token).header;
    assert.notEqual(kid, read(before[n].id_token).header.kid);
    assert.ok(published.some((key) => key.kid === kid), 'it was published before');
    assert.equal(tokens.claims().sub, carol.id);
    const info = await form(dev, '/oidc/me', { access_token: tokens.access_token });
    assert.equal(info.sub, carol.id);
  }
  const old = before.map((tokens) => read(tokens.id_token).header.kid);
  const both = (await keys()).map(({ kid }) => kid);
  assert.ok(old.every((kid) => both.includes(kid)), 'the old keys are still published');
  await moveClock(dev, 105 * DAY);
  const last = (await keys()).map(({ kid }) => kid);
  assert.ok(old.every((kid) => !last.includes(kid)), 'and go when no token needs them');
  await moveClock(dev, 0);
});

test('oidcc-idtoken-rs256', async () => {
  const config = await discovered(dev, basic);
  const { url, checks } = await request(config, basic);
  const back = await signedIn(browserOf(dev), url);
  const tokens = await oidc.authorizationCodeGrant(config, back, checks);
  assert.equal(read(tokens.id_token).header.alg, 'RS256');
});

test('oidcc-redirect-uri-query-OK', async () => {
  const config = await discovered(dev, mixed);
  const { url, checks } = await request(config, mixed, { redirect_uri: mixed.withQuery });
  const back = await signedIn(browserOf(dev), url);
  assert.equal(back.origin + back.pathname, 'https://rp.example/query');
  assert.equal(back.searchParams.get('kept'), '1');
  // The package takes every query off the address before it sends it, so this is sent by hand.
  const pair = `${mixed.id}:${encodeURIComponent(mixed.secret)}`;
  const tokens = await form(dev, '/oidc/token', {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code'),
    redirect_uri: mixed.withQuery,
    code_verifier: checks.pkceCodeVerifier,
  }, { headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } });
  assert.equal(read(tokens.id_token).claims.sub, carol.id);
});

for (const [name, redirect] of [
  ['oidcc-redirect-uri-query-added', 'https://rp.example/callback?added=1'],
  ['oidcc-redirect-uri-query-mismatch', 'https://rp.example/query?kept=2'],
]) {
  test(name, async () => {
    const config = await discovered(dev, mixed);
    const { url } = await request(config, mixed, { redirect_uri: redirect });
    const answer = await browserOf(dev).open(url);
    assert.equal(answer.status, 400);
    assert.equal(answer.location, null);
  });
}

test('oidcc-ensure-redirect-uri-in-authorization-request', async () => {
  const config = await discovered(dev, post);
  const { url } = await request(config, post);
  url.searchParams.delete('redirect_uri');
  const answer = await browserOf(dev).open(url);
  assert.equal(answer.status, 400);
  assert.equal(answer.location, null);
});
