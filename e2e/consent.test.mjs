// The question whether an application of somebody else may have what it asks for, in Chromium.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { carol, dave, third } from '../conformance/lib/seeded.mjs';
import { startServer } from '../conformance/lib/server.mjs';
import { application, authorizeUrl, fill, launch, quiet, watched } from './page.mjs';

const server = await startServer();
const { dev } = server;
const browser = await launch();
const elsewhere = await application();
after(async () => {
  await browser.close();
  await elsewhere.close();
  await server.stop();
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const client = { id: third.id, redirect: elsewhere.redirect };

/** The page that asks. */
async function asked(person, options) {
  const watch = await watched(browser, options);
  const request = authorizeUrl(dev, client);
  await watch.page.goto(request.url);
  await fill(watch.page, person.email, person.password);
  await watch.page.waitForURL('**/consent');
  return { ...watch, ...request };
}

test('a person does not allow it, and then does, without script', async () => {
  for (const [answer, parameter] of [['deny', 'error'], ['allow', 'code']]) {
    const { context, page, problems, state } = await asked(carol, { javaScriptEnabled: false });
    assert.match(await page.textContent('h1'), /Third Party/);
    assert.match(await page.textContent('body'), /127\.0\.0\.1/);
    await page.click(`button[value=${answer}]`);
    await page.waitForURL(`${elsewhere.redirect}*`);
    const { parameters } = elsewhere.received.at(-1);
    assert.equal(parameters.get('state'), state);
    assert.match(parameters.get(parameter), answer === 'deny' ? /^access_denied$/ : /\S/);
    quiet(problems);
    await context.close();
  }
});

test('by keyboard alone; who has allowed it is not asked again', async () => {
  const { context, page, problems } = await asked(dave);
  await page.focus('body');
  const stops = [];
  for (let n = 0; n < 12 && stops.at(-1) !== 'allow'; n += 1) {
    await page.keyboard.press('Tab');
    stops.push(await page.evaluate(() => document.activeElement.value));
  }
  assert.ok(stops.indexOf('deny') < stops.indexOf('allow'), stops.join());
  await page.keyboard.press('Enter');
  await page.waitForURL(`${elsewhere.redirect}*`);
  assert.match(elsewhere.received.at(-1).parameters.get('code'), /\S/);
  const again = authorizeUrl(dev, client);
  await page.goto(again.url);
  await page.waitForURL(`${elsewhere.redirect}*`);
  assert.equal(elsewhere.received.at(-1).parameters.get('state'), again.state);
  quiet(problems);
  await context.close();
});

test('axe-core finds nothing, in any language, in either scheme', async () => {
  for (const look of [
    { locale: 'en-US', viewport: { width: 320, height: 640 }, colorScheme: 'light' },
    { locale: 'zh-CN', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
    { locale: 'zh-TW', viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
    { locale: 'ja-JP', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  ]) {
    // The policy of our pages refuses the foreign script that axe is, so it is lifted here alone.
    const { context, page } = await watched(browser, { ...look, bypassCSP: true });
    await page.goto(authorizeUrl(dev, client, { prompt: 'consent' }).url);
    await fill(page, carol.email, carol.password);
    await page.waitForURL('**/consent');
    const lang = await page.getAttribute('html', 'lang');
    assert.equal(lang.slice(0, 2), look.locale.slice(0, 2));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wide, false, look.locale);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    assert.deepEqual(found, [], look.locale);
    await context.close();
  }
});
