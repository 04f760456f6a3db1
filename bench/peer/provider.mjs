// oidc-provider, in memory, at the paths of the server: what a known implementation costs.
//
// Prints one line in the form of `dev.json`, and serves until it is killed.
import { createServer } from 'node:http';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import Provider from 'oidc-provider';

const MOUNT = '/oidc';
const RESOURCE = 'urn:bench';
const SECRET = 'bench secret 0123456789 0123456789';
const USER = 'bench-user';
// The applications of ../seed.toml, and one with the default algorithm.
const APPLICATIONS = {
  bench: 'RS256',
  '0000000000000000000000e5': 'ES256',
  '0000000000000000000000ed': 'EdDSA',
};

function jwks() {
  const pairs = {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: generateKeyPairSync('ed25519'),
  };
  const keys = Object.entries(pairs).map(([alg, { privateKey }]) => ({
    ...privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: alg,
  }));
  return { keys };
}

const clients = Object.entries(APPLICATIONS).map(([client_id, id_token_signed_response_alg]) => ({
  client_id,
  client_secret: SECRET,
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  redirect_uris: ['https://rp.example/callback'],
  token_endpoint_auth_method: 'client_secret_post',
  id_token_signed_response_alg,
}));

function configuration() {
  return {
    adapter: Rows,
    clients,
    jwks: jwks(),
    cookies: { keys: [randomBytes(16).toString('hex')] },
    routes: { jwks: '/.well-known/jwks.json' },
    enabledJWA: { idTokenSigningAlgValues: Object.values(APPLICATIONS) },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      resourceIndicators: {
        enabled: true,
        // A token of a person stays opaque: this library introspects no other kind.
        defaultResource: (ctx) => {
          const isOfApplication = ctx.oidc.params?.grant_type === 'client_credentials';
          return isOfApplication ? RESOURCE : undefined;
        },
        getResourceServerInfo: (ctx, resource, client) => ({
          scope: '',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: APPLICATIONS[client.clientId] } },
        }),
      },
    },
    findAccount: (ctx, accountId) => ({
      accountId, claims: () => ({ sub: accountId, name: 'Bench' }),
    }),
    rotateRefreshToken: true,
    ttl: {
      AccessToken: 3600, ClientCredentials: 3600, IdToken: 3600, RefreshToken: 86400, Grant: 86400,
    },
  };
}

// All rows of one kind, in memory: the library's own store forgets after a thousand.
class Rows {
  #rows = new Map();

  async upsert(id, payload) {
    this.#rows.set(id, payload);
  }

  async find(id) {
    return this.#rows.get(id);
  }

  async consume(id) {
    this.#rows.get(id).consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    this.#rows.delete(id);
  }

  async revokeByGrantId(grantId) {
    for (const [id, row] of this.#rows) if (row.grantId === grantId) this.#rows.delete(id);
  }
}

// Tokens of a person, without the pages by which a person would ask for them.
async function tokens(provider, clientId, scope) {
  const client = await provider.Client.find(clientId);
  const grant = new provider.Grant({ accountId: USER, clientId });
  grant.addOIDCScope(scope);
  const grantId = await grant.save();
  const facts = {
    accountId: USER, client, grantId, scope, gty: 'authorization_code',
    authTime: Math.floor(Date.now() / 1000), sessionUid: randomUUID(),
  };
  const access_token = await new provider.AccessToken(facts).save();
  const refresh_token = await new provider.RefreshToken({ ...facts, rotations: 0 }).save();
  return { access_token, refresh_token };
}

// The sign-in of the loads. It is no work of this library and is not measured.
async function signin(provider, request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { client_id: clientId, options } = JSON.parse(Buffer.concat(chunks));
  const data = await tokens(provider, clientId in APPLICATIONS ? clientId : 'bench', options.scope);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ statusCode: 200, data }));
}

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const http_url = `http://localhost:${server.address().port}`;
  const provider = new Provider(`${http_url}${MOUNT}`, configuration());
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (request.url.startsWith(`${MOUNT}/`)) {
      request.originalUrl = request.url;
      request.url = request.url.slice(MOUNT.length);
      answer(request, response);
    } else {
      const failed = (error) => response.writeHead(500).end(String(error));
      signin(provider, request, response).catch(failed);
    }
  });
  const none = 'none';
  console.log(JSON.stringify({
    http_url, app_id: 'bench', app_secret: SECRET, user_id: USER, user_email: none,
    user_password: none, access_key_id: none, access_key_secret: none,
  }));
});
