import { sequelizeCli, typedIn } from '../support/cli';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { removeCopies } from '../support/fixture-project';
import { NAME, plainProject, upAndDown } from '../support/plain-project';
import { recordsOf, schemaOf } from '../support/schema';
import { closeSessions, openSession, untilAttemptFails } from '../support/session';

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

it('killed between two statements that are in no transaction, the same command does the rest', async () => {
  const index = (name: string) =>
    `await q.addIndex('pets', ['name'], { name: '${name}', concurrently: true });`;
  const root = plainProject({ [NAME]: upAndDown(`${index('one')} ${WAIT} ${index('two')}`) });
  await killWhileItWaits(root, 'db:migrate');
  expect(await recordsOf(database).catch(() => [])).toEqual([]);
  await database.query('UPDATE waits SET seconds = 0');
  const { code, stdout } = await sequelizeCli('db:migrate', database.url, { cwd: root });
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining('index "one" is built already'),
  });
  expect(await schemaOf(database)).toEqual(expect.arrayContaining([expect.stringMatching(/INDEX two/)]));
});

describe('a failure ends the command with exit code 1, and nothing of the migration is done', () => {
  it.each<[string, string, string]>([
    ['a statement', "await sql('SELECT nonsense');", 'ERROR: column "nonsense" does not exist. In up of'],
    [
      'a statement that is not awaited',
      "sql('SELECT nonsense');",
      'ERROR: column "nonsense" does not exist. In up of',
    ],
    [
      'a promise that nobody has',
      "void (async () => { throw new Error('boom'); })();",
      'ERROR: boom. In up of',
    ],
    [
      'an error of a callback',
      "await new Promise(() => { setTimeout(() => { throw new Error('late'); }, 10); setTimeout(() => {}, 60_000); });",
      `ERROR: late. In up of ${NAME} (line 1). Nothing of ${NAME} was done`,
    ],
    [
      'a module that is missing',
      "require('momnt');",
      `ERROR: Cannot find module 'momnt'. In up of ${NAME} (line 1). Nothing of ${NAME} was done`,
    ],
    [
      'process.exit, whatever it says',
      'process.exit(0);',
      `ERROR: It calls process.exit, which ends this command. In up of ${NAME} (line 1). Nothing of ${NAME} was done`,
    ],
    ['a promise that never settles', 'await new Promise(() => {});', 'a promise that never settles'],
    [
      'the server ends its session',
      "await sql('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => {});",
      'ERROR: terminating connection due to administrator command',
    ],
    ['no promise', 'SYNC', 'It did not return a promise'],
  ])('%s', async (_, up, message) => {
    const text = upAndDown(`${INSERT} ${up}`);
    const cwd = plainProject({
      [NAME]:
        up === 'SYNC' ? 'module.exports.up = (q) => void q.bulkInsert("pets", [{ name: "Rex" }]);' : text,
    });
    const { code, stderr } = await sequelizeCli('db:migrate', database.url, { cwd });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
    expect(await database.query('SELECT FROM pets')).toEqual([]);
  });
});

it('one in no transaction that calls process.exit says that what it did before stays', async () => {
  const text = upAndDown(`${INSERT} process.exit(2);`);
  const cwd = plainProject({ [NAME]: `${text}\nmodule.exports.transaction = false;` });
  const { code, stderr } = await sequelizeCli('db:migrate', database.url, { cwd });
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/calls process\.exit[^]*what it did before that stays/),
  });
  expect(await database.query('SELECT FROM pets')).toHaveLength(1);
});

it('loads the module again before it is tried again', async () => {
  const text = `let calls = 0; module.exports.up = async (q) => { calls += 1;
    await q.bulkInsert('pets', [{ name: String(calls) }]); await q.sequelize.query('ALTER TABLE pets ADD COLUMN age int'); };`;
  const holder = await openSession(database);
  await holder.query('BEGIN; SELECT FROM pets');
  const running = sequelizeCli('db:migrate', database.url, { cwd: plainProject({ [NAME]: text }) });
  await untilAttemptFails(database);
  await holder.query('COMMIT');
  expect((await running).code).toBe(0);
  expect(await database.query('SELECT name FROM pets')).toEqual([{ name: '1' }]);
});

it('what blocks the process while it waits for the migration is ended by the server', async () => {
  const command = `require('child_process').execFileSync(process.execPath, ['-e', "const { Client } = require('pg'); const c = new Client(process.env.DATABASE_URL); c.connect().then(() => c.query('SELECT FROM pets')).then(() => c.end())"], { stdio: 'ignore' });`;
  const cwd = plainProject({
    [NAME]: upAndDown(
      `await q.addColumn(table('pets'), 'age', S.INTEGER); await sql("SET idle_in_transaction_session_timeout = '1s'"); ${command}`,
    ),
  });
  const { code, stderr } = await sequelizeCli('db:migrate', database.url, { cwd });
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining('module.exports.transaction = false'),
  });
  expect(await schemaOf(database)).not.toContain('pets age integer');
});
