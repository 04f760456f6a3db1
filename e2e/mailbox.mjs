// What the development server captured instead of sending, and names nobody else uses.
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MS = 15_000;
let made = 0;

/** An e-mail address that no other test uses: messages to one address are limited. */
export const newEmail = () => `person-${process.pid}-${made++}@e2e.example`;

/** A phone number that no other test uses. */
export function newPhone() {
  const [process4, number4] = [process.pid % 10_000, made++].map((n) => `${n}`.padStart(4, '0'));
  return `139${process4}${number4}`;
}

/** The captured messages to one address, newest first. */
export async function messagesTo(dev, to) {
  const messages = await (await fetch(dev.outbox_url)).json();
  return messages.filter((message) => message.to.endsWith(to));
}

/** The message to `to` that comes after the first `known` ones. */
export async function message(dev, to, known = 0) {
  for (const start = Date.now(); Date.now() - start < WAIT_MS; await sleep(20)) {
    const all = await messagesTo(dev, to);
    if (all.length > known) return all[0];
  }
  throw new Error(`no message number ${known} to ${to}`);
}

/** The code in that message. */
export const code = async (dev, to, known) => (await message(dev, to, known)).code;

/** The link in that message. */
export async function link(dev, to, known) {
  const { text } = await message(dev, to, known);
  return /https?:\/\/\S+/.exec(text)[0];
}
