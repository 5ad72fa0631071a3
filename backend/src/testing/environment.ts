// The setup of a test run and the tests are different processes: what the one knows reaches the others in the
// environment, which Jest's workers inherit.

const RUN = 'PRD_MAKER_TEST_RUN';
const TEMPLATE_URL = 'PRD_MAKER_TEST_TEMPLATE_URL';

/** What the tests have to know of their run. */
export interface Run {
  /** The beginning of the names of its databases. */
  readonly name: string;
  /** The migrated database that they copy. */
  readonly templateUrl: string;
}

export function handOn({ name, templateUrl }: Run): void {
  process.env[RUN] = name;
  process.env[TEMPLATE_URL] = templateUrl;
}

/** @throws where no setup has handed on anything. */
export function handedOn(): Run {
  const { [RUN]: name, [TEMPLATE_URL]: templateUrl } = process.env;
  if (name && templateUrl) return { name, templateUrl };
  throw new Error(
    'No test run has been set up here. In the Jest configuration, globalSetup has to be ' +
      'backend/dist/testing/jest-setup.js and globalTeardown backend/dist/testing/jest-teardown.js ' +
      '(README, "Testing a service").',
  );
}

/** The environment for sequelize-cli to migrate one database, whatever this process is configured for. */
export function environmentFor(url: string): NodeJS.ProcessEnv {
  return { ...process.env, NODE_ENV: 'development', DATABASE_URL: url };
}
