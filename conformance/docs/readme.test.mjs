// Runs the tour of README.md as a reader would: each block as it stands, in order, in one folder.
//
// A block that starts with ```sh tour or ```js tour is run; the ```text output block right after
// it says which lines it prints, `…` standing for anything. A block ```rust example=PATH must be
// the text of that file. The server runs already: the tour's ports and folder are replaced by its.
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { binary, root, startServer } from '../lib/server.mjs';

const server = await startServer({ seedFile: null });
const folder = mkdtempSync(join(tmpdir(), 'keystead-tour-'));
symlinkSync(server.dir, join(folder, 'keystead-data'));
const modules = join(root, 'conformance/npm/authing-node-sdk@4.0.1/node_modules');
symlinkSync(modules, join(folder, 'node_modules'));
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
});

const text = readFileSync(join(root, 'README.md'), 'utf8');
const fence = /^```(\w+) ?([^\n]*)\n([\s\S]*?)^```$/gm;
const blocks = [...text.matchAll(fence)].map(([, language, info, body]) => ({
  language, info: info.trim(), body,
}));

function here(body) {
  return body
    .replaceAll('http://localhost:8080', server.dev.http_url)
    .replaceAll('https://localhost:8443', server.dev.https_url)
    .replaceAll('target/release/keystead', binary());
}

function run({ language, body }) {
  const options = { cwd: folder, encoding: 'utf8', timeout: 60_000 };
  if (language === 'sh') return spawnSync('bash', ['-euo', 'pipefail', '-c', here(body)], options);
  const file = join(folder, `tour-${blocks.length}.mjs`);
  writeFileSync(file, here(body));
  return spawnSync(process.execPath, [file], options);
}

function pattern(line) {
  const parts = here(line).split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.*'));
}

test('the two commands stand in the README', () => {
  assert.ok(text.includes('cargo run --release -- serve --dev'));
  assert.ok(/^\.\/test$/m.test(text));
});

test('the README has a tour', () => {
  assert.ok(blocks.filter(({ info }) => info === 'tour').length >= 2);
});

blocks.forEach((block, index) => {
  if (block.info === 'tour') {
    test(`block ${index + 1}: ${block.body.split('\n')[0]}`, () => {
      const { status, stdout, stderr } = run(block);
      assert.equal(status, 0, `${stdout}${stderr}`);
      const next = blocks[index + 1];
      const lines = next?.info === 'output' ? next.body.split('\n').filter(Boolean) : [];
      for (const line of lines) assert.match(stdout, pattern(line));
    });
  }
  const example = /^example=(\S+)$/.exec(block.info)?.[1];
  if (example) {
    test(`block ${index + 1} is ${example}`, () => {
      assert.equal(block.body, readFileSync(join(root, example), 'utf8'));
    });
  }
});
