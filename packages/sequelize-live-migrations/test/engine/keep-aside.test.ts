import { DataTypes, literal } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { createRole } from '../support/database';
import { usePlanner } from '../support/planner';
import { SCHEMA, schemaOf } from '../support/schema';

const planner = usePlanner();

const query = (sql: string) => planner.database.query(sql);

const PETS = 'CREATE TABLE pets (id integer PRIMARY KEY, name text)';
const ROWS = "INSERT INTO pets VALUES (1, 'Rex'), (2, 'Bo')";
const kind = { type: DataTypes.ENUM('cat', 'dog'), allowNull: false, defaultValue: 'cat' };
const add = (schema: Schema) => schema.addColumn('pets', 'kind', kind);
const remove = (schema: Schema) => {
  schema.removeIndex('pets', ['kind']);
  schema.removeColumn('pets', 'kind', kind);
};
const KIND = `CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog');
  ALTER TABLE pets ADD COLUMN kind enum_pets_kind NOT NULL DEFAULT 'cat'; CREATE INDEX pets_kind ON pets (kind)`;

const toy = {
  id: { type: DataTypes.INTEGER, primaryKey: true },
  pet: { type: DataTypes.INTEGER, references: { model: 'pets', key: 'id' } },
};
const addToys = (schema: Schema) => schema.createTable('toys', toy);
const dropToys = (schema: Schema) => schema.dropTable('toys', toy);
const TOYS = 'CREATE TABLE toys (id integer PRIMARY KEY, pet integer REFERENCES pets (id))';

describe('a column of a table with rows', () => {
  it('is kept aside with its values, index and enum type, and restored as it was', async () => {
    await planner.reset(`${PETS}; ${ROWS}; ${KIND}; UPDATE pets SET kind = 'dog' WHERE id = 2`);
    const [schema, rows] = [await schemaOf(planner.database), await query('SELECT * FROM pets ORDER BY id')];
    await planner.execute(remove);
    expect(await query('SELECT id, undone_kind FROM pets ORDER BY id')).toEqual([
      { id: 1, undone_kind: 'cat' },
      { id: 2, undone_kind: 'dog' },
    ]);
    await planner.execute(add);
    expect(await schemaOf(planner.database)).toEqual(schema);
    expect(await query('SELECT * FROM pets ORDER BY id')).toEqual(rows);
  });

  it('says where it is, that it comes back, and what deletes it for good; and that does', async () => {
    await planner.reset(`${PETS}; ${ROWS}`);
    const before = await schemaOf(planner.database);
    await query(KIND);
    await planner.execute(remove);
    const said = planner.lines.at(-1) ?? '';
    expect(said).toMatch(/^column pets\.kind is kept aside as undone_kind, .* next db:migrate restores it\./);
    await query(/To delete it for good: (.*)$/.exec(said)?.[1] ?? '');
    expect(await schemaOf(planner.database)).toEqual(before);
  });

  it('bears a comment that says when and by what, and has its own one back afterwards', async () => {
    await planner.reset(`${PETS}; ${ROWS}; ${KIND}; COMMENT ON COLUMN pets.kind IS 'What it is'`);
    const comment = async () => (await query("SELECT col_description('pets'::regclass, 3) AS is"))[0]?.['is'];
    await planner.execute(remove);
    expect(await comment()).toMatch(
      /^Set aside by undoing the-migration\.js, at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S+\. .*\n\nWhat it is$/,
    );
    await planner.execute(add);
    expect(await comment()).toBe('What it is');
  });

  it('does not stop the inserts of a service that does not know it, though it has no default', async () => {
    const owner = { type: DataTypes.TEXT, allowNull: false, backfill: literal("'nobody'") };
    await planner.reset(
      `${PETS}; ALTER TABLE pets ADD COLUMN owner text NOT NULL; INSERT INTO pets VALUES (1, 'Rex', 'Ann')`,
    );
    await planner.execute((schema) => schema.removeColumn('pets', 'owner', owner));
    await query("INSERT INTO pets (id, name) VALUES (2, 'Bo')");
    await planner.execute((schema) => schema.addColumn('pets', 'owner', owner));
    expect(await query('SELECT owner FROM pets ORDER BY id')).toEqual([
      { owner: 'Ann' },
      { owner: 'nobody' },
    ]);
    expect(await schemaOf(planner.database)).toContain('pets owner text not null');
  });
});

