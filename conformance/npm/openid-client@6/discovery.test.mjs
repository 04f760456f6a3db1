// Discovery and keys: what is announced is what is served (plans Config and RpInitiatedLogout).
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { basic, hmac, open, post } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import { discovered, oidc } from './relying.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

const get = async (path) => {
  const response = await fetch(`${dev.http_url}${path}`);
  assert.equal(response.status, 200, path);
  return { json: await response.json(), headers: response.headers };
};

test('oidcc-discovery-endpoint-verification', async () => {
  const config = await discovered(dev, basic);
  const metadata = config.serverMetadata();
  const issuer = `${dev.app_host}/oidc`;
  assert.equal(metadata.issuer, issuer);
  const endpoints = {
    authorization_endpoint: '/auth',
    token_endpoint: '/token',
    userinfo_endpoint: '/me',
    introspection_endpoint: '/token/introspection',
    revocation_endpoint: '/token/revocation',
    end_session_endpoint: '/session/end',
    jwks_uri: '/.well-known/jwks.json',
  };
  for (const [name, path] of Object.entries(endpoints)) {
    assert.equal(metadata[name], issuer + path, name);
  }
  const lists = {
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post'],
    grant_types_supported: [
      'authorization_code', 'refresh_token', 'client_credentials', 'password',
    ],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'ES256', 'EdDSA', 'HS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: ['openid', 'profile', 'email', 'phone', 'offline_access'],
  };
  for (const [name, values] of Object.entries(lists)) {
    for (const value of values) assert.ok(metadata[name]?.includes(value), `${name} ${value}`);
  }
  assert.equal(metadata.authorization_response_iss_parameter_supported, true);
  for (const value of metadata.id_token_signing_alg_values_supported) {
    assert.ok(!/^none$/i.test(value));
  }
});

test('oidcc-rp-initiated-logout-discovery-endpoint-verification', async () => {
  const config = await discovered(dev, basic);
  const url = oidc.buildEndSessionUrl(config, { state: 'x' });
  assert.equal(url.origin + url.pathname, `${dev.app_host}/oidc/session/end`);
});

test('the key set holds public keys alone, RSA first, each with kid, use and alg', async () => {
  const { json, headers } = await get('/oidc/.well-known/jwks.json');
  assert.match(headers.get('content-type'), /json/);
  assert.match(headers.get('cache-control'), /max-age=\d+/);
  assert.equal(json.keys[0].kty, 'RSA');
  const kinds = json.keys.map((key) => `${key.kty} ${key.alg}`);
  for (const kind of ['RSA RS256', 'EC ES256', 'OKP EdDSA']) assert.ok(kinds.includes(kind), kind);
  for (const key of json.keys) {
    for (const name of ['kid', 'use', 'alg']) assert.match(key[name], /\S/);
    for (const secret of ['d', 'p', 'q', 'k', 'x5c']) assert.equal(key[secret], undefined);
  }
  assert.equal(new Set(json.keys.map((key) => key.kid)).size, json.keys.length);
});

test('any page may read discovery and keys, none may read tokens', async () => {
  const origin = 'https://page.example';
  for (const path of ['/oidc/.well-known/openid-configuration', '/oidc/.well-known/jwks.json']) {
    const response = await fetch(`${dev.http_url}${path}`, { headers: { origin } });
    assert.ok(['*', origin].includes(response.headers.get('access-control-allow-origin')), path);
    assert.equal(response.headers.get('access-control-allow-credentials'), null);
  }
  const response = await fetch(`${dev.http_url}/api/v3/get-user`, { headers: { origin } });
  assert.notEqual(response.headers.get('access-control-allow-credentials'), 'true');
});

test('attack_29 a foreign Host changes no address', async () => {
  const http = await import('node:http');
  const { port } = new URL(dev.http_url);
  const text = await new Promise((done, fail) => {
    http.get({
      host: 'localhost',
      port,
      path: '/oidc/.well-known/openid-configuration',
      headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    }, (response) => {
      let body = '';
      response.on('data', (bytes) => (body += bytes)).on('end', () => done(body));
    }).on('error', fail);
  });
  assert.ok(!text.includes('evil.example'), text);
});

test('every application of the seed is discovered', async () => {
  for (const application of [basic, post, open, hmac]) {
    const config = await discovered(dev, application);
    assert.equal(config.clientMetadata().client_id, application.id);
  }
});
