import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';
import { constraints, indexes, once, PETS, WHOLE } from '../support/partitioned-pets';

// PostgreSQL makes no unique constraint of a partitioned table from an index that was built concurrently: it is declared on the
// table alone, made from such an index on each partition, and attached.

const migrations = useMigrations();

const ALL = [
  'by_name on pets UNIQUE (id, name)',
  'pets_new_1_by_name on pets_new_1 UNIQUE (id, name)',
  'pets_new_2_by_name on pets_new_2 UNIQUE (id, name)',
  'pets_new_by_name on pets_new UNIQUE (id, name)',
  'pets_old_by_name on pets_old UNIQUE (id, name)',
];

it('a unique constraint is made on each partition, from an index that was built concurrently; undone and done again', async () => {
  await migrations.convergesThereAndBack(PETS, once);
  expect([await indexes(migrations), await constraints(migrations)]).toEqual([WHOLE, ALL]);
  await expect(migrations.query("INSERT INTO pets VALUES (1, 'Rex 1')")).rejects.toThrow('duplicate key');
});

it('writes go on while it is built: all that is locked against them changes only the catalog', async () => {
  await migrations.reset(PETS);
  const blocking = (await migrations.steps(once, 'up')).flatMap(({ locks = [], sql }) =>
    locks.filter(({ mode }) => mode !== 'SHARE UPDATE EXCLUSIVE').map(({ table }) => `${table}: ${sql}`),
  );
  const attached = (table: string, parent: string) => [
    `${table}: ALTER TABLE "${table}" ADD CONSTRAINT "${table}_by_name" UNIQUE USING INDEX "${table}_by_name";`,
    `ALTER INDEX "${parent}" ATTACH PARTITION "${table}_by_name"`,
  ];
  expect(blocking).toEqual([
    'pets: ALTER TABLE ONLY "pets" ADD CONSTRAINT "by_name" UNIQUE (id, name)',
    'pets_new: ALTER TABLE ONLY "pets_new" ADD CONSTRAINT "pets_new_by_name" UNIQUE (id, name)',
    attached('pets_new_1', 'pets_new_by_name').join('\n'),
    attached('pets_new_2', 'pets_new_by_name').join('\n'),
    'pets_new: ALTER INDEX "by_name" ATTACH PARTITION "pets_new_by_name"',
    attached('pets_old', 'by_name').join('\n'),
  ]);
});

it('rows with the same values are refused before anything is done', async () => {
  const twice = `${PETS}; INSERT INTO pets SELECT * FROM pets`;
  expect(await migrations.refusal(twice, once)).toContain('rows with the same values');
  expect(await constraints(migrations)).toEqual([]);
});

it('one that was begun by hand is not taken for done: a partition is without it', async () => {
  await migrations.reset(PETS);
  await migrations.query('ALTER TABLE ONLY pets ADD CONSTRAINT by_name UNIQUE (id, name)');
  await migrations.query('ALTER TABLE pets_old ADD CONSTRAINT mine UNIQUE (id, name)');
  await migrations.query('ALTER INDEX by_name ATTACH PARTITION mine');
  await migrations.up(once);
  expect((await constraints(migrations)).filter((line) => line.includes('pets_old'))).toEqual([]);
  expect((await indexes(migrations)).filter((line) => line.includes('invalid'))).toEqual([]);
  expect(await migrations.purposes(once)).toEqual([]);
});

it('also where the table has no rows', async () => {
  await migrations.reset(`${PETS}; TRUNCATE pets`);
  await migrations.query('ALTER TABLE ONLY pets ADD CONSTRAINT by_name UNIQUE (id, name)');
  await migrations.up(once);
  expect([await indexes(migrations), await constraints(migrations)]).toEqual([WHOLE, ALL]);
});

it('what comes after it in the same migration finds it done', async () => {
  await migrations.reset(PETS);
  await migrations.query('ALTER TABLE ONLY pets ADD CONSTRAINT by_name UNIQUE (id, name)');
  const again = {
    name: 'again.js',
    up: (schema: Schema) => {
      once.up(schema);
      schema.renameTable('pets', 'animals');
      schema.addConstraint('animals', { type: 'unique', fields: ['id', 'name'], name: 'by_name' });
    },
  };
  const declared = (await migrations.purposes(again)).filter((purpose) => purpose.includes('see that index'));
  expect(declared).toEqual(['see that index by_name is valid']);
});

it('an undo drops also what was built on partitions and not attached, as after a kill', async () => {
  await migrations.reset(PETS);
  const before = await constraints(migrations);
  await migrations.query('ALTER TABLE ONLY pets ADD CONSTRAINT by_name UNIQUE (id, name)');
  await migrations.query('CREATE UNIQUE INDEX pets_old_by_name ON pets_old (id, name)');
  await migrations.query('ALTER TABLE ONLY pets_new ADD CONSTRAINT pets_new_by_name UNIQUE (id, name)');
  await migrations.query('ALTER TABLE pets_new_1 ADD CONSTRAINT pets_new_1_by_name UNIQUE (id, name)');
  await migrations.down(once);
  expect([await indexes(migrations), await constraints(migrations)]).toEqual([[], before]);
});

it('on partitions of which one is in another schema it is refused with what to type', async () => {
  const other = `${PETS}; CREATE SCHEMA IF NOT EXISTS elsewhere; DROP TABLE IF EXISTS elsewhere.pets_more;
    CREATE TABLE elsewhere.pets_more PARTITION OF pets FOR VALUES FROM (100) TO (200)`;
  expect(await migrations.refusal(other, once)).toContain(
    'With writes: ALTER TABLE ONLY "pets" ADD CONSTRAINT "by_name" UNIQUE (id, name); then for each partition CREATE UNIQUE INDEX ' +
      'CONCURRENTLY',
  );
  expect(await constraints(migrations)).toEqual([]);
  await migrations.query('DROP SCHEMA elsewhere CASCADE');
});
