import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';
import { PETS_AND_NUMBERS, referring } from '../support/partitioned-pets';

// Before version 18 PostgreSQL adds no foreign key NOT VALID to a partitioned table: each partition gets it by itself before, and
// then those are attached, and no row is read again.

const migrations = useMigrations();

const REFERENCE = 'FOREIGN KEY (id) REFERENCES numbers(n) ON DELETE CASCADE';

/** The foreign keys of the table and its partitions, with how many are attached to that of another table, or not validated. */
async function keys(): Promise<string[]> {
  const rows =
    await migrations.query(`SELECT concat_ws(' ', count(*), pg_get_constraintdef(oid), 'attached', count(*) FILTER (WHERE conparentid <> 0),
      'not validated', count(*) FILTER (WHERE NOT convalidated)) AS line
    FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text LIKE 'pets%' GROUP BY pg_get_constraintdef(oid) ORDER BY 1`);
  return rows.map(({ line }) => String(line));
}

/** On the table, on one of two partitions, which is partitioned itself, and on all three that have rows. */
const WHOLE = [`5 ${REFERENCE} attached 4 not validated 0`];

async function isBeforeVersion18(): Promise<boolean> {
  const [row] = await migrations.query(
    "SELECT current_setting('server_version_num')::integer < 180000 AS old",
  );
  return row?.['old'] === true;
}

it('a foreign key is made on each partition and attached; undone and done again', async () => {
  await migrations.convergesThereAndBack(PETS_AND_NUMBERS, referring);
  expect(await keys()).toEqual(WHOLE);
  await expect(migrations.query('INSERT INTO pets (id) VALUES (99), (98)')).resolves.toEqual([]);
  await migrations.query('DELETE FROM numbers WHERE n > 90');
  expect(await migrations.query('SELECT FROM pets WHERE id > 90')).toEqual([]);
});

it('no row is read while nobody can write: each partition is validated by itself', async () => {
  await migrations.reset(PETS_AND_NUMBERS);
  const steps = await migrations.steps(referring, 'up');
  const validated = steps.filter(({ sql }) => sql.includes('VALIDATE'));
  const locks = new Set(validated.flatMap(({ locks = [] }) => locks.map(({ mode }) => mode)));
  expect([...locks]).toEqual(['SHARE UPDATE EXCLUSIVE']);
  const tables = validated.flatMap(({ locks = [] }) => locks.map(({ table }) => table));
  const leaves = ['pets_new_1', 'pets_new_2', 'pets_old'];
  expect(tables.sort()).toEqual((await isBeforeVersion18()) ? leaves : ['pets']);
  for (const { sql } of steps.filter((step) => step.transaction === 'alone'))
    expect(sql).toContain('VALIDATE');
});

it('the last statement that blocks writes reads no rows', async () => {
  await migrations.reset(PETS_AND_NUMBERS);
  const steps = await migrations.steps(referring, 'up');
  const last = steps.findLastIndex(({ sql }) => !sql.includes('VALIDATE CONSTRAINT'));
  for (const { sql } of steps.slice(0, last)) await migrations.query(sql);
  // It would fail, could it see this row, which no trigger has checked.
  await migrations.query(`SET session_replication_role = replica; INSERT INTO pets_old (id) VALUES (5);
    DELETE FROM numbers WHERE n = 5; RESET session_replication_role`);
  await migrations.query(steps[last]?.sql ?? '');
  expect(await migrations.query('SELECT FROM pets_old WHERE id = 5')).toHaveLength(2);
});

it('what a run that was cut short has made is found, and so is what somebody has made', async () => {
  await migrations.reset(PETS_AND_NUMBERS);
  await migrations.query(`ALTER TABLE pets_old ADD CONSTRAINT mine ${REFERENCE}`);
  await migrations.query(`ALTER TABLE pets_new_1 ADD CONSTRAINT begun ${REFERENCE} NOT VALID`);
  await migrations.up(referring);
  expect(await keys()).toEqual(WHOLE);
  expect(await migrations.purposes(referring)).toEqual([]);
});

it('one that acts otherwise is replaced, also twice', async () => {
  const change = (name: string, onDelete: 'CASCADE' | 'SET NULL' | 'RESTRICT') => ({
    name,
    up: (schema: Schema) => {
      const references = { model: 'numbers', key: 'n' };
      schema.changeColumn('pets', 'id', {
        type: DataTypes.INTEGER,
        references,
        onDelete,
        onUpdate: 'NO ACTION',
      });
    },
  });
  await migrations.reset(PETS_AND_NUMBERS);
  for (const action of ['CASCADE', 'SET NULL', 'RESTRICT', 'CASCADE'] as const) {
    const one = change(`${action.toLowerCase().replace(' ', '-')}.js`, action);
    await migrations.up(one);
    expect(await keys()).toEqual([`5 ${REFERENCE.replace('CASCADE', action)} attached 4 not validated 0`]);
    expect(await migrations.purposes(one)).toEqual([]);
  }
});

it('orphaned rows are refused before anything is done', async () => {
  const orphaned = `${PETS_AND_NUMBERS}; DELETE FROM numbers WHERE n = 60`;
  expect(await migrations.refusal(orphaned, referring)).toContain('orphaned rows: SELECT');
  expect(await keys()).toEqual([]);
});

it('on partitions of which one is in another schema it is refused with what to type, before version 18', async () => {
  const other = `${PETS_AND_NUMBERS}; CREATE SCHEMA IF NOT EXISTS elsewhere; DROP TABLE IF EXISTS elsewhere.pets_more;
    CREATE TABLE elsewhere.pets_more PARTITION OF pets FOR VALUES FROM (100) TO (200)`;
  if (await isBeforeVersion18())
    expect(await migrations.refusal(other, referring)).toContain(
      'With writes: for each partition ALTER TABLE',
    );
  else await migrations.convergesThereAndBack(other, referring);
  await migrations.query('DROP SCHEMA elsewhere CASCADE');
});

it('on a partitioned table without rows a foreign key is added, and nothing else', async () => {
  await migrations.reset(`${PETS_AND_NUMBERS}; TRUNCATE pets`);
  const purposes = await migrations.purposes(referring);
  expect(purposes.filter((purpose) => purpose.startsWith('add'))).toEqual(['add foreign key by_name_key']);
  await migrations.up(referring);
  expect(await keys()).toEqual(WHOLE);
});
