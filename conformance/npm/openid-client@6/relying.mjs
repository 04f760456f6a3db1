// Relying parties: the unmodified openid-client, and a browser of few lines that signs in.
import { strict as assert } from 'node:assert';
import * as oidc from 'openid-client';
import { Browser, formOf } from '../../lib/browser.mjs';
import { basic, carol, hmac, machine, mixed, open, post, third } from '../../lib/seeded.mjs';

export { oidc };

const AUTHENTICATION = {
  [basic.id]: oidc.ClientSecretBasic(basic.secret),
  [post.id]: oidc.ClientSecretPost(post.secret),
  [hmac.id]: oidc.ClientSecretBasic(hmac.secret),
  [machine.id]: oidc.ClientSecretPost(machine.secret),
  [mixed.id]: oidc.ClientSecretBasic(mixed.secret),
  [open.id]: oidc.None(),
  [third.id]: oidc.ClientSecretPost(third.secret),
};
const ALGORITHMS = {
  [basic.id]: 'RS256', [mixed.id]: 'RS256', [post.id]: 'ES256', [open.id]: 'EdDSA',
  [hmac.id]: 'HS256', [third.id]: 'RS256',
};

/** The configuration of an application of the seed, by discovery. */
export async function discovered(dev, application, metadata = {}) {
  const execute = [oidc.allowInsecureRequests];
  // Signatures of ID tokens are verified as well; the package does so for published keys alone.
  if (application !== hmac) execute.push(oidc.enableNonRepudiationChecks);
  return oidc.discovery(
    new URL(`${dev.app_host}/oidc`),
    application.id,
    {
      client_secret: application.secret,
      id_token_signed_response_alg: ALGORITHMS[application.id],
      ...metadata,
    },
    AUTHENTICATION[application.id],
    { execute },
  );
}

/** A request with state, nonce and challenge; `checks` is what the code grant must be given. */
export async function request(config, application, parameters = {}) {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const expectedState = oidc.randomState();
  const expectedNonce = oidc.randomNonce();
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: application.callback,
    scope: 'openid profile email',
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...parameters,
  });
  for (const [name, value] of [...url.searchParams]) {
    if (value === '') url.searchParams.delete(name);
  }
  return { url, checks: { pkceCodeVerifier, expectedState, expectedNonce } };
}

/** A browser without any session. */
export function browserOf(dev) {
  return new Browser(dev.http_url);
}

/** The address, with its parameters, to which the server sends the browser after sign-in. */
export async function signedIn(browser, url, person = carol) {
  const answer = await browser.authorize(url, person);
  assert.equal(answer.status, 303, `${answer.status} ${answer.text}`);
  return answer.location;
}

/** What a form_post page would send: its action and fields. */
export async function posted(browser, url, person = carol) {
  const answer = await browser.authorize(url, person);
  assert.equal(answer.status, 200, answer.text);
  return formOf(answer.text);
}

/** A whole code flow: tokens, and the browser that holds the session. */
export async function tokensOf(dev, application, parameters = {}, browser = browserOf(dev)) {
  const config = await discovered(dev, application);
  const { url, checks } = await request(config, application, parameters);
  const back = await signedIn(browser, url);
  const tokens = await oidc.authorizationCodeGrant(config, back, checks);
  return { config, browser, tokens, back, checks };
}

/** The OAuth error that a call of the package ends with. */
export async function errorOf(promise) {
  const error = await promise.then(() => undefined, (e) => e);
  assert.ok(error, 'the call was not refused');
  return error.error ?? error.cause?.error ?? error.code ?? error.message;
}

/** A raw form to an endpoint of the server; `application` goes along in the body. */
export async function form(dev, path, fields, { application, headers } = {}) {
  const client = application && { client_id: application.id, client_secret: application.secret };
  const all = Object.entries({ ...client, ...fields }).filter(([, value]) => value !== undefined);
  const response = await fetch(`${dev.http_url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(all),
    headers,
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json');
  return { status: response.status, headers: response.headers, ...(json && JSON.parse(text)) };
}

/** `/oidc/token` as this application. */
export const token = (dev, application, fields) =>
  form(dev, '/oidc/token', fields, { application });
