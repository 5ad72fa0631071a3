import path from 'node:path';
import { Sequelize } from 'sequelize';
import { plan } from '../../../packages/sequelize-live-migrations/src/commands/plan';
import { loadProject } from '../../../packages/sequelize-live-migrations/src/sequelize-cli/project';
import { DEFAULT_LIMITS } from '../../../packages/sequelize-live-migrations/src/session';
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
async function planOf({ url }: TestDatabase): Promise<string> {
  const sequelize = new Sequelize(url, { logging: false });
  const reporter = { line: () => undefined, progress: () => undefined };
  const written: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  try {
    const run = { sequelize, limits: DEFAULT_LIMITS, reporter };
    await plan.work({ project: loadProject(FIRST_FIVE_PROJECT), run }, []);
    return written.join('');
  } finally {
    write.mockRestore();
    await sequelize.close();
  }
}

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
