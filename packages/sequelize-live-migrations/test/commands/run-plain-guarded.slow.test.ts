import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { removeCopies } from '../support/fixture-project';
import { NAME, plainProject, upAndDown } from '../support/plain-project';
import { planOf } from '../support/plan-of';
import { schemaOf } from '../support/schema';
import { closeSessions, openSession, untilSomebodyWaits } from '../support/session';

// plan --run-plain waits for locks as a run does, and what is typed is a script and nothing else.

afterEach(() => closeSessions());
afterAll(removeCopies);
afterAll(() => dropDatabases());

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
});

const planned = (migrations: Readonly<Record<string, string>>) =>
  planOf(plainProject(migrations), database, '--run-plain');

/** What is said of a migration. */
const partOf = (script: string, name: string) =>
  script.split('\n\n-- ').find((part) => part.startsWith(name)) ?? '';

describe('locks', () => {
  beforeEach(() => database.query('CREATE TABLE pets (id int PRIMARY KEY); INSERT INTO pets VALUES (1)'));

  it('are waited for in short attempts, and not for ever', async () => {
    const holder = await openSession(database, 'the application');
    await holder.query('BEGIN; SELECT FROM pets');
    await expect(
      planned({ [NAME]: upAndDown("await q.addColumn(table('pets'), 'age', S.INTEGER);") }),
    ).rejects.toThrow(
      /Could not lock pets .* within 3 s\. Blocking session on pets: .*the application.*Nothing was changed\./s,
    );
    await holder.query('ROLLBACK');
    expect(await schemaOf(database)).not.toContain('pets age integer');
  });

  it('let nobody wait for long: it is ended, and says why', async () => {
    const other = await openSession(database, 'the application');
    const planning = planned({
      '1-first.js': upAndDown("await q.addColumn(table('pets'), 'age', S.INTEGER);"),
      '2-slow.js': upAndDown("await sql('SELECT pg_sleep(50)');"),
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const reading = other.query('SELECT FROM pets');
    await untilSomebodyWaits(database);
    const part = partOf(await planning, '2-slow.js');
    await reading;
    expect(part).toMatch(/It fails: Another session has waited for pets for \d+ ms/);
    expect(part).toContain(
      'What is before it held its locks meanwhile: run that first, npx sequelize-cli db:migrate --to 1-first.js.',
    );
  });
});
