// How the sign-in page looks and reads: languages, schemes, sizes.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { carol } from '../conformance/lib/seeded.mjs';
import { startServer } from '../conformance/lib/server.mjs';
import { authorizeUrl, fill, launch, quiet, watched } from './page.mjs';

const server = await startServer();
const { dev } = server;
const browser = await launch();
after(async () => {
  await browser.close();
  await server.stop();
});

const ours = { id: dev.app_id, redirect: dev.redirect_uri };
const LANGUAGES = { 'en-US': 'en', 'zh-CN': 'zh', 'zh-TW': 'zh', 'ja-JP': 'ja' };

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
