import { lockArguments, RUN_LOCK, WORK_LOCK, type AdvisoryLock } from '../../src/postgres';
import { sequelizeCli } from '../support/cli';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { closeSessions, openSession } from '../support/session';

afterEach(() => closeSessions());
afterAll(() => dropDatabases());

/** A session that holds a lock, and how a run that waits for it names it. */
async function hold(lock: AdvisoryLock, database: TestDatabase) {
  const holder = await openSession(database, 'the other one');
  const { rows } = await holder.query<{ pid: number }>(
    `SELECT pg_backend_pid() AS pid FROM pg_advisory_lock(${lockArguments(lock)})`,
  );
  return { holder, who: `pid ${String(rows[0]?.pid)}, application the other one, connected since` };
}

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
