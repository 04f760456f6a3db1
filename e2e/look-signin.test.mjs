// How the pages of signing in and out look.
import { after } from 'node:test';
import { startServer } from '../conformance/lib/server.mjs';
import { testLooks } from './looks.mjs';
import { newPhone } from './mailbox.mjs';
import { authorizeUrl, fill, launch } from './page.mjs';
import { visitor } from './visit.mjs';

const server = await startServer();
const browser = await launch();
after(async () => {
  await browser.close();
  await server.stop();
});

const { dev, ours, next, signIn, step, sent, signedIn, forced, locked } = visitor(server);
const alert = (page) => page.locator('[role=alert]').waitFor();

testLooks(browser, {
  'sign-in': { open: signIn },
  'sign-in error': {
    open: async (page) => {
      await signIn(page);
      await fill(page, 'nobody@example.com', 'wrong');
      await alert(page);
    },
  },
  locked: { open: locked },
  unlock: { open: (page) => step(page, 'unlock') },
  'forced password': { open: forced },
  error: {
    open: (page) => page.goto(authorizeUrl(dev, { ...ours, redirect: 'https://x.example' }).url),
  },
  'not found': { open: (page) => page.goto(`${dev.app_host}/nowhere`) },
  'signed out': { open: (page) => page.goto(`${dev.app_host}/oidc/session/end`) },
  home: { open: (page) => page.goto(`${dev.app_host}/`) },
  'signed in': {
    open: async (page) => {
      await signedIn(page);
      await page.goto(`${dev.app_host}/`);
    },
  },
  'sign-out question': {
    open: async (page) => {
      await signedIn(page);
      await page.goto(`${dev.app_host}/oidc/session/end`);
    },
  },
  callback: { open: signedIn, fixed: true },
  'code by mail': { open: (page) => step(page, 'email-code') },
  'code by text message': { open: (page) => step(page, 'sms-code') },
  'code to enter': { open: (page) => sent(page, 'email-code') },
  'code to enter from a phone': { open: (page) => sent(page, 'sms-code', newPhone()) },
  'code error': {
    open: async (page) => {
      await sent(page, 'email-code');
      await page.fill('#code', '000000');
      await next(page);
      await alert(page);
    },
  },
});
