// Starts the built server on free ports and an empty data folder, and stops it again.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const seed = join(root, 'conformance/seed.toml');

const START_S = 60;
const STOP_S = 10;

/** The built server; `CARGO_TARGET_DIR` is honoured as cargo does. */
export function binary() {
  return join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug/keystead');
}

/** Which database the suite runs on: `sqlite` or `postgres`. */
export function database() {
  return process.env.KEYSTEAD_TEST_DB ?? 'sqlite';
}

/**
 * Starts `keystead serve`, with `--dev` unless told otherwise.
 *
 * Returns `dev` (the content of dev.json), `dir`, `output()`, and `stop()`, which throws unless
 * the server drains and exits with 0.
 */
export async function startServer({ dev = true, seedFile = seed, args = [], env = {} } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'keystead-test-'));
  const base = database() === 'postgres' ? createDatabase() : undefined;
  const words = ['serve', '--data', dir, ...(dev ? ['--dev'] : []), ...args];
  if (seedFile) words.push('--seed', seedFile);
  const child = spawn(binary(), words, {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      TMPDIR: tmpdir(),
      KEYSTEAD_HTTP_PORT: '0',
      KEYSTEAD_HTTPS_PORT: '0',
      ...(base && { KEYSTEAD_DATABASE_URL: base.url, KEYSTEAD_MASTER_KEY: base.masterKey }),
      ...env,
    },
  });
  let text = '';
  child.stdout.on('data', (bytes) => (text += bytes));
  child.stderr.on('data', (bytes) => (text += bytes));
  const failed = new Promise((_, reject) => child.on('error', reject));
  const exited = new Promise((done) => child.on('exit', (code, signal) => done({ code, signal })));
  failed.catch(() => {});

  async function stop() {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    const slow = sleep(STOP_S * 1000, 'slow', { ref: false });
    const end = await Promise.race([exited, slow]);
    if (end === 'slow') child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
    if (base) dropDatabase(base.name);
    if (end === 'slow') throw new Error(`no exit within ${STOP_S} s of SIGTERM\n${text}`);
    if (end.code !== 0) throw new Error(`exit ${end.code ?? end.signal}\n${text}`);
  }

  async function waitFor(look, what) {
    for (let tries = 0; tries < START_S * 20; tries += 1) {
      const found = look();
      if (found) return found;
      const end = await Promise.race([exited, failed, sleep(50)]);
      if (end) break;
    }
    child.kill('SIGKILL');
    throw new Error(`the server did not write ${what}\n${text}`);
  }

  const handle = { dir, stop, waitFor, output: () => text, pid: child.pid };
  if (!dev) return handle;
  const file = join(dir, 'dev.json');
  handle.dev = await waitFor(() => existsSync(file) && parsed(readFileSync(file, 'utf8')), file);
  return handle;
}

/** The JSON value, or undefined while the file is half written. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function createDatabase() {
  const name = `keystead_${randomBytes(6).toString('hex')}`;
  sql(`CREATE DATABASE ${name}`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return { name, url: url.href, masterKey: randomBytes(32).toString('hex') };
}

function dropDatabase(name) {
  sql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

function serverUrl() {
  const url = process.env.KEYSTEAD_TEST_PG;
  if (!url) throw new Error('KEYSTEAD_TEST_PG is not set: run through scripts/with-postgres');
  return url;
}

function sql(text) {
  const words = ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', serverUrl(), '-c', text];
  const { status, stderr, error } = spawnSync('psql', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`psql: ${error ?? stderr}`);
}

/** Sets the server's clock `seconds` ahead of ours. */
export async function moveClock(dev, seconds) {
  const response = await fetch(`${dev.http_url}/dev/clock`, {
    method: 'POST',
    body: JSON.stringify({ offset_s: seconds }),
    headers: { 'content-type': 'application/json' },
  });
  if (!response.ok) throw new Error(`/dev/clock: ${response.status} ${await response.text()}`);
}
