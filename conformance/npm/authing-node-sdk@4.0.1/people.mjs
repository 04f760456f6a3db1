// New users with a client that acts for them.
import { accepted, authentication, freshEmail, management } from './clients.mjs';

export const password = 'a passphrase of mine';
const options = { scope: 'openid profile email phone offline_access' };

/** The tokens of a sign-in with a password. */
export async function signIn(dev, email, secret = password, through = authentication(dev)) {
  return accepted(await through.signInByEmailPassword({ email, password: secret, options }));
}

/** A new user with a password, their tokens, and a client that acts for them. */
export async function newcomer(dev, fields = {}) {
  const email = freshEmail();
  const user = accepted(await management(dev).createUser({ email, password, ...fields }));
  const tokens = await signIn(dev, email);
  const client = authentication(dev);
  client.setAccessToken(tokens.access_token);
  return { client, user, email, tokens };
}
