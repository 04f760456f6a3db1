// The names of what seed.toml makes.

export const carol = {
  id: '0000000000000000000000c1',
  email: 'carol@example.com',
  phone: '13800000001',
  username: 'carol',
  externalId: 'crm-carol',
  password: 'conformance carol 1',
};

export const dave = {
  id: '0000000000000000000000c2',
  email: 'dave@example.com',
  password: 'conformance dave 1',
};

export const bob = {
  id: '0000000000000000000000b1',
  email: 'bob@other.example',
  username: 'bob',
  password: 'conformance bob 1',
};

const callback = 'https://rp.example/callback';
const signedOut = 'https://rp.example/signed-out';

export const basic = {
  id: '0000000000000000000000a1',
  secret: 'conformance secret basic 0123456789',
  callback,
  signedOut,
  loopback: 'http://127.0.0.1/callback',
};

export const post = {
  id: '0000000000000000000000a2',
  secret: 'conformance secret post 0123456789',
  callback,
  signedOut,
};

export const open = { id: '0000000000000000000000a3', callback, signedOut };

export const hmac = {
  id: '0000000000000000000000a4',
  secret: 'conformance secret hmac 0123456789 0123456789',
  callback,
  signedOut,
};

export const machine = {
  id: '0000000000000000000000a5',
  secret: 'conformance secret machine 0123456789',
};

/** Another method at each endpoint: Basic for tokens, post for introspection, none to revoke. */
export const mixed = {
  id: '0000000000000000000000a6',
  secret: 'conformance secret mixed 0123456789',
  callback,
  withQuery: 'https://rp.example/query?kept=1',
};

/** A public application that may ask without PKCE. */
export const unchallenged = { id: '0000000000000000000000a7', callback, signedOut };

/** An application of somebody else: people are asked for consent. */
export const third = {
  id: '0000000000000000000000a8',
  secret: 'conformance secret third 0123456789',
  callback,
};

export const other = {
  pool: '0000000000000000000000b0',
  code: 'other',
  application: '0000000000000000000000b2',
  secret: 'conformance secret other 0123456789',
  callback,
  accessKey: '0000000000000000000000b3',
  accessSecret: 'conformance access key other 0123456789',
};
