import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';
import { byName, indexes, PETS, WHOLE } from '../support/partitioned-pets';

// PostgreSQL builds no index of a partitioned table concurrently: it is declared on the table alone, built on each partition,
// and attached.

const migrations = useMigrations();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());

it('an index is built on each partition, concurrently, and attached; undone and done again', async () => {
  await migrations.convergesThereAndBack(PETS, byName);
  expect(await indexes(migrations)).toEqual(WHOLE);
  const steps = await migrations.steps({ ...byName, name: 'other.js' }, 'down');
  expect(steps.map(({ sql }) => sql)).toEqual(['DROP INDEX "by_name"']);
});

it('writes go on while it is built: each partition is locked only to attach its index', async () => {
  await migrations.reset(PETS);
  const steps = await migrations.steps(byName, 'up');
  const blocking = steps.flatMap(({ locks = [], purpose }) =>
    locks
      .filter(({ mode }) => mode !== 'SHARE UPDATE EXCLUSIVE')
      .map(({ table, mode }) => `${purpose}: ${mode} on ${table}`),
  );
  expect(blocking).toEqual([
    'declare index by_name on pets without its partitions: SHARE on pets',
    'declare index pets_new_by_name on pets_new without its partitions: SHARE on pets_new',
    'attach index pets_new_1_by_name to pets_new_by_name: ACCESS EXCLUSIVE on pets_new_1',
    'attach index pets_new_2_by_name to pets_new_by_name: ACCESS EXCLUSIVE on pets_new_2',
    'attach index pets_new_by_name to by_name: ACCESS EXCLUSIVE on pets_new',
    'attach index pets_old_by_name to by_name: ACCESS EXCLUSIVE on pets_old',
  ]);
});

it('what has not finished is built again, and what somebody has built is attached', async () => {
  await migrations.reset(PETS);
  await migrations.query('CREATE INDEX by_name ON ONLY pets USING btree (name) WHERE (born IS NULL)');
  await migrations.query('CREATE INDEX pets_old_by_name ON pets_old (name) WHERE born IS NULL');
  await migrations.query('CREATE INDEX mine ON pets_new (name) WHERE born IS NULL');
  await migrations.query('ALTER INDEX by_name ATTACH PARTITION mine');
  await migrations.query(
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'pets_old_by_name'::regclass",
  );
  await migrations.up(byName);
  expect(await indexes(migrations)).toEqual(['by_name on pets', 'pets_old_by_name on pets_old in by_name']);
  expect(await migrations.purposes(byName)).toEqual([]);
});

it('an undo drops also what was built on partitions and not attached, as after a kill', async () => {
  await migrations.reset(PETS);
  await migrations.query('CREATE INDEX by_name ON ONLY pets (name) WHERE born IS NULL');
  await migrations.query('CREATE INDEX pets_old_by_name ON pets_old (name) WHERE born IS NULL');
  await migrations.query('CREATE INDEX pets_new_by_name ON ONLY pets_new (name) WHERE born IS NULL');
  await migrations.query('CREATE INDEX pets_new_1_by_name ON pets_new_1 (name) WHERE born IS NULL');
  await migrations.down(byName);
  expect(await indexes(migrations)).toEqual([]);
});

it('on partitions of which one is a foreign table, or in another schema, it is refused with what to type', async () => {
  const other = `${PETS}; CREATE SCHEMA IF NOT EXISTS elsewhere; DROP TABLE IF EXISTS elsewhere.pets_more;
    CREATE TABLE elsewhere.pets_more PARTITION OF pets FOR VALUES FROM (100) TO (200)`;
  expect(await migrations.refusal(other, byName)).toContain(
    'With writes: CREATE INDEX "by_name" ON ONLY "pets" USING btree (name) WHERE (born IS NULL); then for each partition',
  );
  await migrations.query('DROP SCHEMA elsewhere CASCADE');
});

it('one with a list of values of a varchar is attached where an interrupted run has built it', async () => {
  const one = {
    name: 'one.js',
    up: (schema: Schema) => schema.addIndex('pets', ['id'], { name: 'part', where: { name: ['a', 'b'] } }),
  };
  await migrations.reset(`CREATE TABLE pets (id integer, name varchar(20)) PARTITION BY RANGE (id);
    CREATE TABLE pets_1 PARTITION OF pets FOR VALUES FROM (0) TO (10); INSERT INTO pets VALUES (1, 'a');
    CREATE INDEX part ON ONLY pets (id) WHERE name IN ('a', 'b'); CREATE INDEX pets_1_part ON pets_1 (id) WHERE name IN ('a', 'b')`);
  const attached = ['attach index pets_1_part to part', 'see that index part is valid'];
  expect(await migrations.purposes(one)).toEqual(attached);
  await migrations.up(one);
  expect(await migrations.purposes(one)).toEqual([]);
});

it('one is dropped with that of a partition in another schema, which has it from when the table had no rows', async () => {
  const one = { name: 'one.js', up: (schema: Schema) => schema.addIndex('pets', ['name']) };
  const after = await migrations.convergesThereAndBack(
    `CREATE SCHEMA elsewhere; CREATE TABLE pets (id integer, name text) PARTITION BY RANGE (id);
     CREATE TABLE elsewhere.pets_1 PARTITION OF pets FOR VALUES FROM (0) TO (10)`,
    one,
  );
  expect(after).toContain('CREATE INDEX pets_1_name_idx ON elsewhere.pets_1 USING btree (name)');
});
