import { sequelizeCli, typedIn } from '../support/cli';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { removeCopies } from '../support/fixture-project';
import { NAME, plainProject, upAndDown } from '../support/plain-project';
import { recordsOf, schemaOf } from '../support/schema';
import { closeSessions } from '../support/session';

// The real command, killed or ended in the middle of a plain migration.

afterEach(() => closeSessions());
afterAll(removeCopies);
afterAll(() => dropDatabases());

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
  await database.query(
    'CREATE TABLE waits (seconds int); INSERT INTO waits VALUES (60); CREATE TABLE pets (name text)',
  );
});

const WAIT = "await sql('SELECT pg_sleep(seconds) FROM waits');";
const INSERT = "await q.bulkInsert('pets', [{ name: 'Rex' }]);";

/** Kills a command while it waits, and waits until nothing of it is at work any more. */
async function killWhileItWaits(cwd: string, line: string): Promise<void> {
  const child = typedIn(cwd).startSequelizeCli(line, database.url);
  const ended = new Promise((resolve) => child.once('close', resolve));
  const sessions =
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(seconds)%' AND pid <> pg_backend_pid()";
  await eventually('the migration waits', async () => (await database.query(sessions)).length > 0);
  child.kill('SIGKILL');
  await ended;
  await eventually('nothing of it is at work', async () => (await database.query(sessions)).length === 0);
}

it.each(['up', 'down'] as const)(
  'killed in its %s, nothing of it is done, and the same command finishes',
  async (direction) => {
    const root = plainProject({
      [NAME]: upAndDown(
        `await q.addColumn(table('pets'), 'age', S.INTEGER); ${INSERT} ${direction === 'up' ? WAIT : ''}`,
        `await q.removeColumn(table('pets'), 'age'); ${WAIT} await q.bulkDelete('pets', {});`,
      ),
    });
    const line = direction === 'up' ? 'db:migrate' : 'db:migrate:undo';
    if (direction === 'down') await sequelizeCli('db:migrate', database.url, { cwd: root });
    const before = [await schemaOf(database), await database.query('SELECT * FROM pets')];
    await killWhileItWaits(root, line);
    expect([await schemaOf(database), await database.query('SELECT * FROM pets')]).toEqual(before);
    await database.query('UPDATE waits SET seconds = 0');
    const { code, stdout } = await sequelizeCli(line, database.url, { cwd: root });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/: (migrated|reverted) /) });
    expect(await recordsOf(database)).toEqual(direction === 'up' ? [NAME] : []);
    expect(await database.query('SELECT name FROM pets')).toEqual(
      direction === 'up' ? [{ name: 'Rex' }] : [],
    );
  },
);
