import { DataTypes, literal } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { addKind as add, ASIDE, PETS, ROWS } from '../support/kept-aside-twice';
import { usePlanner } from '../support/planner';
import { schemaOf } from '../support/schema';

// What an undo has kept aside, and something in its place that the service or somebody else has made since.

const planner = usePlanner();

const query = (sql: string) => planner.database.query(sql);

const toy = {
  id: { type: DataTypes.INTEGER, primaryKey: true },
  pet: { type: DataTypes.INTEGER, references: { model: 'pets', key: 'id' } },
};
const addToys = (schema: Schema) => {
  schema.createTable('toys', toy);
};
const dropToys = (schema: Schema) => {
  schema.dropTable('toys', toy);
};
const TOYS = 'CREATE TABLE toys (id integer PRIMARY KEY, pet integer REFERENCES pets (id))';

describe('what is there and kept aside as well', () => {
  const kinds = async () => (await query('SELECT kind FROM pets ORDER BY id')).map((row) => row['kind']);

  it('gives way to it where it is a column that holds nothing but its default', async () => {
    await planner.reset(ASIDE);
    await planner.execute(add);
    expect(await kinds()).toEqual(['cat', 'dog']);
  });

  it('stays where the one that was kept aside holds nothing but its default', async () => {
    await planner.reset(`${ASIDE}; UPDATE pets SET undone_kind = 'cat', kind = 'dog'`);
    await planner.execute(add);
    expect(await kinds()).toEqual(['dog', 'dog']);
    expect(await query("SELECT FROM pg_attribute WHERE attname = 'undone_kind'")).toEqual([]);
  });

  it('is dropped with what it holds only if that is what every row is to have', async () => {
    await planner.reset(
      `${ASIDE}; ALTER TABLE pets ALTER kind SET DEFAULT 'dog'; UPDATE pets SET kind = 'dog'`,
    );
    await expect(planner.execute(add)).rejects.toThrow('both hold data (kind: it has values)');
  });

  it('is kept where a row was written to it in the last moment, under a name of its own', async () => {
    await planner.reset(ASIDE);
    await planner.migrate(add, async (sql) => {
      if (sql.includes('SHARE UPDATE EXCLUSIVE'))
        await query("UPDATE pets SET kind = 'dog' WHERE id = 1").catch(() => []);
    });
    expect(await query('SELECT kind, replaced_kind FROM pets ORDER BY id')).toEqual([
      { kind: 'cat', replaced_kind: 'dog' },
      { kind: 'dog', replaced_kind: 'cat' },
    ]);
    expect(planner.lines.at(-1)).toMatch(/^drop column pets\.replaced_kind: left, because it holds/);
  });

  /** Runs the SQL that a refusal prints, and then the same migration again; gives what it says to run at last. */
  async function merge(state: (schema: Schema) => void, reason: RegExp): Promise<string> {
    const refusal = String(await planner.execute(state).catch((error: unknown) => error));
    expect(refusal).toMatch(reason);
    await query(refusal.slice(refusal.indexOf('BEGIN;'), refusal.indexOf('COMMIT;')) + 'COMMIT');
    await planner.execute(state);
    return /until you run: (.*);$/.exec(refusal)?.[1] ?? '';
  }

  it('rows of a table are merged without what is generated, and the numbers of new ones go on after them', async () => {
    const identity = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
    const twice = { type: DataTypes.INTEGER, generatedAs: literal('age * 2') };
    const one = (schema: Schema) =>
      schema.createTable('dogs', {
        id: { ...identity, autoIncrementIdentity: true },
        age: { type: DataTypes.INTEGER },
        twice,
      });
    await planner.reset('');
    await planner.execute(one);
    await query('INSERT INTO dogs (age) VALUES (1), (2)');
    await planner.execute((schema) => schema.dropTable('dogs', { id: identity }));
    await query(`CREATE TABLE dogs (id serial PRIMARY KEY, age integer, twice integer GENERATED ALWAYS AS (age * 2) STORED);
      INSERT INTO dogs (age) VALUES (7), (8), (9)`);
    await merge(one, /table dogs is there, and so is undone_dogs, .* both hold data/);
    await query('INSERT INTO dogs (age) VALUES (10)');
    expect(await query('SELECT id, twice FROM dogs ORDER BY id')).toEqual([
      { id: 1, twice: 2 },
      { id: 2, twice: 4 },
      { id: 3, twice: 18 },
      { id: 4, twice: 20 },
    ]);
  });

  it.each<[string, string]>([
    ['as it is stated', "INSERT INTO pets (id, kind) VALUES (3, 'dog')"],
    [
      'as text, and with a null',
      `ALTER TABLE pets ALTER kind DROP DEFAULT, ALTER kind DROP NOT NULL, ALTER kind TYPE text;
      INSERT INTO pets (id, kind) VALUES (3, 'dog'); UPDATE pets SET kind = NULL WHERE id = 2`,
    ],
    [
      'and a view reads it',
      "INSERT INTO pets (id, kind) VALUES (3, 'dog'); CREATE VIEW kinds AS SELECT kind FROM pets",
    ],
  ])('is refused as a column where both hold data, and the SQL keeps both: %s', async (_, sql) => {
    await planner.reset(`${ASIDE}; ${sql}`);
    const last = await merge(
      add,
      /column pets\.kind is there, and so is undone_kind, .* both hold data .*\. Nothing/,
    );
    expect(await kinds()).toEqual(['cat', 'dog', 'dog']);
    await query(`${last} CASCADE`);
    expect(
      await query("SELECT FROM pg_attribute WHERE attrelid = 'pets'::regclass AND attname LIKE '%_kind'"),
    ).toEqual([]);
  });

  it('is refused as a table, too, and the SQL keeps the rows of both, and what has no place', async () => {
    await planner.reset(`${PETS}; ${ROWS}; ${TOYS}; INSERT INTO toys VALUES (7, 1), (9, 1)`);
    const schema = await schemaOf(planner.database);
    await planner.execute(dropToys);
    await query(
      'CREATE TABLE toys (id integer PRIMARY KEY, pet integer, note text); INSERT INTO toys VALUES (8, 2, $$new$$), (9, 2, NULL)',
    );
    const last = await merge(addToys, /table toys is there, and so is undone_toys/);
    expect(await query('SELECT id, pet FROM toys ORDER BY id')).toEqual([
      { id: 7, pet: 1 },
      { id: 8, pet: 2 },
      { id: 9, pet: 1 },
    ]);
    expect(await query('SELECT note FROM replaced_toys ORDER BY id')).toEqual([
      { note: 'new' },
      { note: null },
    ]);
    await query(last);
    expect(await schemaOf(planner.database)).toEqual(schema);
  });

  it('counts as holding data where a view stands on it, and the refusal names the view', async () => {
    await planner.reset(`${ASIDE}; CREATE VIEW kinds AS SELECT kind FROM pets`);
    await expect(planner.execute(add)).rejects.toThrow('both hold data (kind: the view kinds reads it)');
  });

  it('ends in the schema that is wanted where the table that was kept aside is empty by now', async () => {
    await planner.reset(`${PETS}; ${ROWS}; ${TOYS}; INSERT INTO toys VALUES (7, 1)`);
    const schema = await schemaOf(planner.database);
    await planner.execute(dropToys);
    await query(
      'DELETE FROM undone_toys; CREATE TABLE toys (id integer PRIMARY KEY, pet integer); INSERT INTO toys VALUES (8, 2)',
    );
    await planner.execute(addToys);
    expect(await schemaOf(planner.database)).toEqual(schema);
    expect(await query('SELECT id FROM toys')).toEqual([{ id: 8 }]);
  });
});
