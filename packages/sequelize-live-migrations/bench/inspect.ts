import { DataTypes } from 'sequelize';
import { planMigrations } from '../src/run';
import { withQuietRun } from '../src/session';
import { Schema } from '../src/vocabulary';
import { createDatabase, dropDatabases, type TestDatabase } from '../test/support/database';

const RUNS = 15;
const TABLES_AT_ONCE = 1000; // each is locked until its transaction ends

/**
 * `npm run bench -- inspect [TABLES…]`: how long it takes to inspect a database and to plan a migration, with so many
 * tables of others in the database.
 */
export async function benchInspect(sizes: readonly string[]): Promise<void> {
  const rows: object[] = [];
  for (const others of sizes.length > 0 ? sizes : ['0', '1000', '10000']) {
    const database = await createDatabase();
    await createOthers(database, Number(others));
    rows.push({ 'other tables': others, ...(await timesOn(database)) });
    await dropDatabases(database);
  }
  console.log(`to inspect and to plan: milliseconds, of ${String(RUNS)} runs after one to warm up`);
  console.table(rows);
}

async function createOthers(database: TestDatabase, count: number): Promise<void> {
  for (let first = 0; first < count; first += TABLES_AT_ONCE) {
    const last = Math.min(count, first + TABLES_AT_ONCE);
    await database.query(
      `DO $$ BEGIN FOR n IN ${String(first + 1)}..${String(last)} LOOP
         EXECUTE format('CREATE TABLE other_%s (id integer PRIMARY KEY, name text)', n); END LOOP; END $$`,
    );
  }
  await database.query('ANALYZE pg_catalog.pg_class; ANALYZE pg_catalog.pg_attribute');
}

/** A column on a table that is there, and a table with 15 columns and 5 indexes that is not. */
function declared(): Schema {
  const schema = new Schema();
  const names = Array.from({ length: 14 }, (_, n) => `column_${String(n)}`);
  const columns = Object.fromEntries(names.map((name) => [name, { type: DataTypes.TEXT }]));
  schema.addColumn('pets', 'age', { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 });
  schema.createTable('toys', { id: { type: DataTypes.INTEGER, primaryKey: true }, ...columns });
  for (const name of names.slice(0, 5)) schema.addIndex('toys', [name]);
  return schema;
}

async function timesOn({ url, query }: TestDatabase) {
  await query('CREATE TABLE pets (id integer PRIMARY KEY, name text)');
  const { changes } = declared();
  const migration = { name: 'the-migration.js', direction: 'up', changes, later: [] } as const;
  const times: number[] = [];
  await withQuietRun(url, async (run) => {
    for (let n = 0; n <= RUNS; n += 1) {
      const start = performance.now();
      await planMigrations(run, [migration]);
      if (n > 0) times.push(performance.now() - start);
    }
  });
  const sorted = times.sort((one, other) => one - other);
  const shown = (index: number) => (sorted[index] ?? NaN).toFixed(1);
  return { fastest: shown(0), median: shown(RUNS >> 1), slowest: shown(RUNS - 1) };
}
