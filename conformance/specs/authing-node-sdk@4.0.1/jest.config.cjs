// The package's own jest.config.js, and what its specs need to run where we are: the package's
// folder is named by `KEYSTEAD_SPECS_ROOT`.
const { join } = require('node:path');

const rootDir = process.env.KEYSTEAD_SPECS_ROOT;

module.exports = {
  ...require(join(rootDir, 'jest.config.js')),
  rootDir,
  moduleNameMapper: {
    // jest 27 does not read `exports`, and takes the file for browsers.
    '^axios$': join(__dirname, 'node_modules/axios/dist/node/axios.cjs'),
    '/models$': join(__dirname, 'models.cjs'),
  },
  // The specs name types that the package no longer has: each file is translated by itself.
  globals: { 'ts-jest': { isolatedModules: true } },
  // It only makes a client, with a key that we do not have yet.
  globalSetup: undefined,
  testEnvironment: join(__dirname, 'environment.cjs'),
  testTimeout: 20_000,
  silent: true,
};
