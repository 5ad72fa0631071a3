import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { type TestMigration, useMigrations } from '../support/migrations';

// What is kept aside belongs to one migration in one direction. Whatever else has such a name is somebody's own.

const migrations = useMigrations();

const PETS = 'CREATE TABLE pets (id integer PRIMARY KEY, name text)';
const ROWS = "INSERT INTO pets VALUES (1, 'Rex'), (2, 'Bo')";
const text = { type: DataTypes.TEXT };
const integer = { type: DataTypes.INTEGER };
const columns = { id: { ...integer, primaryKey: true }, name: text };

const migration = (name: string, up: (schema: Schema) => void): TestMigration => ({ name: `${name}.js`, up });
const removeName = migration('remove-name', (schema) => schema.removeColumn('pets', 'name', text));
const addName = migration('add-name', (schema) => schema.addColumn('pets', 'name', text));
const dropPets = migration('drop-pets', (schema) => schema.dropTable('pets', columns));
const createPets = migration('create-pets', (schema) => schema.createTable('pets', columns));

const names = async () =>
  (await migrations.query('SELECT name FROM pets ORDER BY id')).map(({ name }) => name);

describe('a column that a migration has removed', () => {
  it('says by which migration, and that undoing it restores it; and that does', async () => {
    await migrations.reset(`${PETS}; ${ROWS}`);
    await migrations.up(removeName);
    expect(migrations.lines.at(-1)).toMatch(
      /kept aside as undone_name.*: undoing remove-name\.js restores it/,
    );
    expect(await migrations.schema()).toContainEqual(
      expect.stringMatching(
        /undone_name .*: Kept aside by remove-name\.js, at .*Undoing remove-name\.js restores it\.$/,
      ),
    );
    await migrations.down(removeName);
    expect(await names()).toEqual(['Rex', 'Bo']);
  });

  it.each([
    ['of the same type', text, 'new'],
    ['of another type', integer, 7],
  ])('does not come back with a later migration that adds one of its name, %s', async (_, type, value) => {
    const addAnother = migration('add-another', (schema) => schema.addColumn('pets', 'name', type));
    await migrations.reset(`${PETS}; ${ROWS}`);
    await migrations.up(removeName, addAnother);
    expect(await names()).toEqual([null, null]);
    await migrations.query(`UPDATE pets SET name = '${String(value)}'`);
    await migrations.down(addAnother, removeName);
    expect(await names()).toEqual(['Rex', 'Bo']);
    await migrations.up(removeName, addAnother);
    expect(await names()).toEqual([value, value]);
  });

  it('is told from one that the undo of another migration has kept aside, and from one of a third', async () => {
    const removeAgain = migration('remove-again', (schema) => schema.removeColumn('pets', 'name', integer));
    const addNumber = migration('add-number', (schema) => schema.addColumn('pets', 'name', integer));
    await migrations.reset(`${PETS}; ${ROWS}`);
    await migrations.up(removeName, addNumber);
    await migrations.query('UPDATE pets SET name = 10 * id');
    await migrations.up(removeAgain, addName);
    await migrations.query("UPDATE pets SET name = 'last'");
    await migrations.down(addName, removeAgain);
    expect(await names()).toEqual([10, 20]);
    await migrations.down(addNumber, removeName);
    expect(await names()).toEqual(['Rex', 'Bo']);
    await migrations.up(removeName, addNumber, removeAgain, addName);
    expect(await names()).toEqual(['last', 'last']);
  });

  it('comes back with its index, check, foreign key, default, not null and comment', async () => {
    await migrations.reset(`CREATE TABLE owners (name text PRIMARY KEY); INSERT INTO owners VALUES ('Ann'); ${PETS}; ${ROWS};
      UPDATE pets SET name = 'Ann'; ALTER TABLE pets ALTER name SET NOT NULL, ALTER name SET DEFAULT 'Ann',
        ADD CONSTRAINT named CHECK (name <> ''), ADD CONSTRAINT owned FOREIGN KEY (name) REFERENCES owners ON DELETE CASCADE;
      CREATE INDEX by_name ON pets (lower(name)) WHERE name > 'A'; COMMENT ON COLUMN pets.name IS 'What it''s called'`);
    const before = await migrations.schema();
    await migrations.up(removeName);
    await migrations.down(removeName);
    expect(await migrations.schema()).toEqual(before);
  });
});

