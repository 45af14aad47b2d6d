/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  // dist holds the same modules once more, and .cache unpacked packages.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/'],
  globalSetup: '<rootDir>/test/setup.mjs',
  // On two cores Jest would run a single worker; heaps grow with every file under ES modules.
  maxWorkers: 2,
  workerIdleMemoryLimit: '768MB',
  testTimeout: 60_000,
};
