import path from 'node:path';
import { run } from '../support/cli';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { removeCopies } from '../support/fixture-project';
import { NAME, plainProject, upAndDown } from '../support/plain-project';
import { planOf } from '../support/plan-of';
import { partOf } from '../support/run-plain';
import { schemaOf } from '../support/schema';
import { closeSessions, openSession, untilSomebodyWaits } from '../support/session';

// plan --run-plain waits for locks as a run does, and what is typed is a script and nothing else.

const BIN = path.join(__dirname, '../../bin.js');
const CREATE = "await q.createTable('pets', { id: { type: S.INTEGER, primaryKey: true } });";

afterEach(() => closeSessions());
afterAll(removeCopies);
afterAll(() => dropDatabases());

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
});

const planned = (migrations: Readonly<Record<string, string>>) =>
  planOf(plainProject(migrations), database, '--run-plain');

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
    const locked = `SELECT FROM pg_locks
      WHERE relation = 'pets'::regclass AND mode = 'AccessExclusiveLock' AND granted`;
    await eventually('the table is locked', async () => (await database.query(locked)).length > 0);
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

describe('typed', () => {
  const typed = (up: string) =>
    run(process.execPath, [BIN, 'plan', '--run-plain'], {
      cwd: plainProject({ [NAME]: upAndDown(up) }),
      env: { DATABASE_URL: database.url },
    });

  it.each<[string, string, RegExp]>([
    [
      'a promise that is rejected and that nobody has',
      `${CREATE} sql('SELECT nonsense');`,
      /It fails: column "nonsense" does not/,
    ],
    [
      'a declared migration that it calls',
      "await require('sequelize-live-migrations').migration('x', { up(schema) { schema.sql({ up: 'SELECT 1' }); } }).up(q);",
      /It was not run: it calls a declared migration, .*, and what cannot be in a transaction cannot be rolled back\./,
    ],
    [
      'what it prints is not in the script',
      `${CREATE} console.log('printed');`,
      /^(?![^]*printed)[^]*CREATE TABLE/,
    ],
  ])('%s', async (_, up, expected) => {
    const { code, stdout } = await typed(up);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(expected) });
    expect(await schemaOf(database)).toEqual([]);
  });

  it('a promise that never settles is an error, and no empty script', async () => {
    const { code, stdout, stderr } = await typed(`${CREATE} await new Promise(() => {});`);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('never settles'),
    });
    expect(await schemaOf(database)).toEqual([]);
  });
});
