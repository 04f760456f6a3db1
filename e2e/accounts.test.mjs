// A person signs up, comes back by a code, forgets the password, confirms an address, in Chromium.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { startServer } from '../conformance/lib/server.mjs';
import { code, link, message, newEmail, newPhone } from './mailbox.mjs';
import { authorizeUrl, fill, launch, quiet, watched } from './page.mjs';

const server = await startServer();
const { dev } = server;
const browser = await launch();
after(async () => {
  await browser.close();
  await server.stop();
});

const ours = { id: dev.app_id, redirect: dev.redirect_uri };
const PASSWORD = 'four words in a row';
const NARROW = { width: 320, height: 640 };
const WIDE = { width: 1280, height: 800 };
const LOOKS = [
  { locale: 'en-US', viewport: NARROW, colorScheme: 'light' },
  { locale: 'zh-CN', viewport: WIDE, colorScheme: 'dark' },
  { locale: 'zh-TW', viewport: NARROW, colorScheme: 'dark' },
  { locale: 'ja-JP', viewport: WIDE, colorScheme: 'light' },
];

const callback = (page) => page.waitForURL(`${dev.redirect_uri}*`);
const next = (page) => page.click('button.primary');

/** A browser that the development application sent to sign in. */
async function opened(options, parameters) {
  const watch = await watched(browser, options);
  await watch.page.goto(authorizeUrl(dev, ours, parameters).url);
  return watch;
}

/** Types an address, and then the code that it gets. */
async function prove(page, address, known = 0) {
  await page.fill('#identifier', address);
  await next(page);
  await page.locator('#code').waitFor();
  assert.ok((await page.textContent('main')).includes(address));
  await page.fill('#code', await code(dev, address, known));
  await next(page);
}

async function signUp(page, address, { byPhone = false, password = PASSWORD } = {}) {
  await page.click('a[href$="/signup"]');
  if (byPhone) await page.click('a[href$="by=phone"]');
  await prove(page, address);
  await page.locator('#name').waitFor();
  assert.equal(await page.inputValue('[autocomplete=username]'), await page.inputValue('#account'));
  await page.fill('#name', '林 小明');
  await page.fill('#password', password);
  await next(page);
  await callback(page);
}

for (const look of LOOKS) {
  const name = `${look.locale}, ${look.viewport.width} pixels, ${look.colorScheme}`;
  test(`signs up, comes back by code, resets the password: ${name}`, async () => {
    const email = newEmail();
    let { context, page, problems } = await opened(look);
    await signUp(page, email);
    quiet(problems);
    await context.close();

    ({ context, page, problems } = await opened(look, { login_hint: email }));
    await page.click('a[href$="/email-code"]');
    assert.equal(await page.inputValue('#identifier'), email);
    await prove(page, email, 1);
    await callback(page);
    quiet(problems);
    await context.close();

    ({ context, page, problems } = await opened(look));
    await page.click('a[href$="/forgot"]');
    await page.fill('#identifier', email);
    await next(page);
    await page.goto(await link(dev, email, 2));
    assert.equal(await page.getAttribute('html', 'lang'), look.locale);
    await page.fill('#password', 'a b');
    await next(page);
    await page.waitForLoadState();
    assert.equal(await page.locator('#password').count(), 0, 'the new password is set');
    await page.goto(authorizeUrl(dev, ours).url);
    await fill(page, email, 'a b');
    await callback(page);
    quiet(problems);
    await context.close();
    const told = await message(dev, email, 3);
    assert.equal(told.code, null, 'the owner hears of it');
  });

  test(`signs up and comes back by text message: ${name}`, async () => {
    const phone = newPhone();
    let { context, page, problems } = await opened(look);
    await signUp(page, phone, { byPhone: true, password: '' });
    quiet(problems);
    await context.close();
    ({ context, page, problems } = await opened(look));
    await page.click('a[href$="/sms-code"]');
    await prove(page, phone, 1);
    await callback(page);
    quiet(problems);
    await context.close();
  });
}

test('a wrong code is said beside the field and in the title', async () => {
  const email = newEmail();
  const { context, page, problems } = await opened();
  await page.click('a[href$="/signup"]');
  await page.fill('#identifier', email);
  await next(page);
  const right = await code(dev, email);
  await page.fill('#code', right === '000000' ? '000001' : '000000');
  await next(page);
  const alert = page.locator('[role=alert]');
  await alert.waitFor();
  assert.match(await page.title(), /^Error:/);
  assert.ok(await alert.evaluate((node) => node === document.activeElement), 'it has the focus');
  const describedBy = await page.getAttribute('#code', 'aria-describedby');
  assert.match(describedBy, /code-error/);
  await alert.locator('a').click();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'code');
  await page.fill('#code', right);
  await next(page);
  await page.locator('#name').waitFor();
  quiet(problems);
  await context.close();
});

test('by keyboard alone', async () => {
  const email = newEmail();
  const { context, page, problems } = await opened();
  const tabTo = async (wanted) => {
    for (let n = 0; n < 25; n += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((w) => document.activeElement.matches(w), wanted)) return;
    }
    assert.fail(`no way to ${wanted} by Tab`);
  };
  await tabTo('a[href$="/signup"]');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/signup');
  await tabTo('#identifier');
  await page.keyboard.type(email);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/code');
  await tabTo('#code');
  await page.keyboard.type(await code(dev, email));
  await page.keyboard.press('Enter');
  await page.waitForURL('**/details');
  await tabTo('#password');
  await page.keyboard.type(PASSWORD);
  await tabTo('#name');
  await page.keyboard.type('Ada');
  await tabTo('button.primary');
  await page.keyboard.press('Space');
  await callback(page);
  quiet(problems);
  await context.close();
});

test('without JavaScript', async () => {
  const email = newEmail();
  const options = { javaScriptEnabled: false };
  let { context, page } = await opened(options);
  await signUp(page, email);
  await context.close();
  ({ context, page } = await opened(options));
  await page.click('a[href$="/email-code"]');
  await page.fill('#identifier', email);
  await next(page);
  await page.click('button.quiet');
  assert.match(await page.textContent('[role=alert]'), /\d+ s/, 'a new code has to wait');
  await page.fill('#code', await code(dev, email, 1));
  await next(page);
  await callback(page);
  await context.close();
  ({ context, page } = await opened(options));
  await page.click('a[href$="/forgot"]');
  await page.fill('#identifier', email);
  await next(page);
  await page.goto(await link(dev, email, 2));
  await page.fill('#password', 'quite another one');
  await next(page);
  assert.equal(await page.locator('#password').count(), 0);
  await context.close();
});
