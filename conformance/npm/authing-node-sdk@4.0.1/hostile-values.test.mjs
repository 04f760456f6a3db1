// Values that attack what they pass through: hashes, mails, headers, logs.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { delivered } from '../../lib/outbox.mjs';
import { startServer } from '../../lib/server.mjs';
import { accepted, authentication, freshEmail, management, refused } from './clients.mjs';

const server = await startServer();
const { dev } = server;
const client = management(dev);
const ARGON2 = 'c29tZXNhbHQxMjM0$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
after(() => server.stop());

test('attack_36 imported hashes that cost too much are refused, row by row', async () => {
  const options = { keepPassword: true };
  const total = async () => accepted(await client.listUsers({})).totalCount;
  const before = await total();
  for (const password of [
    `$argon2id$v=19$m=67108864,t=1,p=1$${ARGON2}`,
    '$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
    '$scrypt$ln=30,r=8,p=1$c2FsdA$aGFzaA',
    '$pbkdf2-sha256$i=1000000000000$c2FsdA$aGFzaA',
  ]) {
    refused(await client.createUser({ email: freshEmail(), password, options }), 400);
    const list = [{ email: freshEmail() }, { email: freshEmail(), password }];
    const batch = await client.createUsersBatch({ list, options });
    refused(batch, 400);
    assert.match(batch.message, /list\[1\]/);
  }
  assert.equal(await total(), before);
});

test('attack_50 line breaks in addresses and names are refused', async () => {
  for (const fields of [
    { email: 'a@x.example\r\nBcc: b@x.example' },
    { email: freshEmail(), phone: '13800000009\r\nX: 1' },
    { email: freshEmail(), username: 'a\r\nb' },
    { email: 'a\u001b[31m@x.example' },
  ]) {
    refused(await client.createUser(fields), 400);
  }
  const to = 'a@x.example\nSubject: hello';
  refused(await authentication(dev).sendEmail({ channel: 'CHANNEL_LOGIN', email: to }), 400);
  assert.doesNotMatch(server.output(), /^(Bcc|Subject|X): /m);
});

test('attack_50 a name is text in a mail, whatever it says', async () => {
  const email = freshEmail();
  const name = '<img src=x onerror=alert(1)>{{7*7}}{% include "x" %}${7*7}';
  accepted(await client.createUser({ email, name, nickname: name, givenName: name }));
  const send = () => authentication(dev).sendEmail({ channel: 'CHANNEL_RESET_PASSWORD', email });
  const { message } = await delivered(dev, email, send);
  const html = await (await fetch(`${dev.http_url}/dev/outbox/${message.id}/html`)).text();
  for (const text of [html, message.subject]) {
    assert.doesNotMatch(text, /<img src=x/);
    assert.doesNotMatch(text, /\b49\b/);
  }
  assert.doesNotMatch(message.subject, /[\r\n]/);
});
