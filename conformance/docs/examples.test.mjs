// Runs each example of the Rust SDK against a server. Its one argument is the path of dev.json.
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { binary, root, startServer } from '../lib/server.mjs';

const server = await startServer();
after(() => server.stop());

const names = readdirSync(join(root, 'sdk/authing/examples'))
  .filter((file) => file.endsWith('.rs'))
  .map((file) => file.slice(0, -'.rs'.length));

test('the SDK has examples', () => assert.ok(names.length >= 2));

for (const name of names) {
  test(name, () => {
    const program = join(dirname(binary()), 'examples', name);
    const run = spawnSync(program, [join(server.dir, 'dev.json')], { encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr ?? run.error);
    assert.match(run.stdout, /\S/);
  });
}
