// Codes as the unmodified package asks for them, read from the development server's outbox.
import { strict as assert } from 'node:assert';
import { randomInt } from 'node:crypto';
import { delivered } from '../../lib/outbox.mjs';
import { accepted } from './clients.mjs';

/** The code that this channel sends to an e-mail address. */
export async function emailCode(dev, client, email, channel) {
  const send = () => client.sendEmail({ channel, email });
  const { answer, message } = await delivered(dev, email, send);
  accepted(answer);
  assert.match(message.code, /^\d{4,8}$/);
  return message.code;
}

/** The code that this channel sends to a phone number. */
export async function phoneCode(dev, client, phoneNumber, channel, phoneCountryCode) {
  const send = () => client.sendSms({ channel, phoneNumber, phoneCountryCode });
  const { answer, message } = await delivered(dev, phoneNumber, send);
  accepted(answer);
  assert.match(message.code, /^\d{4,8}$/);
  return message.code;
}

/** Another code of the same length. */
export function wrong(code) {
  return String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0');
}

/** A phone number that no other test uses. */
export function freshPhone() {
  return `139${String(randomInt(100_000_000)).padStart(8, '0')}`;
}
