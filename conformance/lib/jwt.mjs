// Reads and forges JSON web tokens.
import { createHmac } from 'node:crypto';

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (text) => JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));

/** Header and claims, unverified. */
export function read(token) {
  const [header, claims] = token.split('.');
  return { header: decode(header), claims: decode(claims) };
}

/** The token with another header, claims kept, and the given signature. */
export function withHeader(token, header, signature = token.split('.')[2]) {
  return `${encode(header)}.${token.split('.')[1]}.${signature}`;
}

/** The token with changed claims and the old signature. */
export function withClaims(token, changes) {
  const [header, claims, signature] = token.split('.');
  return `${header}.${encode({ ...decode(claims), ...changes })}.${signature}`;
}

/** The token signed anew as HS256 with `key`. */
export function asHmac(token, key) {
  const { header } = read(token);
  const text = `${encode({ ...header, alg: 'HS256' })}.${token.split('.')[1]}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

/** The token with its header given as raw text, so that a key can stand in it twice. */
export function withRawHeader(token, text) {
  const [, claims, signature] = token.split('.');
  return `${Buffer.from(text).toString('base64url')}.${claims}.${signature}`;
}
