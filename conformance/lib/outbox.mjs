// Reads what the development server captured instead of sending it.
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MS = 10_000;
const digits = (text) => text.replace(/\D/g, '');

/** The captured messages, newest first. */
export async function messages(dev) {
  const response = await fetch(`${dev.http_url}/dev/outbox`);
  if (!response.ok) throw new Error(`/dev/outbox: ${response.status} ${await response.text()}`);
  return response.json();
}

/** The captured messages to one e-mail address or phone number, newest first. */
export async function messagesTo(dev, to) {
  const same = to.includes('@')
    ? (message) => message.to.toLowerCase() === to.toLowerCase()
    : (message) => !message.to.includes('@') && digits(message.to).endsWith(digits(to));
  return (await messages(dev)).filter(same);
}

/** Runs `send` and waits for the message to `to` that it makes; answers both. */
export async function delivered(dev, to, send) {
  const known = new Set((await messagesTo(dev, to)).map((message) => message.id));
  const answer = await send();
  for (const start = Date.now(); Date.now() - start < WAIT_MS; await sleep(10)) {
    const message = (await messagesTo(dev, to)).find(({ id }) => !known.has(id));
    if (message) return { answer, message };
  }
  throw new Error(`no message to ${to} after ${JSON.stringify(answer)}`);
}

/** Waits until the server has nothing left to deliver to `to`, and answers what came. */
export async function quiet(dev, to, ms = 400) {
  await sleep(ms);
  return messagesTo(dev, to);
}
