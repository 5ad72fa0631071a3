import { attachedSql, targetNamed } from '../../src/catalog/attached-sql';
import { prepareReadCatalogSql, READ_SHADOWS, readLiveSql } from '../../src/catalog/catalog-sql';
import { fingerprintSql } from '../../src/catalog/fingerprint-sql';
import { findPlaceSql, prepareFindPlaceSql } from '../../src/place';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { SCHEMA } from '../support/schema';

// However many tables a database has, what is asked of the catalogs is found by their indexes: some of it is asked while a
// migration holds locks that the application waits for.

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  await database.query(`CREATE TABLE pets (id serial PRIMARY KEY, name text UNIQUE, kind text CHECK (kind <> ''));
    CREATE TABLE toys (id serial PRIMARY KEY, pet integer REFERENCES pets)`);
  await database.query(`DO $$ BEGIN FOR n IN 1..2000 LOOP
    EXECUTE format('CREATE TABLE other_%s (id integer PRIMARY KEY, name text CHECK (name <> ''''), pet integer DEFAULT 1)', n);
  END LOOP; END $$`);
  await database.query(`DO $$ BEGIN FOR n IN 1..2000 LOOP
    EXECUTE format('COMMENT ON TABLE other_%s IS ''other''', n);
    EXECUTE format('CREATE RULE silent AS ON DELETE TO other_%s DO INSTEAD NOTHING', n);
  END LOOP; END $$`);
  await database.query('ANALYZE');
});

afterAll(() => dropDatabases());

/** The catalogs of which a plan reads every row. */
async function readWhole(sql: string): Promise<string[]> {
  const rows = await database.query(sql);
  const lines = rows.map((row) => String(row['QUERY PLAN']));
  const scanned = lines.flatMap((line) => /Seq Scan on (pg_\w+)/.exec(line)?.[1] ?? []);
  const sizes = await database.query("SELECT relname FROM pg_class WHERE reltuples > 1000 AND relkind = 'r'");
  const large = sizes.map(({ relname }) => relname);
  expect(large).toEqual(
    expect.arrayContaining(['pg_attribute', 'pg_class', 'pg_constraint', 'pg_depend', 'pg_type']),
  );
  return scanned.filter((name) => large.includes(name));
}

/** A prepared statement as a session plans it that runs it again and again. */
function explained(execute: string): string {
  const settings = 'SET plan_cache_mode = force_generic_plan';
  return [settings, prepareReadCatalogSql(), prepareFindPlaceSql(), `EXPLAIN ${execute}`].join(';\n');
}

const NAMES = { tables: ['pets', 'toys'], enums: ['enum_pets_kind'] };

it.each<[string, () => string]>([
  ['the tables', () => explained(readLiveSql(`'${SCHEMA}'`, { ...NAMES, referred: ['pets'] }))],
  ['the shadows', () => explained(READ_SHADOWS)],
  ['the schema', () => explained(findPlaceSql(NAMES))],
  ['whether they have changed', () => `EXPLAIN ${fingerprintSql(`'${SCHEMA}'`, ['pets', 'toys'])}`],
  ['what is on a table', () => `EXPLAIN ${attachedSql(targetNamed('pets'))}`],
  ['what is on a column', () => `EXPLAIN ${attachedSql(targetNamed('pets', 'name'))}`],
])('%s', async (_, sqlFor) => {
  expect(await readWhole(sqlFor())).toEqual([]);
});