describe('a column of somebody else', () => {
  it.each([
    ['undone_name', ''],
    ['undone_name', "; COMMENT ON COLUMN pets.undone_name IS 'How often it was undone'"],
    ['undone_name', "; COMMENT ON COLUMN pets.undone_name IS 'Set aside by undoing another.js, at noon.'"],
    ['undone_name', "; COMMENT ON COLUMN pets.undone_name IS 'Kept aside by another.js, at noon.'"],
    ['undone_name', "; COMMENT ON COLUMN pets.undone_name IS 'Kept aside by add-name.js, at noon.'"],
    ['replaced_name', ''],
    ['replaced_name', "; COMMENT ON COLUMN pets.replaced_name IS 'What was replaced'"],
  ])('named %s%s is left as it is, forwards and back and forwards again', async (column, comment) => {
    await migrations.reset(`CREATE TABLE pets (id integer PRIMARY KEY); INSERT INTO pets VALUES (1), (2);
      ALTER TABLE pets ADD COLUMN ${column} text DEFAULT 'theirs'${comment}`);
    const theirs = (await migrations.schema()).filter((line) => line.includes(column));
    const check = async () => {
      expect(await migrations.schema()).toEqual(expect.arrayContaining(theirs));
      expect(await migrations.query(`SELECT ${column} AS it FROM pets`)).toEqual([
        { it: 'theirs' },
        { it: 'theirs' },
      ]);
    };
    await migrations.up(addName);
    await check();
    await migrations.query("UPDATE pets SET name = 'mine'");
    await migrations.down(addName);
    await check();
    await migrations.up(addName);
    await check();
    expect(await names()).toEqual(['mine', 'mine']);
  });
});

it.each([
  ['column', 'CREATE TABLE pets (id integer PRIMARY KEY, replaced_name text)', addName],
  ['table', 'CREATE TABLE replaced_pets (id integer)', createPets],
])('a %s of somebody else is left as it is, also where it is empty', async (_, sql, one) => {
  await migrations.reset(sql);
  const theirs = await migrations.schema();
  await migrations.up(one);
  expect(await migrations.schema()).toEqual(expect.arrayContaining(theirs));
});

it('a check of somebody else with the name of one that is made for a while is left as it is', async () => {
  await migrations.reset(
    'CREATE TABLE pets (id integer CONSTRAINT pets_id_no_nulls CHECK (id > 0)); INSERT INTO pets VALUES (1)',
  );
  await migrations.up(addName);
  expect(await migrations.schema()).toContain('pets pets_id_no_nulls CHECK ((id > 0))');
});

describe('a table that a migration has dropped', () => {
  const DETAILS = `ALTER TABLE pets ALTER name SET DEFAULT 'Rex', ADD CONSTRAINT named CHECK (name <> ''), ADD UNIQUE (name);
    CREATE INDEX by_name ON pets (lower(name)); COMMENT ON TABLE pets IS 'All pets'; COMMENT ON COLUMN pets.name IS 'Its name'`;

  it.each([
    ['without rows', PETS],
    ['with rows', `${PETS}; ${ROWS}`],
  ])('%s comes back with its indexes, constraints, defaults and comments', async (_, sql) => {
    await migrations.reset(`${sql}; ${DETAILS}`);
    const before = await migrations.schema();
    await migrations.up(dropPets);
    expect(migrations.lines.at(-1)).toMatch(/kept aside as undone_pets.*: undoing drop-pets\.js restores it/);
    await migrations.down(dropPets);
    expect(await migrations.schema()).toEqual(before);
  });

  it('does not come back with a later migration that creates one of its name, indexes included', async () => {
    await migrations.reset(`${PETS}; ${ROWS}; CREATE INDEX pets_name ON pets (name)`);
    const before = await migrations.schema();
    const indexed = migration('create-pets', (schema) => {
      schema.createTable('pets', columns, { indexes: [{ fields: ['name'] }] });
    });
    await migrations.up(dropPets, indexed);
    expect(await names()).toEqual([]);
    expect(await migrations.schema()).toEqual(expect.arrayContaining(before));
    await migrations.query("INSERT INTO pets VALUES (3, 'new')");
    await migrations.down(indexed, dropPets);
    expect(await names()).toEqual(['Rex', 'Bo']);
    await migrations.up(dropPets, indexed);
    expect(await names()).toEqual(['new']);
    expect(await migrations.schema()).toEqual(expect.arrayContaining(before));
  });
});

describe('a table of somebody else', () => {
  it.each([
    ['undone_pets', ''],
    ['undone_pets', "; COMMENT ON TABLE undone_pets IS 'Pets that were undone'"],
    ['undone_pets', "; COMMENT ON TABLE undone_pets IS 'Kept aside by another.js, at noon.'"],
    ['replaced_pets', ''],
  ])('named %s%s is left as it is, forwards and back and forwards again', async (table, comment) => {
    await migrations.reset(
      `CREATE TABLE ${table} (id integer PRIMARY KEY, note text)${comment}; INSERT INTO ${table} VALUES (1)`,
    );
    const theirs = await migrations.schema();
    await migrations.up(createPets);
    await migrations.query(ROWS);
    await migrations.down(createPets);
    expect(await migrations.schema()).toEqual(expect.arrayContaining(theirs));
    await migrations.up(createPets);
    expect(await names()).toEqual(['Rex', 'Bo']);
    expect(await migrations.schema()).toEqual(expect.arrayContaining(theirs));
    expect(await migrations.query(`SELECT * FROM ${table}`)).toEqual([{ id: 1, note: null }]);
  });
});
