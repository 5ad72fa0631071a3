import { DataTypes } from 'sequelize';
import { Schema, underCurrentNames } from '../../src/vocabulary';
import { finishesWhereverCut } from '../support/cut-everywhere';
import { useMigrations } from '../support/migrations';
import { runScript } from '../support/psql';

// A column has two names for a while, and then only the new one.

const migrations = useMigrations();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => {
  migrations.beforeStatement = undefined;
  jest.restoreAllMocks();
});

const OWNERS = `CREATE TABLE owners (email text PRIMARY KEY); INSERT INTO owners VALUES ('none')`;
const PETS = `${OWNERS};
  CREATE TABLE pets (id integer PRIMARY KEY, name text COLLATE "C" NOT NULL DEFAULT 'none', age integer,
    CONSTRAINT pets_name_key UNIQUE (name), CHECK (name <> ''), FOREIGN KEY (name) REFERENCES owners ON UPDATE CASCADE);
  CREATE UNIQUE INDEX pets_name ON pets (name, age) WHERE age > 1; CREATE INDEX pets_lower ON pets (lower(name));
  COMMENT ON COLUMN pets.name IS 'What it is called'`;
const ROWS = `INSERT INTO owners SELECT 'n' || n FROM generate_series(1, 2500) AS n;
  INSERT INTO pets SELECT n, 'n' || n, n FROM generate_series(1, 2500) AS n`;
const COMPOSITE = `CREATE TABLE pets (id integer, part text, name integer, PRIMARY KEY (id, part));
  INSERT INTO pets SELECT n, 'a', nullif(n % 7, 0) FROM generate_series(1, 2500) AS n; CREATE INDEX pets_name ON pets (name DESC)`;
const text = { type: DataTypes.TEXT };

const start = {
  name: '1.js',
  up: (schema: Schema) => schema.renameColumn('pets', 'name', 'title', { overlap: true }),
};
const end = {
  name: '2.js',
  up: (schema: Schema) => schema.removeColumn('pets', 'name', { ...text, allowNull: false, unique: true }),
};
const endPlainly = { name: '2.js', up: (schema: Schema) => schema.removeColumn('pets', 'name', text) };

const KINDS: readonly (readonly [string, string, typeof end])[] = [
  ['without rows', PETS, end],
  ['with rows', `${PETS}; ${ROWS}`, end],
  [
    'with a key of two columns, and nulls',
    COMPOSITE,
    { name: '2.js', up: (schema) => schema.removeColumn('pets', 'name', { type: DataTypes.INTEGER }) },
  ],
  [
    'without a key, of a type without operators',
    `CREATE TABLE pets (name json); INSERT INTO pets SELECT '{"a": 1}' FROM generate_series(1, 1500); INSERT INTO pets VALUES (NULL)`,
    { name: '2.js', up: (schema) => schema.removeColumn('pets', 'name', { type: DataTypes.JSON }) },
  ],
];

/** The rows whose two names differ. */
const UNEQUAL = 'SELECT * FROM pets WHERE record_image_ne(ROW(name), ROW(title))';

const schema = () => migrations.schema();

describe.each(KINDS)('a table %s', (_, sql, ended) => {
  it('gets the second name, with all that the first one has, and an undo takes it away', async () => {
    await migrations.convergesThereAndBack(sql, start);
    expect(await migrations.query(UNEQUAL)).toEqual([]);
  });

  it('ends with the new name as a plain rename would, and an undo of that restores the old one', async () => {
    await migrations.reset(sql);
    await migrations.up({ name: '1.js', up: (plain) => plain.renameColumn('pets', 'name', 'title') });
    const renamed = await schema();
    await migrations.reset(sql);
    await migrations.up(start);
    const both = await schema();
    await migrations.up(ended);
    expect((await schema()).filter((line) => !line.includes('undone_name'))).toEqual(renamed);
    expect(await migrations.purposes(ended)).toEqual([]);
    await migrations.down(ended);
    expect(await schema()).toEqual(both);
    expect(await migrations.query(UNEQUAL)).toEqual([]);
    await migrations.up(ended);
    await migrations.down(ended);
    expect(await schema()).toEqual(both);
  });
});

it('what is written to the new name after the old one was removed is in the old one when that is restored', async () => {
  await migrations.reset(`${PETS}; ${ROWS}`);
  await migrations.up(start, end);
  await migrations.query(`UPDATE pets SET title = CASE id WHEN 1 THEN 'none' WHEN 2 THEN 'n1' ELSE 'n2' END WHERE id = 1;
    UPDATE pets SET title = 'n1' WHERE id = 2; UPDATE pets SET title = 'n2' WHERE id = 3; DELETE FROM pets WHERE id = 4;
    INSERT INTO owners VALUES ('new'); INSERT INTO pets (id, title) VALUES (4, 'new')`);
  await migrations.down(end);
  expect(await migrations.query(UNEQUAL)).toEqual([]);
  await migrations.down(start);
  expect(await migrations.query('SELECT name FROM pets WHERE id < 6 ORDER BY id')).toEqual(
    ['none', 'n1', 'n2', 'new', 'n5'].map((name) => ({ name })),
  );
});