it.each([
  ['archivedAt', 'with a capital'],
  ['order', 'that is a word of SQL'],
  [`${'é'.repeat(29)}a`, 'that is almost too long'],
  ['🐕'.repeat(15), 'that is almost too long, and that may be cut only between its characters'],
])('a column %s, %s, comes back with its values and its index', async (column) => {
  const text = { type: DataTypes.TEXT };
  const state = (schema: Schema) => {
    schema.addColumn('pets', column, text);
    schema.addIndex('pets', [column], { name: 'by_it' });
  };
  await planner.reset(`${PETS}; ${ROWS}`);
  await planner.execute(state);
  await query(`UPDATE pets SET "${column}" = 'something'`);
  const schema = await schemaOf(planner.database);
  await planner.execute((its) => its.removeColumn('pets', column, text));
  await planner.execute(state);
  expect(await schemaOf(planner.database)).toEqual(schema);
  expect(await query(`SELECT "${column}" AS its FROM pets`)).toEqual([
    { its: 'something' },
    { its: 'something' },
  ]);
});

describe('a table with rows', () => {
  it('is kept aside whole, still guarded by its foreign key, and restored as it was', async () => {
    await planner.reset(`${PETS}; ${ROWS}; ${TOYS}; INSERT INTO toys VALUES (7, 1)`);
    const schema = await schemaOf(planner.database);
    await planner.execute(dropToys);
    await expect(query('DELETE FROM pets')).rejects.toThrow('violates foreign key constraint');
    await planner.execute(addToys);
    expect(await schemaOf(planner.database)).toEqual(schema);
    expect(await query('SELECT * FROM toys')).toEqual([{ id: 7, pet: 1 }]);
  });

  it('is not hidden by a policy that shows the role none of its rows', async () => {
    const keeper = await createRole('keeper');
    await planner.reset(`${PETS}; ${TOYS}; INSERT INTO pets VALUES (1); INSERT INTO toys VALUES (7, 1);
      GRANT ALL ON SCHEMA ${SCHEMA} TO ${keeper.name};
      ALTER TABLE pets OWNER TO ${keeper.name}; ALTER TABLE toys OWNER TO ${keeper.name};
      ALTER TABLE toys ENABLE ROW LEVEL SECURITY; ALTER TABLE toys FORCE ROW LEVEL SECURITY`);
    const theirs = planner.another(keeper);
    await theirs.execute(dropToys);
    await theirs.close();
    expect(await query('SELECT * FROM undone_toys')).toEqual([{ id: 7, pet: 1 }]);
  });
});

describe('an empty table', () => {
  it('loses a column for good, enum type and index included', async () => {
    await planner.reset(PETS);
    const before = await schemaOf(planner.database);
    await query(KIND);
    await planner.execute(remove);
    expect(await schemaOf(planner.database)).toEqual(before);
  });

  it('is kept aside where a view stands on it, and so is its column', async () => {
    const view = 'CREATE VIEW kinds AS SELECT kind FROM pets';
    await planner.reset(`${PETS}; ${KIND}; ${view}; ${TOYS}; CREATE VIEW some_toys AS SELECT id FROM toys`);
    await planner.migrate(remove);
    await planner.migrate(dropToys);
    const schema = await schemaOf(planner.database);
    expect(schema).toContain("pets undone_kind enum_pets_kind not null default 'cat'::enum_pets_kind");
    expect(schema).toContain('undone_toys id integer not null');
  });

  it.each<[string, (schema: Schema) => void, string]>([
    ['column', remove, 'SELECT id, undone_kind FROM pets'],
    ['table', dropToys, 'SELECT id FROM undone_toys'],
  ])('keeps its %s when a row comes in between the look and the drop', async (_, state, find) => {
    await planner.reset(`${PETS}; ${KIND}; ${TOYS}`);
    await planner.migrate(state, async (sql) => {
      // The first of the two locks stops no insert, and whoever inserts now is before the second one.
      if (sql.includes('SHARE UPDATE EXCLUSIVE')) {
        await query(
          'INSERT INTO pets VALUES (1) ON CONFLICT DO NOTHING; INSERT INTO toys VALUES (1, 1) ON CONFLICT DO NOTHING',
        );
      }
    });
    expect(await query(find)).toHaveLength(1);
  });
});

describe('what cannot have the usual name, or cannot be left out', () => {
  it('a table gets another name where a view has that', async () => {
    await planner.reset(
      `${PETS}; ${TOYS}; INSERT INTO toys VALUES (1); CREATE VIEW undone_toys AS SELECT 1 AS one`,
    );
    await planner.execute(dropToys);
    const [kept] = await query("SELECT relname FROM pg_class WHERE relname ~ '^undone_toys_[0-9a-f]{8}$'");
    expect(kept).toBeDefined();
    await planner.execute(addToys);
    expect(await query('SELECT * FROM toys')).toEqual([{ id: 1, pet: null }]);
  });

  it('a column of the primary key without a default is refused, with what to write', async () => {
    await planner.reset(PETS);
    await expect(
      planner.execute((schema) => schema.removeColumn('pets', 'id', { type: DataTypes.INTEGER })),
    ).rejects.toThrow(
      'column pets.id: expected that rows can be inserted without it, when it is kept aside, found that it is in the ' +
        'primary key pets_pkey, and has no default',
    );
  });
});
