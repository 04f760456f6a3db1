// Runs the package's own specs, as they stand in its tarball, against a server.
import { spawn } from 'node:child_process';
import {
  cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../lib/server.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const packaged = join(here, 'node_modules/authing-node-sdk');
const scratch = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'specs');
const copy = join(scratch, 'authing-node-sdk');

/** The spec files, as paths below the package's folder `test`. */
export const files = readdirSync(join(packaged, 'test'), { recursive: true })
  .filter((name) => name.endsWith('.spec.ts'))
  .sort();

/**
 * The code of the pool in which a spec runs. Making one takes a while, so most share: those that
 * take whatever user is listed first run where no users come and go, but one that does both runs
 * alone.
 */
function poolOf(spec) {
  const text = readFileSync(join(packaged, 'test', spec), 'utf8');
  if (!/listUsers/.test(text)) return 'specs-makers';
  if (!/(createUser|deleteUser)/.test(text)) return 'specs-readers';
  return `specs-${files.indexOf(spec)}`;
}

const pools = new Map(files.map((spec) => [spec, poolOf(spec)]));
const codes = [...new Set(pools.values())];
const keys = codes.map((pool, n) => ({
  pool, id: `5bec00000000000000000${String(n).padStart(3, '0')}`, secret: `secret of ${pool} 0123`,
}));

/** A seed with the pools of the specs, an access key in each, and users that can be listed. */
export const seed = {
  pools: codes.map((code) => ({ code, name: code })),
  access_keys: keys,
  users: codes.flatMap((pool) => ['first', 'second'].map((username) =>
    ({ pool, username, email: `${username}@example.com` }))),
};

/**
 * Runs these specs against the server at `host`.
 *
 * Returns one `{ spec, name, passed, message }` for each test; tests of a file that have the same
 * name are numbered.
 */
export async function run(host, specs) {
  // jest finds no tests below a folder named node_modules.
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  cpSync(packaged, copy, { recursive: true });
  rmSync(join(scratch, 'node_modules'), { force: true });
  symlinkSync(join(here, 'node_modules'), join(scratch, 'node_modules'));
  const keyOf = (spec) => keys.find(({ pool }) => pool === pools.get(spec));
  const keysFile = join(scratch, 'keys.json');
  const bySpec = Object.fromEntries(files.map((spec) => [spec, keyOf(spec)]));
  writeFileSync(keysFile, JSON.stringify({ host, keys: bySpec }));
  const report = join(scratch, 'report.json');
  rmSync(report, { force: true });
  const words = [
    join(here, 'node_modules/jest/bin/jest.js'), '--config', join(here, 'jest.config.cjs'),
    '--cacheDirectory', join(scratch, 'cache'), '--maxWorkers', '2',
    '--json', '--outputFile', report,
    '--runTestsByPath', ...specs.map((spec) => join(copy, 'test', spec)),
  ];
  const env = { ...process.env, KEYSTEAD_SPECS_ROOT: copy, KEYSTEAD_SPECS_KEYS: keysFile };
  const child = spawn(process.execPath, words, { cwd: copy, env, stdio: 'ignore' });
  await new Promise((done) => child.on('exit', done));
  return JSON.parse(readFileSync(report, 'utf8')).testResults.flatMap(testsOf);
}

function testsOf(file) {
  const spec = relative(join(copy, 'test'), file.name);
  const seen = new Map();
  return file.assertionResults.map(({ fullName, status, failureMessages }) => {
    const count = (seen.get(fullName) ?? 0) + 1;
    seen.set(fullName, count);
    const name = count === 1 ? fullName : `${fullName} (${count})`;
    return { spec, name, passed: status === 'passed', message: failureMessages.join('\n') };
  });
}
