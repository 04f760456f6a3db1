// The package's models, by the names that its specs use: the index has lost those of types that
// only other types mention, though each is still there, in a file of its name.
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

const folder = join(process.env.KEYSTEAD_SPECS_ROOT, 'src/models');
for (const file of readdirSync(folder)) {
  const name = file.replace(/\.ts$/, '');
  if (name === 'index') continue;
  // Read when it is used: there are hundreds.
  Object.defineProperty(exports, name, {
    enumerable: true, get: () => require(join(folder, file))[name],
  });
}
