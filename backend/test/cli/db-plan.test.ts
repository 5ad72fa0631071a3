import path from 'node:path';
import { planOf as planOfProject } from '../../../packages/sequelize-live-migrations/test/support/plan-of';
import { ROOT } from '../support/build';
import { run } from '../support/cli';
import { createDatabaseLike, dropDatabases, type TestDatabase } from '../support/database';
import { createFirstFiveDatabase, FIRST_FIVE_PROJECT } from '../support/first-five';

afterAll(() => dropDatabases());

/** `npm run db:plan`, without npm. */
const dbPlan = ({ url }: TestDatabase) =>
  run(process.execPath, [path.join(ROOT, 'packages/sequelize-live-migrations/bin.js'), 'plan'], {
    env: { DATABASE_URL: url },
    cwd: FIRST_FIVE_PROJECT,
  });

/** What it prints, without a process. */
const planOf = (database: TestDatabase) => planOfProject(FIRST_FIVE_PROJECT, database);

it('each step says what it is for and which lock it takes; indexes of tables with rows are built outside', async () => {
  const database = await createDatabaseLike('1-before-the-migrations');
  const { code, stdout, stderr } = await dbPlan(database);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(await planOf(database));
  expect(stdout).toContain(
    `-- add column sections.version (ACCESS EXCLUSIVE on sections)\nALTER TABLE "sections"`,
  );
  expect(stdout).toMatch(
    /COMMIT;\n-- create index user_sessions_status .*\n(SET .*\n)*CREATE INDEX CONCURRENTLY/,
  );
  expect(stdout).toContain('SET LOCAL lock_timeout = 300;');
});

it('says so where nothing is pending', async () => {
  expect(await planOf(await createFirstFiveDatabase())).toBe('-- Nothing is pending.\n');
});

it('a migration that would be refused is refused, with exit code 1', async () => {
  const database = await createDatabaseLike('1-before-the-migrations');
  await database.query('ALTER TABLE user_sessions ADD COLUMN status text');
  const { code, stdout, stderr } = await dbPlan(database);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(
    'column user_sessions.status: expected type enum_user_sessions_status, found type text',
  );
});
