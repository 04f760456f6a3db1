// The ways to the pages that a person may meet.
import { spawnSync } from 'node:child_process';
import { carol } from '../conformance/lib/seeded.mjs';
import { binary } from '../conformance/lib/server.mjs';
import { link, newEmail } from './mailbox.mjs';
import { authorizeUrl, fill } from './page.mjs';

export const PASSWORD = 'four words in a row';

/** What a visitor of this server does. */
export function visitor(server) {
  const { dev } = server;
  const ours = { id: dev.app_id, redirect: dev.redirect_uri };
  const next = (page) => page.click('button.primary');
  const signIn = (page) => page.goto(authorizeUrl(dev, ours).url);

  /** Opens a step of a flow. */
  async function step(page, name) {
    await signIn(page);
    await page.goto(`${page.url().split('?')[0]}/${name}`);
  }

  /** Opens a step that asks for an address, and sends the form; answers the address. */
  async function sent(page, name, address = newEmail()) {
    await step(page, name);
    await page.fill('#identifier', address);
    await next(page);
    await page.waitForLoadState();
    return address;
  }

  function keystead(words, input) {
    const all = [...words, '--data', server.dir];
    const { status, stdout, stderr } = spawnSync(binary(), all, { input, encoding: 'utf8' });
    if (status !== 0) throw new Error(`keystead ${words.join(' ')}: ${stderr}`);
    return JSON.parse(stdout);
  }

  /** A new person with a password. */
  function person() {
    return keystead(['user', 'create', '--email', newEmail()], `${PASSWORD}\n`);
  }

  /** Calls V3 as the development application. */
  async function call(path, body) {
    const headers = { 'content-type': 'application/json', 'x-authing-app-id': dev.app_id };
    const request = { method: 'POST', headers, body: JSON.stringify(body) };
    return (await fetch(`${dev.http_url}/api/v3/${path}`, request)).json();
  }

  async function signedIn(page) {
    await signIn(page);
    await fill(page, carol.email, carol.password);
    await page.waitForURL(`${dev.redirect_uri}*`);
  }

  /** Opens the link to a new password. */
  async function resetLink(page) {
    const { email } = person();
    await sent(page, 'forgot', email);
    await page.goto(await link(dev, email));
  }

  /** Opens the link that confirms an address. */
  async function verifyLink(page) {
    const email = newEmail();
    const body = { connection: 'PASSWORD', passwordPayload: { email, password: PASSWORD } };
    const made = await call('signup', body);
    if (made.statusCode !== 200) throw new Error(JSON.stringify(made));
    await call('send-email', { channel: 'CHANNEL_VERIFY_EMAIL_LINK', email });
    await page.goto(await link(dev, email));
  }

  /** Signs in with a password that is due for change, up to the form for the new one. */
  async function forced(page) {
    const { id, email } = person();
    keystead(['user', 'set-password', id, '--reset'], `${PASSWORD}\n`);
    await signIn(page);
    await fill(page, email, PASSWORD);
    await page.waitForURL('**/new-password');
  }

  /** Tries wrong passwords until the account is locked, then the right one. */
  async function locked(page) {
    const { email } = person();
    const wrong = { client_id: dev.app_id, client_secret: dev.app_secret,
      connection: 'PASSWORD', passwordPayload: { email, password: 'wrong' } };
    for (let tries = 0; tries < 11; tries += 1) await call('signin', wrong);
    await signIn(page);
    await fill(page, email, PASSWORD);
    await page.locator('[role=alert] a[href$="/unlock"], a[href$="/unlock"]').first().waitFor();
  }

  return { dev, ours, next, signIn, step, sent, signedIn, resetLink, verifyLink, forced, locked };
}
