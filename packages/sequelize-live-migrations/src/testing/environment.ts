// The setup of a test run and the tests are different processes: what the one knows reaches the others in the
// environment, which Jest's workers inherit.

const NAMES = {
  name: 'LIVE_MIGRATIONS_TEST_RUN',
  root: 'LIVE_MIGRATIONS_TEST_ROOT',
  templateUrl: 'LIVE_MIGRATIONS_TEST_TEMPLATE_URL',
};

/** What the tests have to know of their run. */
export interface TestRun {
  /** The beginning of the names of its databases. */
  readonly name: string;
  /** The folder of the project that is tested. */
  readonly root: string;
  /** The migrated database that they copy. */
  readonly templateUrl: string;
}

export function handOn({ name, root, templateUrl }: TestRun): void {
  process.env[NAMES.name] = name;
  process.env[NAMES.root] = root;
  process.env[NAMES.templateUrl] = templateUrl;
}

/** @throws where no setup has handed on anything. */
export function handedOn(): TestRun {
  const { [NAMES.name]: name, [NAMES.root]: root, [NAMES.templateUrl]: templateUrl } = process.env;
  if (name && root && templateUrl) return { name, root, templateUrl };
  throw new Error(
    'No test run has been set up here. In the Jest configuration, globalSetup has to be ' +
      'sequelize-live-migrations/testing/jest-setup and globalTeardown sequelize-live-migrations/testing/jest-teardown; ' +
      'for another runner, call beginRun and endRun.',
  );
}

/** The environment for sequelize-cli to migrate one database, whatever this process is configured for. */
export function environmentFor(url: string): NodeJS.ProcessEnv {
  return { ...process.env, NODE_ENV: 'development', DATABASE_URL: url };
}
