// A person signs in and out through the hosted pages, in Chromium.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { basic, carol } from '../conformance/lib/seeded.mjs';
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

const ours = { id: dev.app_id, redirect: dev.redirect_uri };
const foreign = { id: basic.id, redirect: elsewhere.redirect };

async function opened(client, parameters, options) {
  const watch = await watched(browser, options);
  const request = authorizeUrl(dev, client, parameters);
  await watch.page.goto(request.url);
  return { ...watch, ...request };
}

test('by query to the development callback', async () => {
  const { context, page, problems, state } = await opened(ours);
  await fill(page, carol.email, carol.password);
  await page.waitForURL(`${dev.redirect_uri}*`);
  const parameters = new URL(page.url()).searchParams;
  assert.equal(parameters.get('state'), state);
  assert.equal(parameters.get('iss'), `${dev.app_host}/oidc`);
  const text = await page.textContent('body');
  assert.ok(text.includes(parameters.get('code')));
  assert.match(text, /curl/);
  quiet(problems);
  await context.close();
});

test('by form_post to the development callback', async () => {
  const { context, page, problems, state } = await opened(ours, { response_mode: 'form_post' });
  await fill(page, carol.email, carol.password);
  await page.waitForURL(`${dev.redirect_uri}*`);
  assert.equal(new URL(page.url()).search, '');
  assert.ok((await page.textContent('body')).includes(state));
  quiet(problems);
  await context.close();
});

for (const [mode, method] of [['query', 'GET'], ['form_post', 'POST']]) {
  test(`by ${mode} to an application on another port`, async () => {
    const { context, page, problems, state } = await opened(foreign, { response_mode: mode });
    await fill(page, carol.email, carol.password);
    await page.waitForURL(`${elsewhere.redirect}*`);
    const last = elsewhere.received.at(-1);
    assert.equal(last.method, method);
    assert.equal(last.parameters.get('state'), state);
    assert.match(last.parameters.get('code'), /\S/);
    quiet(problems);
    await context.close();
  });
}

test('a wrong password shows the alert, keeps the name, empties the password', async () => {
  const { context, page, problems } = await opened(ours);
  await fill(page, carol.email, 'wrong');
  const alert = page.locator('[role=alert]');
  await alert.waitFor();
  assert.match(await alert.textContent(), /\S/);
  assert.match(await page.title(), /^Error:/);
  assert.equal(await page.inputValue('#identifier'), carol.email);
  assert.equal(await page.inputValue('#password'), '');
  await fill(page, carol.email, carol.password);
  await page.waitForURL(`${dev.redirect_uri}*`);
  quiet(problems);
  await context.close();
});

test('by keyboard alone', async () => {
  const { context, page, problems } = await opened(ours);
  await page.focus('body');
  const stops = [];
  for (let n = 0; n < 20; n += 1) {
    await page.keyboard.press('Tab');
    const id = await page.evaluate(() => document.activeElement.id);
    stops.push(id);
    if (id === 'identifier') await page.keyboard.type(carol.email);
    if (id === 'password') {
      await page.keyboard.type(carol.password);
      await page.keyboard.press('Enter');
      break;
    }
  }
  const [name, secret] = ['identifier', 'password'].map((id) => stops.indexOf(id));
  assert.ok(name >= 0 && secret > name, stops.join(' '));
  await page.waitForURL(`${dev.redirect_uri}*`);
  quiet(problems);
  await context.close();
});

test('without JavaScript, form_post by its button', async () => {
  const { context, page } = await opened(
    foreign, { response_mode: 'form_post' }, { javaScriptEnabled: false },
  );
  await fill(page, carol.email, carol.password);
  await page.click('button.primary');
  await page.waitForURL(`${elsewhere.redirect}*`);
  assert.equal(elsewhere.received.at(-1).method, 'POST');
  await context.close();
});

test('over HTTPS as well, with the development certificate', async () => {
  const { context, page, problems } = await watched(browser, { ignoreHTTPSErrors: true });
  const { url } = authorizeUrl({ app_host: dev.https_url }, ours);
  await page.goto(url);
  await fill(page, carol.email, carol.password);
  await page.waitForURL(/\/dev\/callback\?/);
  quiet(problems);
  await context.close();
});

test('a second request of the same browser asks nothing; sign-out ends that', async () => {
  const { context, page, problems } = await opened(ours);
  await fill(page, carol.email, carol.password);
  await page.waitForURL(`${dev.redirect_uri}*`);
  await page.goto(authorizeUrl(dev, ours).url);
  assert.ok(page.url().startsWith(dev.redirect_uri), page.url());
  await page.goto(`${dev.app_host}/oidc/session/end`);
  await page.click('button[value=sign_out]');
  await page.waitForLoadState();
  await page.goto(authorizeUrl(dev, ours).url);
  await page.locator('#password').waitFor();
  quiet(problems);
  await context.close();
});

test('the session survives a form of another site', async () => {
  const { context, page, problems } = await opened(foreign);
  await fill(page, carol.email, carol.password);
  await page.waitForURL(`${elsewhere.redirect}*`);
  const { url, state } = authorizeUrl(dev, foreign, { prompt: 'none' });
  await page.goto(elsewhere.form(url));
  await page.click('button');
  await page.waitForURL(`${elsewhere.redirect}*`);
  const { parameters } = elsewhere.received.at(-1);
  assert.equal(parameters.get('error'), null);
  assert.equal(parameters.get('state'), state);
  assert.match(parameters.get('code'), /\S/);
  quiet(problems);
  await context.close();
});

test('staying signed in is the other button of the sign-out page', async () => {
  const { context, page } = await opened(ours);
  await fill(page, carol.email, carol.password);
  await page.waitForURL(`${dev.redirect_uri}*`);
  await page.goto(`${dev.app_host}/oidc/session/end`);
  await page.click('button[value=stay]');
  await page.waitForLoadState();
  await page.goto(authorizeUrl(dev, ours).url);
  assert.ok(page.url().startsWith(dev.redirect_uri), page.url());
  await context.close();
});
