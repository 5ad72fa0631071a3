import { DataTypes, literal, Op, type WhereOptions } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { createRole } from '../support/database';
import { useMigrations } from '../support/migrations';
import { usePlanner } from '../support/planner';
import { SCHEMA } from '../support/schema';

const migrations = useMigrations();
const planner = usePlanner();

const PETS = `CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog');
  CREATE TABLE pets (id integer PRIMARY KEY, name text, age integer, kind enum_pets_kind);
  INSERT INTO pets SELECT n, 'n' || n / 2, n % 10, 'dog' FROM generate_series(1, 2500) AS n`;
const id = { type: DataTypes.INTEGER, primaryKey: true };

const deletion = (where: WhereOptions) => ({
  name: 'one.js',
  up: (schema: Schema) => schema.bulkDelete('pets', where),
});

describe('rows that match a condition are deleted', () => {
  it.each<[string, WhereOptions, number]>([
    ['by a value', { age: 3 }, 2250],
    ['by several', { age: [1, 2], kind: 'dog' }, 2000],
    ['by SQL', literal('id > 100 -- most'), 100],
    ['all', literal('true'), 0],
    [
      'duplicates',
      literal('EXISTS (SELECT FROM pets AS other WHERE other.name = pets.name AND other.id < pets.id)'),
      1251,
    ],
  ])('%s', async (_, where, left) => {
    await migrations.reset(PETS);
    await migrations.up(deletion(where));
    expect(await migrations.query('SELECT FROM pets')).toHaveLength(left);
    await migrations.up(deletion(where));
    expect(await migrations.query('SELECT FROM pets')).toHaveLength(left);
  });

  it.each([
    ['a key of two columns', 'PRIMARY KEY (kind, id)'],
    ['no key', 'CHECK (true)'],
  ])('in a table with %s, and the run reports how many', async (_, key) => {
    await planner.reset(`${PETS}; ALTER TABLE pets DROP CONSTRAINT pets_pkey, ADD ${key}`);
    await planner.execute((schema) => schema.bulkDelete('pets', { age: { [Op.gt]: 2 } }));
    expect(await planner.database.query('SELECT FROM pets')).toHaveLength(750);
    expect(planner.progress.at(-1)).toEqual({ what: 'delete rows of pets', done: 1750 });
  });

  it('and that no row is left is known when it is planned', async () => {
    await migrations.reset(PETS);
    expect(await migrations.purposes(deletion({ age: 10 }))).toEqual([]);
  });
});

describe('rows that refer to what is deleted', () => {
  const toys = (
    action: string,
  ) => `${PETS}; CREATE TABLE toys (id integer PRIMARY KEY, pet integer REFERENCES pets ${action});
    INSERT INTO toys VALUES (1, 7), (2, 8), (3, NULL)`;

  it.each(['', 'ON DELETE RESTRICT'])(
    'stand against it, and are listed before anything is done: %s',
    async (action) => {
      const up = (schema: Schema) => {
        schema.addColumn('pets', 'note', { type: DataTypes.TEXT });
        schema.bulkDelete('pets', { age: [3, 7] });
      };
      const refusal = await migrations.refusal(toys(action), { name: 'one.js', up });
      expect(refusal).toMatch(
        /bulkDelete of pets: expected that no row refers to what is deleted, found rows of toys/,
      );
      const query = /: (SELECT [^;]*);/.exec(refusal)?.[1] ?? '';
      expect(await migrations.query(query)).toEqual([{ id: 1, pet: 7 }]);
    },
  );

  it('are said in the order of the names of their tables, where their constraints have one name', async () => {
    const refersToPets = (table: string) =>
      `CREATE TABLE ${table} (id integer PRIMARY KEY, pet integer CONSTRAINT by_pet REFERENCES pets ON DELETE CASCADE)`;
    await migrations.reset(`${PETS}; ${['toys', 'beds', 'cages'].map(refersToPets).join('; ')}`);
    await migrations.up(deletion({ age: 7 }));
    const said = migrations.lines.flatMap((line) => /the rows of (\w+) that/.exec(line)?.[1] ?? []);
    expect(said).toEqual(['beds', 'cages', 'toys']);
  });

  it.each<[string, string, readonly unknown[]]>([
    ['are deleted with it', 'ON DELETE CASCADE', [{ id: 2 }, { id: 3 }]],
    ['refer to it no more', 'ON DELETE SET NULL', [{ id: 1 }, { id: 2 }, { id: 3 }]],
  ])('%s, and that is said', async (_, action, left) => {
    await migrations.reset(toys(action));
    await migrations.up(deletion({ age: 7 }));
    expect(await migrations.query('SELECT id FROM toys ORDER BY id')).toEqual(left);
    expect(migrations.lines.at(-1)).toContain(
      'rows of pets are deleted: the rows of toys that refer to them',
    );
  });

  it('may be in another schema, of two columns, and under other names', async () => {
    const sql = `CREATE SCHEMA "Other"; CREATE TABLE pets (a integer, b integer, PRIMARY KEY (a, b));
      INSERT INTO pets VALUES (1, 1), (1, 2), (2, 1); CREATE TABLE "Other"."The Toys" (x integer, "Y" integer, FOREIGN KEY (x, "Y") REFERENCES pets);
      INSERT INTO "Other"."The Toys" VALUES (1, 2), (NULL, 1)`;
    const up = (schema: Schema) => {
      schema.renameColumn('pets', 'b', 'c');
      schema.bulkDelete('pets', { a: 1 });
    };
    const refusal = await migrations.refusal(sql, { name: 'one.js', up });
    const query = /: (SELECT [^;]*);/.exec(refusal)?.[1] ?? '';
    expect(await migrations.query(query)).toEqual([{ x: 1, Y: 2 }]);
    await migrations.query('DROP SCHEMA "Other" CASCADE');
  });

  it('are asked after the migration has changed them', async () => {
    const up = (schema: Schema) => {
      schema.bulkUpdate('toys', { pet: null }, { pet: 7 });
      schema.bulkDelete('pets', { age: 7 });
    };
    await migrations.reset(toys(''));
    await migrations.up({ name: 'one.js', up });
    expect(await migrations.query('SELECT FROM pets WHERE age = 7')).toEqual([]);
    const less = (schema: Schema) => {
      schema.bulkUpdate('toys', { pet: 9 }, { pet: 8 });
      schema.bulkDelete('pets', { age: [8, 9] });
    };
    await expect(migrations.up({ name: 'two.js', up: less })).rejects.toThrow(
      /no row refers to what is deleted/,
    );
    expect(await migrations.query('SELECT FROM pets WHERE age = 8')).toHaveLength(250);
  });

  it('may be rows of the table itself', async () => {
    await migrations.reset(
      `${PETS}; ALTER TABLE pets ADD mother integer REFERENCES pets; UPDATE pets SET mother = 2 WHERE id = 3`,
    );
    await expect(migrations.up(deletion({ id: 2 }))).rejects.toThrow(
      /rows of pets that do, by pets_mother_fkey/,
    );
    await migrations.up(deletion({ id: 3 }));
  });
});

