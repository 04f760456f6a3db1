// Chromium through playwright-core, watched: no policy violation, no error in the console.
import { strict as assert } from 'node:assert';
import { randomBytes, createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

// Without the background flags Chromium asks hosts of its maker at every start.
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** A headless Chromium; `CHROMIUM` names another one than Debian's. */
export async function launch() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: FLAGS });
}

/** A page in a context of its own, and `problems`: what its console and its policy complain of. */
export async function watched(browser, options = {}) {
  const context = await browser.newContext({ locale: 'en-US', ...options });
  const problems = [];
  await context.exposeBinding('reportViolation', (_, text) => problems.push(text));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.reportViolation(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    // Chromium also complains of a page that was answered with 4xx, as refusals are.
    const refusal = /^Failed to load resource.* 4\d\d /.test(message.text())
      && !/\.\w+$/.test(new URL(message.location().url).pathname);
    if (refusal || !['error', 'warning'].includes(message.type())) return;
    problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  return { context, page, problems };
}

/** Asserts that nothing was reported since the last time. */
export function quiet(problems) {
  assert.deepEqual(problems.splice(0), []);
}

/** An authorization URL of an application, with a challenge. */
export function authorizeUrl(dev, { id, redirect }, parameters = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const url = new URL(`${dev.app_host}/oidc/auth`);
  const all = {
    client_id: id,
    redirect_uri: redirect,
    response_type: 'code',
    scope: 'openid profile',
    state: randomBytes(8).toString('hex'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...parameters,
  };
  Object.entries(all).forEach(([name, value]) => url.searchParams.set(name, value));
  return { url: url.href, state: all.state, verifier };
}

/** Fills the sign-in form and sends it by the button. */
export async function fill(page, identifier, password) {
  await page.fill('#identifier', identifier);
  await page.fill('#password', password);
  await page.click('button.primary');
}

/** An application on a port of its own, which remembers what it was sent. */
export async function application() {
  const received = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (bytes) => (body += bytes));
    request.on('end', () => {
      const url = new URL(request.url, 'http://127.0.0.1');
      if (url.pathname === '/callback') {
        const parameters = request.method === 'POST' ? new URLSearchParams(body) : url.searchParams;
        received.push({ method: request.method, parameters });
      }
      response.setHeader('content-type', 'text/html');
      if (url.pathname === '/form') {
        const to = new URL(url.searchParams.get('to'));
        const fields = [...to.searchParams].map(([n, v]) => `<input name="${n}" value="${v}">`);
        response.end(`<!doctype html><html lang="en"><title>Form</title><h1>Form</h1>
          <form method="post" action="${to.origin}${to.pathname}">
          ${fields.join('')}<button>Sign in</button></form>`);
        return;
      }
      response.end('<!doctype html><html lang="en"><title>Back</title><h1>Back</h1>');
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  return {
    redirect: `http://127.0.0.1:${port}/callback`,
    form: (to) => `http://127.0.0.1:${port}/form?to=${encodeURIComponent(to)}`,
    received,
    close: () => new Promise((done) => server.close(done)),
  };
}
