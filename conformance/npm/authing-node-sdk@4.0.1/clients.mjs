// The clients of the unmodified package, made from dev.json, and raw calls signed by its signer.
import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { recorded } from '../../lib/covered.mjs';

const require = createRequire(import.meta.url);
export const sdk = require('authing-node-sdk');
const signer = require('authing-node-sdk/dist/utils/buildSignature');

/** A ManagementClient of the development pool's access key. */
export function management(dev, options = {}) {
  const client = new sdk.ManagementClient({
    accessKeyId: dev.access_key_id,
    accessKeySecret: dev.access_key_secret,
    host: dev.http_url,
    lang: 'en-US',
    ...options,
  });
  return recorded('ManagementClient', client);
}

/** An AuthenticationClient of the development application. */
export function authentication(dev, options = {}) {
  const client = new sdk.AuthenticationClient({
    appId: dev.app_id,
    appSecret: dev.app_secret,
    appHost: dev.app_host,
    redirectUri: dev.redirect_uri,
    scope: 'openid profile email phone',
    ...options,
  });
  return recorded('AuthenticationClient', client);
}

/** An AuthenticationClient of an application of the seed file. */
export function authenticationOf(dev, application, method, options = {}) {
  return authentication(dev, {
    appId: application.id,
    appSecret: application.secret,
    redirectUri: application.callback,
    tokenEndPointAuthMethod: method,
    introspectionEndPointAuthMethod: method,
    revocationEndPointAuthMethod: method,
    ...options,
  });
}

/**
 * One signed call, every part of which a test can change after signing: `change.headers`,
 * `change.path`, `change.body`; `sign.headers` takes effect before.
 */
export async function signed(dev, method, path, { fields = {}, sign = {}, change = {} } = {}) {
  const headers = {
    'x-authing-signature-nonce': randomBytes(16).toString('hex'),
    'x-authing-signature-method': 'HMAC-SHA1',
    'x-authing-signature-version': '1.0',
    'x-authing-sdk-version': 'authing-node-sdk:4.0.1',
    'x-authing-lang': 'en-US',
    date: new Date().toUTCString(),
    ...sign.headers,
  };
  Object.keys(headers).forEach((name) => headers[name] ?? delete headers[name]);
  const text = signer.buildStringToSign(sign.method ?? method, path, headers, fields);
  const id = sign.id ?? dev.access_key_id;
  const secret = sign.secret ?? dev.access_key_secret;
  headers.authorization = signer.buildAuthorization(id, secret, text);
  const query = method === 'GET' ? `?${new URLSearchParams(fields)}` : '';
  const body = method === 'GET' ? undefined : (change.body ?? JSON.stringify(fields));
  return answerOf(await fetch(`${dev.http_url}${change.path ?? path + query}`, {
    method,
    body,
    headers: { 'content-type': 'application/json', ...headers, ...change.headers },
  }));
}

/** The parsed envelope, which every answer of `/api/v3` is, with HTTP status 200. */
export async function answerOf(response) {
  const text = await response.text();
  assert.equal(response.status, 200, text);
  const body = JSON.parse(text);
  assert.equal(typeof body.statusCode, 'number', text);
  assert.equal(typeof body.message, 'string', text);
  return body;
}

/** Asserts a refusal of the envelope: its status, its apiCode where one is named, a request id. */
export function refused(body, statusCode, apiCode) {
  const text = JSON.stringify(body);
  assert.equal(body.statusCode, statusCode, text);
  if (apiCode !== undefined) assert.equal(body.apiCode, apiCode, text);
  assert.ok(body.message.length > 0, text);
  assert.match(body.requestId, /\S/, text);
  assert.equal(body.data ?? null, null, text);
}

/** Asserts success and hands out the data. */
export function accepted(body) {
  assert.equal(body.statusCode, 200, JSON.stringify(body));
  assert.equal(body.apiCode, undefined, JSON.stringify(body));
  return body.data;
}

/** An address that no other test uses. */
export function freshEmail() {
  return `u${randomBytes(6).toString('hex')}@example.com`;
}