it('what stands on the rows that are left is done after that', async () => {
  const where = literal('id % 2 = 1');
  const up = (schema: Schema) => {
    schema.createTable('toys', { id });
    schema.bulkDelete('pets', where);
    schema.addConstraint('pets', { type: 'unique', fields: ['name'] });
    schema.addConstraint('pets', { type: 'check', name: 'even', where: literal('id % 2 = 0') });
  };
  await migrations.reset(PETS);
  await migrations.up({ name: 'one.js', up });
  const after = await migrations.schema();
  expect(after).toContain('pets even CHECK (((id % 2) = 0))');
  migrations.lines.length = 0;
  await migrations.down({ name: 'one.js', up });
  expect(migrations.lines).toContain(
    'rows of pets that were deleted are not restored: what they were is not known',
  );
  await migrations.up({ name: 'one.js', up });
  expect(await migrations.schema()).toEqual(after);
});

it.each<[string, (schema: Schema) => void, RegExp]>([
  [
    'a column that is not there',
    (schema) => schema.bulkDelete('pets', { nome: 1 }),
    /column "nome" does not exist/,
  ],
  [
    'a label that is not there',
    (schema) => schema.bulkDelete('pets', { kind: 'cow' }),
    /invalid input value for enum/,
  ],
  [
    'a table that is not there',
    (schema) => schema.bulkDelete('dogs', { id: 1 }),
    /Table dogs does not exist/,
  ],
])('is refused with nothing done: %s', async (_, up, message) => {
  expect(await migrations.refusal(PETS, { name: 'one.js', up })).toMatch(message);
});

it('rows that an update would give to an earlier deletion are refused: a run that is repeated would delete them', async () => {
  const up = (schema: Schema) => {
    schema.bulkDelete('pets', { age: 1 });
    schema.bulkUpdate('pets', { age: 1 }, { age: 2 });
  };
  await migrations.reset(PETS);
  await expect(migrations.up({ name: 'one.js', up })).rejects.toThrow(/would be updated again/);
  expect(await migrations.query('SELECT FROM pets WHERE age = 1')).toEqual([]);
});

it('a policy that hides rows is an error, and not a part of the rows', async () => {
  const role = await createRole('owner');
  await planner.reset(`GRANT ALL ON SCHEMA ${SCHEMA} TO ${role.name}; ${PETS}; ALTER TABLE pets OWNER TO ${role.name};
    ALTER TABLE pets ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; CREATE POLICY few ON pets USING (id < 10)`);
  const owner = planner.another(role);
  await expect(owner.migrate((schema) => schema.bulkDelete('pets', { age: 1 }))).rejects.toThrow(
    /row-level security/,
  );
  await owner.close();
  expect(await planner.database.query('SELECT FROM pets')).toHaveLength(2500);
});
