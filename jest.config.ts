/**
 * `npm run typecheck` checks this file. Otherwise it would be checked at every start, which takes seconds.
 *
 * @jest-config-loader-options {"transpileOnly": true}
 */
import type { Config } from 'jest';

const config: Config = {
  roots: ['<rootDir>/backend/test', '<rootDir>/packages'],
  testMatch: ['**/test/**/*.test.ts'],
  transform: { '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }] },
  globalSetup: '<rootDir>/backend/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/backend/test/support/global-teardown.ts',
  testTimeout: 60_000,
};

export default config;
