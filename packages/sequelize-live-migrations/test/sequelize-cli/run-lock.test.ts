import { RUN_LOCK } from '../../src/postgres';
import { createDatabase, dropDatabases } from '../support/database';
import { migrateUnder } from '../support/run-lock';
import { closeSessions } from '../support/session';

afterEach(() => closeSessions());
afterAll(() => dropDatabases());

it.each([['another run', RUN_LOCK]])(
  'db:migrate waits for %s, says for which session, and gives up in time',
  async (_, lock) => {
    const { who, code, stdout, stderr } = await migrateUnder(lock, await createDatabase());
    expect(code).toBe(1);
    expect(stdout).toContain(`Waiting for another run to end: ${who}`);
    expect(stderr).toContain(who);
  },
);
