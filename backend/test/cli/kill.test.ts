import { startSequelizeCli, succeed } from '../support/cli';
import { createDatabaseLike, dropDatabases, type TestDatabase } from '../support/database';
import { FIRST_FIVE_PROJECT, migrate } from '../support/first-five';
import { recordsOf, schemaOf } from '../support/schema';
import { closeSessions } from '../support/session';

/** All that a run which nobody disturbs leaves behind, on a database for which it has the most to do. */
async function stateOf(database: TestDatabase) {
  const rows = await database.query('SELECT * FROM conversation_messages ORDER BY id');
  return { schema: await schemaOf(database), records: await recordsOf(database), rows };
}

const IN_PROJECT = { cwd: FIRST_FIVE_PROJECT };
const DUMP = '3-created-by-sequelize-sync';
let undisturbed: Awaited<ReturnType<typeof stateOf>>;

beforeAll(async () => {
  const database = await createDatabaseLike(DUMP);
  await migrate(database, (umzug) => umzug.up());
  undisturbed = await stateOf(database);
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
