import { startSequelizeCli, succeed } from '../support/cli';
import { createDatabaseLike, dropDatabases, type TestDatabase } from '../support/database';
import { DUMP, IN_PROJECT, stateOf, undisturbedState } from '../support/killed-runs';
import { closeSessions } from '../support/session';

let undisturbed: Awaited<ReturnType<typeof stateOf>>;

beforeAll(async () => {
  undisturbed = await undisturbedState();
});

afterEach(() => closeSessions());
afterAll(() => dropDatabases());

/** Starts `db:migrate`, and kills it as soon as it has said so many lines; the signal that ended it. */
async function killAfterLines(lines: number, { url }: TestDatabase) {
  const child = startSequelizeCli('db:migrate', url, IN_PROJECT);
  let said = 0;
  child.stdout.on('data', (chunk) => {
    said += String(chunk).split('\n').length - 1;
    if (said >= lines) child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.once('close', (_, signal) => resolve(signal)));
}

it.each([14])(
  'db:migrate, killed after %d lines, is finished by the same command: same schema, same rows',
  async (lines) => {
    const database = await createDatabaseLike(DUMP);
    expect(await killAfterLines(lines, database)).toBe('SIGKILL');
    await succeed('db:migrate', database.url, IN_PROJECT);
    expect(await stateOf(database)).toEqual(undisturbed);
  },
);
