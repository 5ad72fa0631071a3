import { createDatabaseLike, dropDatabases } from '../support/database';
import { dbPlan, planOf } from '../support/db-plan';
import { createFirstFiveDatabase } from '../support/first-five';

afterAll(() => dropDatabases());

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
