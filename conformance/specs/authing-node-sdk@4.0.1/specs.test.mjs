// The package's own specs, unmodified, held against the committed list of their results.
import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startServer } from '../../lib/server.mjs';
import { files, run, seed } from './specs.mjs';

const LIST = fileURLToPath(new URL('results.tsv', import.meta.url));
const HEAD = 'spec\ttest\tresult\treason';
/** Specs of what is built: where a test of theirs fails, the list says why. */
const BUILT = /^(users|roles)\/|^ManagementClient/;
const writing = process.env.KEYSTEAD_WRITE === '1';

/** `spec<TAB>test` to its result and reason. */
function listed() {
  const rows = readFileSync(LIST, 'utf8').split('\n').slice(1).filter((line) => line);
  return new Map(rows.map((row) => {
    const [spec, name, result, reason] = row.split('\t');
    return [`${spec}\t${name}`, { passed: result === 'passed', reason }];
  }));
}

/** The results of these specs on a server of their own. */
async function measured(specs) {
  const dir = mkdtempSync(join(tmpdir(), 'keystead-specs-'));
  const seedFile = join(dir, 'seed.json');
  writeFileSync(seedFile, JSON.stringify(seed));
  const server = await startServer({ seedFile });
  try {
    return await run(server.dev.http_url, specs);
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true });
  }
}

let list = listed();
// Specs of which nothing passes yet take long to say so.
const known = new Set([...list.keys()].map((key) => key.split('\t')[0]));
const specs = writing ? files : files.filter((spec) => known.has(spec) || BUILT.test(spec));
const results = new Map(
  (await measured(specs)).map(({ spec, name, ...rest }) => [`${spec}\t${name}`, rest]),
);

if (writing) {
  const lines = [...results].flatMap(([key, now]) => {
    const before = list.get(key);
    // What passed once stays in the list: it has to pass again.
    if (now.passed || before?.passed) return [`${key}\tpassed\t`];
    return BUILT.test(key) ? [`${key}\tfailed\t${before?.reason || '?'}`] : [];
  });
  writeFileSync(LIST, `${[HEAD, ...lines.sort()].join('\n')}\n`);
  list = listed();
}

// One test for each that the list calls passed: they may only grow.
for (const [key, { passed }] of list) {
  if (!passed) continue;
  test(key.replace('\t', ': '), () => {
    assert.ok(results.get(key)?.passed, results.get(key)?.message ?? 'it did not run');
  });
}

test('the list tells all that passes, and why a test of what is built fails', () => {
  const wrong = [];
  for (const [key, { passed }] of results) {
    if (passed && !list.get(key)?.passed) wrong.push(`${key}: passes, run with --write`);
    if (!passed && BUILT.test(key) && !list.has(key)) wrong.push(`${key}: fails, is not listed`);
  }
  for (const [key, { passed, reason }] of list) {
    if (!passed && !/\w{3}/.test(reason)) wrong.push(`${key}: say why it fails`);
    if (!results.has(key)) wrong.push(`${key}: there is no such test`);
  }
  assert.deepEqual(wrong, []);
});

test('every spec of what is built ran', () => {
  const ran = new Set([...results.keys()].map((key) => key.split('\t')[0]));
  assert.deepEqual(files.filter((spec) => BUILT.test(spec) && !ran.has(spec)), []);
});