const SMALL = `${PETS}; INSERT INTO owners VALUES ('Rex'), ('Bo'); INSERT INTO pets VALUES (1, 'Rex', 1), (2, 'Bo', 2)`;

it.each<[string, (kind: 'before' | 'work') => Promise<void>]>([
  ['the beginning', (kind) => (kind === 'work' ? migrations.up(start) : Promise.resolve())],
  ['the undo of it', (kind) => (kind === 'work' ? migrations.down(start) : migrations.up(start))],
  ['the end', (kind) => (kind === 'work' ? migrations.up(end) : migrations.up(start))],
  ['the undo of the end', (kind) => (kind === 'work' ? migrations.down(end) : migrations.up(start, end))],
])(
  '%s is finished by the same command again, wherever it was cut',
  async (kind, run) => {
    const cuts = await finishesWhereverCut(migrations, {
      before: async () => {
        await migrations.reset(SMALL);
        await run('before');
      },
      work: () => run('work'),
      contents: async () => [await schema(), await migrations.query('SELECT * FROM pets ORDER BY id')],
      first: kind.length,
      stride: 9,
    });
    expect(cuts).toBeGreaterThan(0);
  },
  300_000,
);

it('the script of db:plan does the same', async () => {
  const sql = `${PETS}; ${ROWS}`;
  const contents = async () => [await schema(), await migrations.query('SELECT * FROM pets ORDER BY id')];
  await migrations.reset(sql);
  await runScript(migrations.database, await migrations.script(start));
  const begun = await contents();
  await runScript(migrations.database, await migrations.script(end));
  const ended = await contents();
  await migrations.reset(sql);
  await migrations.up(start);
  expect(begun).toEqual(await contents());
  await migrations.up(end);
  expect(ended).toEqual(await contents());
  await migrations.reset(sql);
  await runScript(migrations.database, await migrations.script(start, end));
  expect(ended).toEqual(await contents());
});

it('a first migration that creates the table, one that renames and one that ends it are planned one after the other', async () => {
  const create = {
    name: '0.js',
    up: (schema: Schema) =>
      schema.createTable(
        'pets',
        { id: { type: DataTypes.INTEGER, primaryKey: true }, name: text },
        { indexes: [{ fields: ['name'] }] },
      ),
  };
  await migrations.reset('');
  await runScript(migrations.database, await migrations.script(create, start, endPlainly));
  const byScript = await schema();
  await migrations.reset('');
  await migrations.up(create, start, endPlainly);
  expect(await schema()).toEqual(byScript);
});

it('the names of earlier migrations are the new ones when the old name is removed, and not before', () => {
  const declared = (declare: (schema: Schema) => void) => {
    const one = new Schema();
    declare(one);
    return one.changes;
  };
  const [index] = declared((one) => one.addIndex('pets', ['name'], { name: 'mine' }));
  if (!index) throw new Error('An index was to be declared, and was not.');
  const [begun, over] = [declared(start.up), declared(end.up)];
  expect(underCurrentNames(index, begun)).toEqual(index);
  expect(underCurrentNames(index, [...begun, ...over])).toEqual({ ...index, fields: ['title'] });
  const inTable = declared((one) => {
    start.up(one);
    one.renameTable('pets', 'animals');
    one.removeColumn('animals', 'name', text);
  });
  expect(underCurrentNames(index, inTable)).toEqual({ ...index, table: 'animals', fields: ['title'] });
});

it('a table of another schema gets the second name there', async () => {
  const pets = { tableName: 'pets', schema: 'shop' };
  const one = {
    name: '1.js',
    up: (schema: Schema) => schema.renameColumn(pets, 'name', 'title', { overlap: true }),
  };
  const last = { name: '2.js', up: (schema: Schema) => schema.removeColumn(pets, 'name', text) };
  await migrations.reset('');
  await migrations.query(`DROP SCHEMA IF EXISTS shop CASCADE; CREATE SCHEMA shop; CREATE TABLE shop.pets (name text UNIQUE);
    INSERT INTO shop.pets VALUES ('Rex')`);
  await migrations.up(one);
  await migrations.query("INSERT INTO shop.pets (title) VALUES ('Bo')");
  expect(await migrations.query('SELECT name, title FROM shop.pets ORDER BY 1')).toEqual([
    { name: 'Bo', title: 'Bo' },
    { name: 'Rex', title: 'Rex' },
  ]);
  await migrations.up(last);
  await migrations.down(last);
  await migrations.down(one);
  expect((await schema()).filter((line) => /overlap|title/.test(line))).toEqual([]);
  await migrations.query('DROP SCHEMA shop CASCADE');
});
