// Each module of the certification plans Basic, Config and RpInitiatedLogout has a test here.
import { strict as assert } from 'node:assert';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../lib/server.mjs';

const PLANS = ['Basic', 'Config', 'RpInitiatedLogout'];
// Of the plan Dynamic, those that need no registration.
const MORE = [
  'oidcc-server-rotate-keys', 'oidcc-redirect-uri-query-OK', 'oidcc-redirect-uri-query-added',
  'oidcc-redirect-uri-query-mismatch', 'oidcc-idtoken-rs256',
  'oidcc-ensure-redirect-uri-in-authorization-request',
];

test('no module of the plans that apply is without its test', () => {
  const list = readFileSync(join(root, 'conformance/data/oidcc_modules.tsv'), 'utf8');
  const modules = list.trim().split('\n').map((line) => line.split('\t'));
  const wanted = modules.filter(([name, plans]) =>
    MORE.includes(name) || plans.split(',').some((p) => PLANS.includes(p)));
  assert.ok(wanted.length > 40);
  const files = readdirSync(import.meta.dirname ?? '.').filter((f) => f.endsWith('.test.mjs'));
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  // The three scopes are made from a list, as are the two displays.
  const named = (name) =>
    text.includes(name) || /^oidcc-(scope-(profile|email|phone)|display-(page|popup))$/.test(name);
  assert.deepEqual(wanted.map(([name]) => name).filter((name) => !named(name)), []);
});
