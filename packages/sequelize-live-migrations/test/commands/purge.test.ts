import { DataTypes, Sequelize } from 'sequelize';
import { purge } from '../../src/commands/purge';
import { loadProject } from '../../src/sequelize-cli/project';
import { DEFAULT_LIMITS, setRunner } from '../../src/session';
import { migration } from '../../src/migration';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { FIXTURE } from '../support/fixture-project';
import { schemaOf } from '../support/schema';

afterAll(() => dropDatabases());

const KEPT = `CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog');
  CREATE TABLE pets (id integer PRIMARY KEY, undone_kind enum_pets_kind, undone_theirs text);
  INSERT INTO pets VALUES (1, 'dog'); ANALYZE pets;
  COMMENT ON COLUMN pets.undone_kind IS 'Set aside by undoing 2020-add-kind.js, at 2020-01-02 03:04:05+00. The next db:migrate puts it back.';
  COMMENT ON COLUMN pets.undone_theirs IS 'My own';
  CREATE TABLE undone_owners (id integer PRIMARY KEY);
  CREATE TABLE undone_toys (owner integer REFERENCES undone_owners)`;
const KEPT_TABLES = ['undone_owners', 'undone_toys'].map(
  (table) =>
    `COMMENT ON TABLE ${table} IS 'Kept aside by 2020-drop.js, at 2020-01-02 03:04:05+00. Undoing 2020-drop.js restores it.\n\nIts own'`,
);

async function databaseWith(sql: string): Promise<TestDatabase> {
  const database = await createDatabase();
  await database.query([sql, ...KEPT_TABLES].join(';\n'));
  return database;
}

/** What the command prints, with its exit code. */
async function typed({ url }: TestDatabase, ...args: readonly string[]) {
  const [log, error] = [jest.spyOn(console, 'log'), jest.spyOn(console, 'error')];
  const printed: string[] = [];
  for (const spy of [log, error]) spy.mockImplementation((line: string) => void printed.push(line));
  const sequelize = new Sequelize(url, { logging: false });
  const reporter = { line: (line: string) => printed.push(line), progress: () => undefined };
  const run = { sequelize, limits: DEFAULT_LIMITS, reporter };
  await purge.work({ project: loadProject(FIXTURE), run }, args).finally(() => {
    log.mockRestore();
    error.mockRestore();
  });
  await sequelize.close();
  const code = process.exitCode ?? 0;
  process.exitCode = 0;
  return { printed: printed.join('\n'), code };
}

it('lists what is kept aside, by which migration, since when and how large, and deletes nothing', async () => {
  const database = await databaseWith(KEPT);
  const before = await schemaOf(database);
  const { printed } = await typed(database);
  expect(printed.split('\n')).toEqual([
    'column pets.undone_kind: kept aside by undoing 2020-add-kind.js, since 2020-01-02 03:04:05+00, about 1 kB',
    expect.stringMatching(
      /^table undone_owners: kept aside by 2020-drop.js, since 2020-01-02 03:04:05[+]00, \d+ kB$/,
    ),
    expect.stringMatching(/^table undone_toys: /),
    'Nothing was deleted. To delete for good what is that old: npx sequelize-live-migrations purge --older-than 7d --yes',
  ]);
  expect(await schemaOf(database)).toEqual(before);
});

it('deletes what is old enough, in an order in which that can be done, and nothing of anybody else', async () => {
  const database = await databaseWith(KEPT);
  const { printed, code } = await typed(database, '--older-than', '7d', '--yes');
  expect(printed).toContain('drop table undone_toys for good');
  expect(printed).toContain('Deleted for good: 3 of 3.');
  expect(code).toBe(0);
  expect((await schemaOf(database)).filter((line) => line.includes('undone_'))).toEqual([
    'pets undone_theirs text',
  ]);
  expect((await typed(database)).printed).toBe('Nothing is kept aside.');
});

it('leaves what is newer, and what a view depends on, and says so', async () => {
  const database = await databaseWith(`${KEPT}; CREATE VIEW kinds AS SELECT undone_kind FROM pets`);
  const newer = await typed(database, '--older-than=9999w', '--yes');
  expect(newer).toEqual({ printed: 'Deleted for good: 0 of 0.', code: 0 });
  expect((await typed(database, '--older-than=9999w')).printed).toBe(
    'Nothing that is kept aside is that old; 3 are newer.',
  );
  const { printed, code } = await typed(database, '--older-than', '0h', '--yes');
  expect(printed).toContain('column pets.undone_kind stays: view kinds depends on it.');
  expect(printed).toContain('Deleted for good: 2 of 3.');
  expect(code).toBe(1);
});

it('knows what an undo and a removal keep aside', async () => {
  const database = await createDatabase();
  const sequelize = new Sequelize(database.url, { logging: false });
  const reporter = { line: () => undefined, progress: () => undefined };
  setRunner(sequelize, { limits: DEFAULT_LIMITS, reporter });
  await database.query('CREATE TABLE pets (id integer, old text); INSERT INTO pets VALUES (1)');
  const text = { type: DataTypes.TEXT };
  const add = migration('one.js', { up: (schema) => schema.addColumn('pets', 'name', text) });
  const remove = migration('two.js', { up: (schema) => schema.removeColumn('pets', 'old', text) });
  for (const work of [add.up, add.down, remove.up]) await work(sequelize.getQueryInterface());
  await sequelize.close();
  const { printed } = await typed(database);
  expect(printed).toMatch(/^column pets.undone_name: kept aside by undoing one.js, since 20\d\d-/m);
  expect(printed).toMatch(/^column pets.undone_old: kept aside by two.js, since 20\d\d-/m);
  expect((await typed(database, '--older-than', '1h')).printed).toContain('2 are newer');
});

it.each([['--yes'], ['--older-than'], ['--older-than', '7'], ['--older-than', '7d', '--no'], ['7d']])(
  '%s %s %s are not its arguments',
  (...args) => {
    expect(purge.accepts(args)).toBe(false);
  },
);

it('where subscribers have the table, the order is said before it is deleted', async () => {
  const database = await databaseWith(KEPT);
  await database.query('CREATE PUBLICATION theirs FOR TABLE pets');
  const { printed, code } = await typed(database, '--older-than', '1d', '--yes');
  expect(code).toBe(0);
  expect(printed).toMatch(
    /publication theirs has table pets, and column undone_kind is dropped\. Publisher first.*\n[^]*Deleted for good/,
  );
});

it('deletes an enum type with its column also where that has given its name to another one', async () => {
  const again = `ALTER TYPE enum_pets_kind RENAME TO undone_enum_pets_kind; CREATE TYPE enum_pets_kind AS ENUM ('big')`;
  const database = await databaseWith(`${KEPT}; ${again}; ALTER TABLE pets ADD COLUMN kind enum_pets_kind`);
  const { code } = await typed(database, '--older-than', '7d', '--yes');
  expect(code).toBe(0);
  expect((await schemaOf(database)).filter((line) => line.includes(' enum '))).toEqual([
    'enum_pets_kind enum big',
  ]);
});
