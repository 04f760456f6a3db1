// The captcha of the sign-in form, in Chromium with and without scripts, and under axe.
import { strict as assert } from 'node:assert';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { askAfter, characters } from '../conformance/lib/captcha.mjs';
import { carol } from '../conformance/lib/seeded.mjs';
import { startServer } from '../conformance/lib/server.mjs';
import { authorizeUrl, fill, launch, quiet, watched } from './page.mjs';

const require = createRequire(import.meta.url);
const axe = require.resolve('axe-core/axe.min.js');

const server = await startServer();
const { dev } = server;
const browser = await launch();
after(async () => {
  await browser.close();
  await server.stop();
});
askAfter(server, 1);

async function opened(options) {
  const watch = await watched(browser, options);
  await watch.page.goto(authorizeUrl(dev, { id: dev.app_id, redirect: dev.redirect_uri }).url);
  return watch;
}

const token = (page) => page.inputValue('[name=captcha_token]');

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with' : 'without';
  test(`a wrong password brings the captcha, its characters let in, ${how} scripts`, async () => {
    const { context, page, problems } = await opened({ javaScriptEnabled });
    await page.fill('#identifier', carol.email);
    if (!(await page.isVisible('#captcha'))) {
      await page.fill('#password', 'wrong');
      await page.press('#password', 'Enter');
      await page.locator('#captcha').waitFor();
    }
    const picture = page.locator('img.captcha');
    const size = await picture.evaluate((it) => [it.naturalWidth, it.naturalHeight]);
    assert.deepEqual(size, [220, 100]);
    const first = await token(page);
    await page.fill('#captcha', 'xxxx');
    await page.fill('#password', carol.password);
    await page.press('#password', 'Enter');
    await page.locator('#captcha-error').waitFor();
    assert.equal(await page.getAttribute('#captcha', 'aria-invalid'), 'true');
    assert.match(await page.getAttribute('#captcha', 'aria-describedby'), /captcha-error/);
    const second = await token(page);
    assert.notEqual(second, first);
    await page.click('button[name=on]');
    await page.waitForLoadState();
    const third = await token(page);
    assert.notEqual(third, second);
    assert.equal(await page.inputValue('#identifier'), carol.email, 'what was entered stays');
    await page.fill('#captcha', await characters(dev, third));
    await fill(page, carol.email, carol.password);
    await page.waitForURL(`${dev.redirect_uri}*`);
    quiet(problems);
    await context.close();
  });
}

test('axe finds nothing on the form that asks for a captcha, in each language', async () => {
  for (const locale of ['en-US', 'zh-CN', 'zh-TW', 'ja-JP']) {
    const { context, page } = await opened({ locale, bypassCSP: true });
    if (!(await page.isVisible('#captcha'))) await fill(page, carol.email, 'wrong');
    await page.fill('#captcha', 'xxxx');
    await fill(page, carol.email, carol.password);
    await page.locator('#captcha-error').waitFor();
    await page.addScriptTag({ path: axe });
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.length]), [], locale);
    await context.close();
  }
});
