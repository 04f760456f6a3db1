// What the doors answer to requests that are wrong as such: method, size, scope, repetition.
import { strict as assert } from 'node:assert';
import { connect as connect2 } from 'node:http2';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { basic, carol, machine } from '../../lib/seeded.mjs';
import { startServer } from '../../lib/server.mjs';
import { browserOf, discovered, form, request, token } from './relying.mjs';

const server = await startServer();
const { dev } = server;
after(() => server.stop());

test('userinfo for a token without openid is 403 insufficient_scope', async () => {
  const tokens = await token(dev, machine, {
    grant_type: 'password', username: carol.email, password: carol.password, scope: 'profile',
  });
  assert.equal(tokens.status, 200);
  const answer = await form(dev, '/oidc/me', { access_token: tokens.access_token });
  assert.deepEqual([answer.status, answer.error], [403, 'insufficient_scope']);
  const challenge = answer.headers.get('www-authenticate');
  assert.match(challenge, /^Bearer error="insufficient_scope", scope="openid"$/);
});

test('a wrong method is 405 and names the right ones', async () => {
  for (const [method, path, allowed] of [
    ['GET', '/oidc/token', 'POST, OPTIONS'],
    ['DELETE', '/oidc/me', 'GET, POST, HEAD, OPTIONS'],
    ['PUT', '/oidc/auth', 'GET, POST, HEAD, OPTIONS'],
    ['POST', '/oidc/.well-known/jwks.json', 'GET, HEAD, OPTIONS'],
    ['GET', '/oauth/token', 'POST, OPTIONS'],
  ]) {
    const response = await fetch(`${dev.http_url}${path}`, { method });
    assert.equal(response.status, 405, `${method} ${path}`);
    assert.equal(response.headers.get('allow'), allowed, `${method} ${path}`);
    await response.arrayBuffer();
  }
});

test('a repeated parameter is told to the client, where the address is sound', async () => {
  const config = await discovered(dev, basic);
  const open = async (name, value) => {
    const { url, checks } = await request(config, basic);
    url.searchParams.append(name, value);
    return [await browserOf(dev).open(url), checks.expectedState];
  };
  for (const name of ['nonce', 'scope', 'prompt', 'unknown', 'response_mode']) {
    const [answer, state] = await open(name, 'x');
    if (['nonce', 'scope'].includes(name)) {
      assert.equal(answer.location?.searchParams.get('error'), 'invalid_request', name);
      assert.equal(answer.location.searchParams.get('state'), state, name);
    } else {
      // Once is no repetition.
      assert.notEqual(answer.status, 500, name);
    }
  }
  const [twice] = await open('state', 'other');
  assert.equal(twice.location.searchParams.get('error'), 'invalid_request');
  assert.equal(twice.location.searchParams.get('state'), null, 'none of two states is the one');
  for (const [name, value] of [['client_id', basic.id], ['redirect_uri', basic.callback]]) {
    const [answer] = await open(name, value);
    assert.equal(answer.status, 400, name);
    assert.equal(answer.location, null, name);
  }
});

test('a repeated parameter at the token endpoint is refused', async () => {
  const body = new URLSearchParams({ grant_type: 'password', client_id: machine.id });
  body.append('grant_type', 'client_credentials');
  const response = await fetch(`${dev.http_url}/oidc/token`, { method: 'POST', body });
  assert.equal(response.status, 400);
  assert.equal((await response.json()).error, 'invalid_request');
});

test('a body that is announced too large is refused before it is sent', async () => {
  const { port } = new URL(dev.http_url);
  const head = [
    'POST /oidc/token HTTP/1.1', 'host: localhost', 'expect: 100-continue',
    'content-type: application/x-www-form-urlencoded', 'content-length: 10000000000', '', '',
  ].join('\r\n');
  const text = await new Promise((done, fail) => {
    let got = '';
    const socket = connect(Number(port), 'localhost', () => socket.write(head));
    socket.on('data', (bytes) => {
      got += bytes;
      if (got.includes('error_description')) socket.destroy();
    });
    socket.on('close', () => done(got));
    socket.on('error', fail);
  });
  assert.match(text, /^HTTP\/1\.1 413 /);
});

test('HTTP/2 without TLS is served where the client knows it', async () => {
  const session = connect2(dev.http_url);
  const status = await new Promise((done, fail) => {
    session.on('error', fail);
    const stream = session.request({ ':path': '/oidc/.well-known/openid-configuration' });
    stream.on('response', (headers) => done(headers[':status']));
    stream.on('error', fail);
    stream.end();
  });
  session.close();
  assert.equal(status, 200);
});
