// Captchas: asked after wrong sign-ins of one address, good for one try each.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { askAfter, characters } from '../../lib/captcha.mjs';
import { carol, other } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import { accepted, authentication, authenticationOf, refused } from './clients.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());
askAfter(server, 2);

const client = authentication(dev);
const { email } = carol;
const signIn = (password, options) => client.signInByEmailPassword({ email, password, options });

test('a captcha is an SVG and a token, each one new', async () => {
  const first = accepted(await client.geneCatchaCodeAndToken());
  const second = accepted(await client.geneCatchaCodeAndToken());
  for (const { captchaCodeSvg, captchaToken } of [first, second]) {
    assert.match(captchaCodeSvg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .*<\/svg>$/);
    assert.match(captchaToken, /^[\w-]{43}$/);
    assert.match(await characters(dev, captchaToken), /^[2-9A-HJKMNP-Z]{4}$/);
  }
  assert.notEqual(first.captchaToken, second.captchaToken);
});

test('an application that does not exist gets none', async () => {
  const strange = authenticationOf(dev, { id: '0000000000000000000000ee', secret: 'x' });
  refused(await strange.geneCatchaCodeAndToken(), 404, 2011);
});

test('after wrong passwords a sign-in takes one, once', async () => {
  for (let n = 0; n < 2; n += 1) refused(await signIn('wrong'), 403, 2006);
  refused(await signIn('wrong'), 403, 2000);
  refused(await signIn(carol.password), 403, 2000);
  const { captchaToken } = accepted(await client.geneCatchaCodeAndToken());
  const captchaCode = await characters(dev, captchaToken);
  accepted(await signIn(carol.password, { captchaCode, captchaToken }));
  refused(await signIn(carol.password, { captchaCode, captchaToken }), 400, 2001);
  refused(await signIn(carol.password), 403, 2000);
});

test('wrong characters use it up; another captcha, application or pool does not fit', async () => {
  const shown = async (of = client) => {
    const { captchaToken } = accepted(await of.geneCatchaCodeAndToken());
    return { captchaToken, captchaCode: await characters(dev, captchaToken) };
  };
  const good = await shown();
  refused(await signIn(carol.password, { ...good, captchaCode: 'xxxx' }), 400, 2001);
  refused(await signIn(carol.password, good), 400, 2001);
  const { captchaCode } = await shown();
  refused(await signIn(carol.password, { ...(await shown()), captchaCode }), 400, 2001);
  refused(await signIn(carol.password, { captchaCode }), 400, 2001);
  const { captchaToken } = await shown();
  refused(await signIn(carol.password, { captchaToken }), 400, 2001);
  const foreign = authenticationOf(dev, { id: other.application, secret: other.secret });
  refused(await signIn(carol.password, await shown(foreign)), 400, 2001);
  const lower = await shown();
  lower.captchaCode = ` ${lower.captchaCode.toLowerCase()} `;
  accepted(await signIn(carol.password, lower));
});
