// Gives each spec file the access key of a pool of its own, as the package's test/client.ts wants
// it: no spec sees what another one made.
const { readFileSync } = require('node:fs');
const { relative, join } = require('node:path');
const NodeEnvironment = require('jest-environment-node');

module.exports = class extends NodeEnvironment {
  constructor(config, context) {
    super(config);
    const { host, keys } = JSON.parse(readFileSync(process.env.KEYSTEAD_SPECS_KEYS, 'utf8'));
    const spec = relative(join(config.rootDir, 'test'), context.testPath);
    Object.assign(this.global.process.env, {
      AUTHING_SDK_TEST_ACCESS_KEY_ID: keys[spec].id,
      AUTHING_SDK_TEST_ACCESS_KEY_SECRET: keys[spec].secret,
      AUTHING_SDK_TEST_HOST: host,
    });
  }
};
