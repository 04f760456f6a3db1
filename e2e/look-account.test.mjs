// How the pages of signing up, of forgotten passwords and of confirmed addresses look.
import { after, test } from 'node:test';
import { strict as assert } from 'node:assert';
import { startServer } from '../conformance/lib/server.mjs';
import { testLooks } from './looks.mjs';
import { code } from './mailbox.mjs';
import { launch, quiet, watched } from './page.mjs';
import { PASSWORD, visitor } from './visit.mjs';

const server = await startServer();
const browser = await launch();
after(async () => {
  await browser.close();
  await server.stop();
});

const { dev, next, step, sent, resetLink, verifyLink, forced } = visitor(server);

testLooks(browser, {
  'sign-up': { open: (page) => step(page, 'signup') },
  'sign-up by phone': { open: (page) => step(page, 'signup?by=phone') },
  'sign-up error': {
    open: async (page) => {
      await step(page, 'signup?by=phone');
      await page.fill('#identifier', '12');
      await next(page);
      await page.locator('[role=alert]').waitFor();
    },
  },
  'sign-up details': {
    open: async (page) => {
      const address = await sent(page, 'signup');
      await page.fill('#code', await code(dev, address));
      await next(page);
      await page.locator('#name').waitFor();
    },
  },
  forgotten: { open: (page) => step(page, 'forgot') },
  'link sent': { open: (page) => sent(page, 'forgot'), again: true },
  'link to a new password': { open: resetLink },
  'password changed': {
    open: async (page) => {
      await resetLink(page);
      await page.fill('#password', 'quite another one');
      await next(page);
      await page.waitForLoadState();
      assert.equal(await page.locator('#password').count(), 0);
    },
    again: true,
  },
  'dead link': { open: (page) => page.goto(`${dev.app_host}/reset-password?token=x`) },
  'address to confirm': { open: verifyLink },
  'address confirmed': {
    open: async (page) => {
      await verifyLink(page);
      await next(page);
      await page.waitForLoadState();
    },
    again: true,
  },
  outbox: {
    open: async (page) => {
      await page.setExtraHTTPHeaders({ accept: 'text/html' });
      await page.goto(dev.outbox_url);
    },
    again: true,
    fixed: true,
  },
});

test('an address is confirmed by the button, by keyboard and without JavaScript', async () => {
  for (const javaScriptEnabled of [true, false]) {
    const { context, page, problems } = await watched(browser, { javaScriptEnabled });
    await verifyLink(page);
    const before = page.url();
    await page.locator('button.primary').focus();
    await page.keyboard.press('Enter');
    await page.waitForLoadState();
    await page.locator('button.primary').waitFor({ state: 'detached' });
    // The link has done its work.
    assert.ok((await page.goto(before)).status() >= 400);
    if (javaScriptEnabled) problems.splice(0);
    quiet(problems);
    await context.close();
  }
});

test('a password that is due for change is changed on the way in', async () => {
  const { context, page, problems } = await watched(browser);
  await forced(page);
  await page.fill('#password', `${PASSWORD}, and more`);
  await next(page);
  await page.waitForURL(`${dev.redirect_uri}*`);
  quiet(problems);
  await context.close();
});
