// Passwords encrypted as a client of V3 would: RSA under the key of getSystemInfo.
import { constants, publicEncrypt } from 'node:crypto';

/** The password as RSA PKCS#1 v1.5 in base64. */
export async function encrypted(client, password) {
  const { rsa } = await client.getSystemInfo();
  const key = { key: rsa.publicKey, padding: constants.RSA_PKCS1_PADDING };
  return publicEncrypt(key, Buffer.from(password)).toString('base64');
}
