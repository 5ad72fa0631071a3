import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// What a migration deletes for good.

const migrations = useMigrations();

const PETS = `CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog');
  CREATE TABLE owners (id integer PRIMARY KEY);
  CREATE TABLE pets (id integer PRIMARY KEY, kind enum_pets_kind DEFAULT 'cat', owner integer REFERENCES owners, old text NOT NULL);
  CREATE INDEX pets_kind ON pets (kind); INSERT INTO owners VALUES (1); INSERT INTO pets VALUES (1, 'dog', 1, 'x')`;

const integer = { type: DataTypes.INTEGER };
const kind = { type: DataTypes.ENUM('cat', 'dog'), defaultValue: 'cat' };
const owner = { ...integer, references: { model: 'owners', key: 'id' } };

const removeKind = {
  name: 'one.js',
  up: (schema: Schema) => {
    schema.removeIndex('pets', ['kind']);
    schema.removeColumn('pets', 'kind', kind, { purge: true });
  },
};
const dropPets = {
  name: 'one.js',
  up: (schema: Schema) => {
    const id = { ...integer, primaryKey: true };
    const old = { type: DataTypes.TEXT, allowNull: false };
    schema.dropTable('pets', { id, kind, owner, old }, { purge: true });
  },
};

it('a column is deleted with its index and its type, and an undo adds it without its values', async () => {
  await migrations.reset(PETS);
  const before = await migrations.schema();
  await migrations.up(removeKind);
  expect((await migrations.schema()).filter((line) => line.includes('kind'))).toEqual([]);
  expect(await migrations.purposes(removeKind)).toEqual([]);
  await migrations.down(removeKind);
  expect(await migrations.schema()).toEqual(before);
  expect(migrations.lines).toContain('column pets.kind comes back without the values that were deleted');
  expect(await migrations.query('SELECT kind FROM pets')).toEqual([{ kind: 'cat' }]);
  await migrations.up(removeKind);
  expect((await migrations.schema()).filter((line) => line.includes('kind'))).toEqual([]);
});

it('a column whose index is not mentioned is deleted with it, and one of a table with a new name, too', async () => {
  const up = (schema: Schema) => {
    schema.removeColumn('pets', 'kind', kind, { purge: true });
    schema.renameTable('pets', 'animals');
  };
  await migrations.reset(PETS);
  await migrations.up({ name: 'one.js', up });
  expect((await migrations.schema()).filter((line) => line.includes('kind'))).toEqual([]);
  expect(await migrations.purposes({ name: 'one.js', up })).toEqual([]);
});

it('a table is deleted with its rows, and an undo creates it without them', async () => {
  await migrations.reset(PETS);
  await migrations.up(dropPets);
  expect((await migrations.schema()).filter((line) => line.includes('pets'))).toEqual([]);
  await migrations.down(dropPets);
  expect(migrations.lines.at(-1)).toBe('table pets comes back without the rows that were deleted');
  expect(await migrations.query('SELECT id FROM pets')).toEqual([]);
  await migrations.up(dropPets);
  expect((await migrations.schema()).filter((line) => line.includes('pets'))).toEqual([]);
});

it('an undo that would need a value for the rows that are there is refused before anything is undone', async () => {
  const old = { type: DataTypes.TEXT, allowNull: false };
  const remove = {
    name: 'one.js',
    up: (schema: Schema) => schema.removeColumn('pets', 'old', old, { purge: true }),
  };
  await migrations.reset(PETS);
  await migrations.up(remove);
  await expect(migrations.down(remove)).rejects.toThrow(/pets[.]old: expected a value in every row/);
});

it.each([
  ['a view', removeKind, 'CREATE VIEW dogs AS SELECT kind FROM pets', 'found view dogs'],
  [
    'a policy',
    removeKind,
    "CREATE POLICY dogs ON pets USING (kind = 'dog')",
    'found policy dogs on table pets',
  ],
  [
    'a generated column',
    removeKind,
    "ALTER TABLE pets ADD is_dog boolean GENERATED ALWAYS AS (kind = 'dog') STORED",
    'found the generated column is_dog',
  ],
  ['a view', dropPets, 'CREATE VIEW dogs AS SELECT kind FROM pets', 'found the view dogs'],
  [
    'a foreign key',
    dropPets,
    'CREATE TABLE toys (pet integer REFERENCES pets)',
    'found the foreign key of toys',
  ],
])('what %s depends on is not deleted, and nothing else is', async (_, one, sql, message) => {
  expect(await migrations.refusal(`${PETS}; ${sql}`, one)).toContain(message);
});

describe('the functions of triggers that keep two columns equal', () => {
  const id = { ...integer, primaryKey: true };
  const dropped = (purge: boolean) => ({
    name: '2.js',
    up: (schema: Schema) => schema.dropTable('pets', { id }, { purge }),
  });
  const functions = () =>
    migrations.query("SELECT proname FROM pg_proc WHERE proname ~ '^overlap_' ORDER BY 1");
  const OVERLAPS: [string, (schema: Schema) => void, number][] = [
    ['of another name', (schema) => schema.renameColumn('pets', 'old', 'new', { overlap: true }), 2],
    [
      'of another type',
      (schema) => schema.changeColumn('pets', 'owner', { type: DataTypes.BIGINT }, { overlap: true }),
      1,
    ],
  ];

  it.each(OVERLAPS)('are deleted with the table: %s', async (_, up, count) => {
    await migrations.reset(PETS);
    await migrations.up({ name: '1.js', up });
    expect(await functions()).toHaveLength(count);
    await migrations.up(dropped(true));
    expect(await functions()).toEqual([]);
  });

  it.each(OVERLAPS)('stay with a table that is kept aside, and go with it: %s', async (_, up, count) => {
    await migrations.reset(PETS);
    await migrations.up({ name: '1.js', up }, dropped(false));
    expect(await functions()).toHaveLength(count);
    await migrations.down(dropped(false));
    await migrations.query("UPDATE pets SET old = 'y', owner = NULL");
    await migrations.up(dropped(false));
    const sql = migrations.lines.findLast((line) => line.includes('To delete it for good: '));
    await migrations.query(String(sql?.split('To delete it for good: ')[1]));
    expect(await functions()).toEqual([]);
  });

  it.each(OVERLAPS)('stay where another table uses them: %s', async (_, up) => {
    await migrations.reset(`${PETS}; CREATE TABLE cats (LIKE pets)`);
    await migrations.up({ name: '1.js', up });
    const [{ proname: last = '' } = {}] = (await functions()).slice(-1);
    await migrations.query(
      `CREATE TRIGGER mine BEFORE INSERT ON cats FOR EACH ROW EXECUTE FUNCTION ${String(last)}()`,
    );
    await migrations.up(dropped(true));
    expect(await functions()).toEqual([{ proname: last }]);
  });
});

it('what SQL of the same migration has dropped before does not stand against it', async () => {
  const up = (schema: Schema) => {
    schema.sql({ up: 'DROP VIEW IF EXISTS dogs', down: 'SELECT 1' });
    removeKind.up(schema);
  };
  await migrations.reset(`${PETS}; CREATE VIEW dogs AS SELECT kind FROM pets`);
  await migrations.up({ name: 'one.js', up });
  expect((await migrations.schema()).filter((line) => line.includes('kind'))).toEqual([]);
});
