import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// Before version 18 PostgreSQL adds no foreign key NOT VALID to a partitioned table. That is found out before the first step.
// Indexes and unique constraints: see partitioned-index.test.ts and partitioned-unique.test.ts.

const migrations = useMigrations();

const PETS = `CREATE TABLE owners (id integer PRIMARY KEY); INSERT INTO owners VALUES (1);
  CREATE TABLE pets (id integer, name text) PARTITION BY HASH (id);
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

const referring = {
  name: 'referring.js',
  up: (schema: Schema) => {
    schema.addColumn('pets', 'kind', { type: DataTypes.TEXT });
    schema.changeColumn('pets', 'id', {
      type: DataTypes.INTEGER,
      references: { model: 'owners', key: 'id' },
      onUpdate: 'NO ACTION',
      onDelete: 'NO ACTION',
    });
  },
};
const KEY = 'FOREIGN KEY (id) REFERENCES owners (id)';

async function isBeforeVersion18(): Promise<boolean> {
  const [row] = await migrations.query(
    "SELECT current_setting('server_version_num')::integer < 180000 AS old",
  );
  return row?.['old'] === true;
}

it.each([
  ['', `${PETS}; ${ROWS}`],
  [
    ' in place of one that acts otherwise',
    `${PETS}; ${ROWS}; ALTER TABLE pets ADD CONSTRAINT cascading ${KEY} ON DELETE CASCADE`,
  ],
])(
  'on a partitioned table with rows a foreign key%s is refused where it would block writes, and found once it is made by hand',
  async (_, sql) => {
    await migrations.reset(sql);
    if (await isBeforeVersion18()) {
      const before = await migrations.schema();
      await expect(migrations.up(referring)).rejects.toThrow('With writes: for each partition ALTER TABLE');
      expect(await migrations.schema()).toEqual(before);
      await migrations.query(`ALTER TABLE pets_0 ADD CONSTRAINT pets_id_fkey ${KEY} NOT VALID`);
      await migrations.query('ALTER TABLE pets_0 VALIDATE CONSTRAINT pets_id_fkey');
      await migrations.query(`ALTER TABLE pets ADD CONSTRAINT pets_id_fkey ${KEY}`);
      expect(await migrations.purposes(referring)).not.toContain('add foreign key pets_id_fkey');
    }
    await migrations.up(referring);
    expect(await migrations.purposes(referring)).toEqual([]);
    await expect(migrations.query('INSERT INTO pets (id) VALUES (2)')).rejects.toThrow('foreign key');
  },
);

it('on a partitioned table without rows a foreign key is added', async () => {
  await migrations.reset(PETS);
  await migrations.up(referring);
  expect(await migrations.purposes(referring)).toEqual([]);
  await expect(migrations.query('INSERT INTO pets (id) VALUES (2)')).rejects.toThrow('foreign key');
});
