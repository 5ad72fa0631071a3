import { DataTypes, literal } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { type TestMigration, useMigrations } from '../support/migrations';
import { SCHEMA } from '../support/schema';

// What is kept aside belongs to one migration in one direction. Whatever else has such a name is somebody's own. More of these
// are in kept-aside-by-which-migration.test.ts.

const migrations = useMigrations();

const PETS = 'CREATE TABLE pets (id integer PRIMARY KEY, name text)';
const ROWS = "INSERT INTO pets VALUES (1, 'Rex'), (2, 'Bo')";
const integer = { type: DataTypes.INTEGER };

const migration = (name: string, up: (schema: Schema) => void): TestMigration => ({ name: `${name}.js`, up });

it('a column that is added again may have an index, a check and a foreign key of the same names, again and again', async () => {
  const owned = { ...integer, references: { model: 'owners', key: 'id' } };
  const add = (schema: Schema) => {
    schema.addColumn('pets', 'owner', owned);
    schema.addIndex('pets', ['owner']);
    schema.addConstraint('pets', { type: 'check', name: 'owned', where: literal('owner > 0') });
  };
  const remove = (schema: Schema) => schema.removeColumn('pets', 'owner', owned);
  const all = [add, remove, add, remove, add].map((up, n) => migration(`owner-${String(n)}`, up));
  await migrations.reset(
    `CREATE TABLE owners (id integer PRIMARY KEY); INSERT INTO owners VALUES (1), (2), (3); ${PETS}; ${ROWS}`,
  );
  const before = await migrations.schema();
  const owners = async () => (await migrations.query('SELECT owner FROM pets')).map(({ owner }) => owner);
  for (const [n, one] of all.entries()) {
    await migrations.up(one);
    if (n % 2 === 0) await migrations.query(`UPDATE pets SET owner = ${String(1 + n / 2)}`);
  }
  expect(await migrations.schema()).toEqual(
    expect.arrayContaining([
      ...before,
      `CREATE INDEX pets_owner ON ${SCHEMA}.pets USING btree (owner)`,
      'pets owned CHECK ((owner > 0))',
      'pets pets_owner_fkey FOREIGN KEY (owner) REFERENCES owners(id)',
    ]),
  );
  const after = await migrations.schema();
  for (const value of [3, 2, 1]) {
    expect(await owners()).toEqual([value, value]);
    await migrations.down(...all.slice(Math.max(0, 2 * value - 3), 2 * value - 1).toReversed());
  }
  await migrations.up(...all);
  expect(await owners()).toEqual([3, 3]);
  expect(await migrations.schema()).toEqual(after);
});
