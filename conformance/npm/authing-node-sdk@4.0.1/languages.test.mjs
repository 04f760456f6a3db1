// The option `lang`: the message of a failing call in four languages.
import { strict as assert } from 'node:assert';
import { after, test } from 'node:test';
import { startServer } from '../../lib/server.mjs';
import { management } from './clients.mjs';

const server = await startServer();
after(() => server.stop());

async function message(lang) {
  const answer = await management(server.dev, { lang }).getUser({
    userId: '000000000000000000000000',
  });
  assert.equal(answer.statusCode, 404);
  return answer.message;
}

test('each language has its own message', async () => {
  const scripts = {
    'en-US': /^[\x20-\x7e’]+$/,
    'zh-CN': /\p{Script=Han}/u,
    'zh-TW': /\p{Script=Han}/u,
    'ja-JP': /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
  };
  const messages = new Set();
  for (const [lang, script] of Object.entries(scripts)) {
    const text = await message(lang);
    assert.match(text, script, lang);
    messages.add(text);
  }
  assert.equal(messages.size, 4, [...messages].join('\n'));
});

test('an unknown language, and none, fall to zh-CN', async () => {
  const expected = await message('zh-CN');
  assert.equal(await message('tlh-KX'), expected);
  assert.equal(await message(undefined), expected);
});
