import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// What of a partitioned table is made as of any other: where it has no rows, and where somebody has made it by hand. The rest:
// partitioned-index.test.ts, partitioned-unique.test.ts and partitioned-keys.test.ts.

const migrations = useMigrations();

const PETS = `CREATE TABLE pets (id integer, name text) PARTITION BY HASH (id);
  CREATE TABLE pets_0 PARTITION OF pets FOR VALUES WITH (MODULUS 1, REMAINDER 0)`;
const ROWS = `INSERT INTO pets VALUES (1, 'Rex')`;

const indexed = {
  name: 'index.js',
  up: (schema: Schema) => {
    schema.addColumn('pets', 'kind', { type: DataTypes.TEXT });
    schema.addIndex('pets', ['name'], { name: 'by_name' });
  },
};
const unique = {
  name: 'unique.js',
  up: (schema: Schema) => {
    schema.addColumn('pets', 'kind', { type: DataTypes.TEXT });
    schema.addConstraint('pets', { type: 'unique', fields: ['id'], name: 'once' });
  },
};

it('a unique constraint of a partitioned table with rows that was made by hand is found, and undone', async () => {
  const sql = `ALTER TABLE ONLY pets ADD CONSTRAINT once UNIQUE (id); CREATE UNIQUE INDEX CONCURRENTLY once_0 ON pets_0 (id);
    ALTER TABLE pets_0 ADD CONSTRAINT once_0 UNIQUE USING INDEX once_0; ALTER INDEX once ATTACH PARTITION once_0`;
  await migrations.reset(`${PETS}; ${ROWS}`);
  for (const statement of sql.split(';')) await migrations.query(statement);
  expect(await migrations.purposes(unique)).toEqual(['add column pets.kind']);
  await migrations.up(unique);
  expect(await migrations.purposes(unique)).toEqual([]);
  await migrations.down(unique);
  expect((await migrations.schema()).filter((line) => line.includes('once'))).toEqual([]);
});

it.each([
  ['an index', indexed],
  ['a unique constraint', unique],
])('on a partitioned table without rows %s is made and removed', async (_, one) => {
  await migrations.reset(PETS);
  const before = await migrations.schema();
  await migrations.up(one);
  expect(await migrations.purposes(one)).toEqual([]);
  await migrations.down(one);
  expect(await migrations.schema()).toEqual(before);
});
