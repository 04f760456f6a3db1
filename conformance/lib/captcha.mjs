// Captchas of a development server: asked early, and their characters.
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { binary } from './server.mjs';

/** Asks for a captcha after so many wrong sign-ins of an address. */
export function askAfter(server, tries) {
  const words = ['pool', 'set', 'main', `captcha_after=${tries}`, '--data', server.dir];
  const { status, stderr } = spawnSync(binary(), words, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

/** The characters of the captcha with this token. */
export async function characters(dev, token) {
  const response = await fetch(`${dev.http_url}/dev/captchas/${encodeURIComponent(token)}`);
  assert.equal(response.status, 200);
  return (await response.json()).code;
}
