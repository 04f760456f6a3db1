// Consent: an application of somebody else asks, and is told what the person answered.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { formOf } from '../../lib/browser.mjs';
import { carol, dave, post, third } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import { browserOf, discovered, errorOf, oidc, request } from './relying.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

/** The page that asks, after signing in where nobody is signed in yet. */
async function asked(browser, parameters, person = carol) {
  const config = await discovered(dev, third);
  const { url, checks } = await request(config, third, parameters);
  const page = await browser.authorize(url, person);
  assert.equal(page.status, 200, `${page.status} ${page.location}`);
  assert.match(page.url.pathname, /\/consent$/);
  return { config, checks, page };
}

test('a person allows it once, and is asked again for more', async () => {
  const browser = browserOf(dev);
  const { config, checks, page } = await asked(browser, { scope: 'openid email' });
  for (const part of [/Third Party/, /rp\.example/]) assert.match(page.text, part);
  const back = (await browser.submit(page, { answer: 'allow' })).location;
  const tokens = await oidc.authorizationCodeGrant(config, back, checks);
  assert.equal(tokens.scope, 'openid email');

  const silent = await request(config, third, { scope: 'openid', prompt: 'none' });
  const again = (await browser.open(silent.url)).location;
  assert.ok(await oidc.authorizationCodeGrant(config, again, silent.checks));

  const wider = await request(config, third, { scope: 'openid phone', prompt: 'none' });
  const refused = (await browser.open(wider.url)).location;
  assert.equal(
    await errorOf(oidc.authorizationCodeGrant(config, refused, wider.checks)),
    'consent_required',
  );
  await asked(browser, { scope: 'openid phone' });
  await asked(browser, { scope: 'openid', prompt: 'consent' });
});

test('a person who does not allow it', async () => {
  const browser = browserOf(dev);
  const { config, checks, page } = await asked(browser, {}, dave);
  const back = (await browser.submit(page, { answer: 'deny' })).location;
  assert.equal(back.searchParams.get('state'), checks.expectedState);
  assert.equal(
    await errorOf(oidc.authorizationCodeGrant(config, back, checks)),
    'access_denied',
  );
});

test("the pool's own application asks nobody, even with prompt=consent", async () => {
  const browser = browserOf(dev);
  const config = await discovered(dev, post);
  const { url, checks } = await request(config, post, { prompt: 'consent' });
  const back = (await browser.authorize(url, carol)).location;
  assert.ok(await oidc.authorizationCodeGrant(config, back, checks));
});

test('attack_24 the form of another flow, replayed, allows nothing', async () => {
  const [mine, theirs] = [browserOf(dev), browserOf(dev)];
  const { page } = await asked(mine, { scope: 'openid profile phone' }, dave);
  const other = await asked(theirs, { scope: 'openid address' }, carol);
  const { fields } = formOf(other.page.text);
  const answer = await mine.send(page.url, {
    method: 'POST', form: { ...fields, answer: 'allow' },
  });
  assert.equal(answer.location.pathname, page.url.pathname);
  const foreign = await mine.send(other.page.url, {
    method: 'POST', form: { ...fields, answer: 'allow' },
  });
  assert.equal(foreign.status, 410);
});
