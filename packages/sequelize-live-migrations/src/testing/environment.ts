import { typedUrlVariables } from '../configuration';

// The setup of a test run and the tests run in different processes. The setup passes on what the tests need in the
// environment, which Jest's workers inherit.

const NAMES = {
  name: 'LIVE_MIGRATIONS_TEST_RUN',
  root: 'LIVE_MIGRATIONS_TEST_ROOT',
  templateUrl: 'LIVE_MIGRATIONS_TEST_TEMPLATE_URL',
};

/** What the tests need of their run. */
interface TestRun {
  /** The names of its databases begin with it. */
  readonly name: string;
  /** The folder of the project that is tested. */
  readonly root: string;
  /** The migrated database that they copy. */
  readonly templateUrl: string;
}

/** Passes a run on to the processes that this one starts. */
export function setTestRun({ name, root, templateUrl }: TestRun): void {
  process.env[NAMES.name] = name;
  process.env[NAMES.root] = root;
  process.env[NAMES.templateUrl] = templateUrl;
}

/** @throws where no setup has passed on a run */
export function currentTestRun(): TestRun {
  const name = process.env[NAMES.name];
  const root = process.env[NAMES.root];
  const templateUrl = process.env[NAMES.templateUrl];
  if (name && root && templateUrl) return { name, root, templateUrl };
  throw new Error(
    'No test run has been set up here. In the Jest configuration, globalSetup has to be ' +
      'sequelize-live-migrations/testing/jest-setup and globalTeardown sequelize-live-migrations/testing/jest-teardown; ' +
      'for another runner, call beginRun and endRun.',
  );
}

/**
 * The environment with which sequelize-cli migrates one database, whatever this process's own configuration is, or the
 * project's: a config.json that has the fields of a database names the developer's.
 */
export function environmentFor(url: string): NodeJS.ProcessEnv {
  return { ...process.env, NODE_ENV: 'development', ...typedUrlVariables(url) };
}
