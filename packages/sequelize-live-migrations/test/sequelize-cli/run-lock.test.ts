import { RUN_LOCK, WORK_LOCK } from '../../src/postgres';
import { sequelizeCli } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { closeSessions, hold } from '../support/session';

afterEach(() => closeSessions());
afterAll(() => dropDatabases());

it.each([
  ['another run', RUN_LOCK],
  ['the last statement of a killed one', WORK_LOCK],
])('db:migrate waits for %s, says for which session, and gives up in time', async (_, lock) => {
  const database = await createDatabase();
  const { holder, who } = await hold(lock, database);
  const { code, stdout, stderr } = await sequelizeCli('db:migrate', database.url, {
    env: { MIGRATION_WAIT: '1' },
  });
  await holder.end();
  expect(code).toBe(1);
  expect(stdout).toContain(`Waiting for another run to end: ${who}`);
  expect(stderr).toContain(who);
});
