// The first start without --dev: the printed link makes the first administrator, once.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { startServer } from '../conformance/lib/server.mjs';
import { launch, quiet, watched } from './page.mjs';

const server = await startServer({ dev: false, seedFile: null });
const browser = await launch();
after(async () => {
  await browser.close();
  await server.stop();
});

const link = await server.waitFor(
  () => /https?:\/\/localhost:\d+\/\S*setup\S*[A-Za-z0-9_-]{43}/i.exec(server.output())?.[0],
  'a set-up link',
);

test('axe-core finds nothing on the form', async () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const { context, page } = await watched(browser, { bypassCSP: true });
  await page.goto(link);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  assert.deepEqual(violations.map(({ id }) => id), []);
  await context.close();
});

test('a weak password is refused with the alert, then the administrator is made', async () => {
  const { context, page, problems } = await watched(browser);
  await page.goto(link);
  await page.fill('#email', 'admin@example.com');
  await page.fill('#password', 'password');
  await page.click('button.primary');
  await page.locator('[role=alert]').waitFor();
  assert.equal(await page.inputValue('#email'), 'admin@example.com');
  await page.fill('#password', 'four words in a row');
  await page.click('button.primary');
  await page.waitForLoadState();
  assert.match(await page.textContent('main'), /admin@example\.com/);
  quiet(problems);
  await context.close();
});

test('the link works once', async () => {
  const { context, page } = await watched(browser);
  const answer = await page.goto(link);
  assert.ok(answer.status() >= 400, `${answer.status()}`);
  assert.equal(await page.locator('#password').count(), 0);
  await context.close();
});

test('without --dev there are no development pages', async () => {
  const { origin } = new URL(link);
  for (const path of ['/dev/outbox', '/dev/clock', '/dev/callback']) {
    assert.equal((await fetch(origin + path)).status, 404, path);
  }
});
