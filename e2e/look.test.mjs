// How the pages look and read: languages, widths, schemes, accessibility.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { carol } from '../conformance/lib/seeded.mjs';
import { startServer } from '../conformance/lib/server.mjs';
import { code, link, newEmail, newPhone } from './mailbox.mjs';
import { authorizeUrl, fill, launch, quiet, watched } from './page.mjs';

const server = await startServer();
const { dev } = server;
const browser = await launch();
after(async () => {
  await browser.close();
  await server.stop();
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ours = { id: dev.app_id, redirect: dev.redirect_uri };
const LANGUAGES = { 'en-US': 'en', 'zh-CN': 'zh', 'zh-TW': 'zh', 'ja-JP': 'ja' };

/** Signs in, up to the callback page. */
async function signedIn(page) {
  await page.goto(authorizeUrl(dev, ours).url);
  await fill(page, carol.email, carol.password);
  await page.waitForURL(`${dev.redirect_uri}*`);
}

let lastAccount;

/** Makes an account, by signing up; answers its address. */
async function account() {
  lastAccount = newEmail();
  const { context, page } = await watched(browser);
  await sent(page, 'signup', lastAccount);
  await page.fill('#code', await code(dev, lastAccount));
  await page.click('button.primary');
  await page.fill('#password', 'four words in a row');
  await page.click('button.primary');
  await page.waitForURL(`${dev.redirect_uri}*`);
  await context.close();
  return lastAccount;
}

/** Opens a step of a flow. */
async function step(page, name) {
  await page.goto(authorizeUrl(dev, ours).url);
  await page.goto(`${page.url().split('?')[0]}/${name}`);
}

/** Opens a step that asks for an address, and sends the form; answers the address. */
async function sent(page, name, address = newEmail()) {
  await step(page, name);
  await page.fill('#identifier', address);
  await page.click('button.primary');
  await page.waitForLoadState();
  return address;
}

/** Every kind of page that a person may meet, by the way to it. */
const PAGES = {
  signin: (page) => page.goto(authorizeUrl(dev, ours).url),
  'signin error': async (page) => {
    await page.goto(authorizeUrl(dev, ours).url);
    await fill(page, 'nobody@example.com', 'wrong');
    await page.locator('[role=alert]').waitFor();
  },
  error: (page) => page.goto(authorizeUrl(dev, { ...ours, redirect: 'https://x.example' }).url),
  'signed out': (page) => page.goto(`${dev.app_host}/oidc/session/end`),
  'not found': (page) => page.goto(`${dev.app_host}/nowhere`),
  home: (page) => page.goto(`${dev.app_host}/`),
  'signed in': async (page) => {
    await signedIn(page);
    await page.goto(`${dev.app_host}/`);
  },
  'sign-out question': async (page) => {
    await signedIn(page);
    await page.goto(`${dev.app_host}/oidc/session/end`);
  },
  callback: signedIn,
  'code by mail': (page) => step(page, 'email-code'),
  'code by text message': (page) => step(page, 'sms-code'),
  'code to enter': (page) => sent(page, 'email-code'),
  'code to enter from a phone': (page) => sent(page, 'sms-code', newPhone()),
  'code error': async (page) => {
    await sent(page, 'email-code');
    await page.fill('#code', '000000');
    await page.click('button.primary');
    await page.locator('[role=alert]').waitFor();
  },
  'sign-up': (page) => step(page, 'signup'),
  'sign-up by phone': (page) => step(page, 'signup?by=phone'),
  'sign-up error': async (page) => {
    await step(page, 'signup?by=phone');
    await page.fill('#identifier', '12');
    await page.click('button.primary');
    await page.locator('[role=alert]').waitFor();
  },
  'sign-up details': async (page) => {
    const address = await sent(page, 'signup');
    await page.fill('#code', await code(dev, address));
    await page.click('button.primary');
    await page.locator('#name').waitFor();
  },
  forgotten: (page) => step(page, 'forgot'),
  'link sent': (page) => sent(page, 'forgot'),
  unlock: (page) => step(page, 'unlock'),
  'link to a new password': async (page) => {
    await sent(page, 'forgot', await account());
    await page.goto(await link(dev, lastAccount, 1));
  },
  'dead link': (page) => page.goto(`${dev.app_host}/reset-password?token=x`),
  outbox: async (page) => {
    await page.setExtraHTTPHeaders({ accept: 'text/html' });
    await page.goto(dev.outbox_url);
  },
};

const LOOKS = [
  { locale: 'en-US', viewport: { width: 320, height: 640 }, colorScheme: 'light' },
  { locale: 'zh-CN', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  { locale: 'zh-TW', viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
  { locale: 'ja-JP', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
];

test('axe-core finds nothing, in any language, in either scheme', async () => {
  for (const look of LOOKS) {
    for (const [name, open] of Object.entries(PAGES)) {
      // The policy of our pages refuses the foreign script that axe is, so it is lifted here alone.
      const { context, page } = await watched(browser, { ...look, bypassCSP: true });
      await open(page);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run());
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      assert.deepEqual(found, [], `${name} ${look.locale} ${look.colorScheme}`);
      await context.close();
    }
  }
});

test('no page scrolls sideways at 320 pixels', async () => {
  for (const locale of Object.keys(LANGUAGES)) {
    for (const [name, open] of Object.entries(PAGES)) {
      const viewport = { width: 320, height: 640 };
      const { context, page, problems } = await watched(browser, { viewport, locale });
      await open(page);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 320, `${name} in ${locale}: ${width}`);
      quiet(problems);
      await context.close();
    }
  }
});

test('each language by the browser, and by the links at the foot', async () => {
  const titles = new Set();
  for (const [locale, lang] of Object.entries(LANGUAGES)) {
    const { context, page, problems } = await watched(browser, { locale });
    await page.goto(authorizeUrl(dev, ours).url);
    const declared = await page.getAttribute('html', 'lang');
    assert.ok(declared.startsWith(lang), `${locale}: ${declared}`);
    titles.add(await page.textContent('h1'));
    quiet(problems);
    await context.close();
  }
  assert.equal(titles.size, 4, [...titles].join('\n'));
  const { context, page } = await watched(browser);
  await page.goto(authorizeUrl(dev, ours).url);
  await page.click('footer a[hreflang="ja-JP"], a[hreflang="ja-JP"]');
  assert.match(await page.getAttribute('html', 'lang'), /^ja/);
  await fill(page, carol.email, carol.password);
  await page.waitForURL(`${dev.redirect_uri}*`);
  await context.close();
});

test('the dark scheme is dark', async () => {
  const light = async (colorScheme) => {
    const { context, page } = await watched(browser, { colorScheme });
    await page.goto(authorizeUrl(dev, ours).url);
    const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await context.close();
    return colour.match(/[\d.]+/g).slice(0, 3).map(Number).reduce((a, b) => a + b);
  };
  assert.ok(await light('dark') < 200);
  assert.ok(await light('light') > 600);
});

test('controls on the card are at least 44 pixels high', async () => {
  const { context, page } = await watched(browser, { viewport: { width: 375, height: 700 } });
  await page.goto(authorizeUrl(dev, ours).url);
  for (const selector of ['#identifier', '#password', 'button.primary']) {
    const { height } = await page.locator(selector).boundingBox();
    assert.ok(height >= 44, `${selector}: ${height}`);
  }
  await context.close();
});
