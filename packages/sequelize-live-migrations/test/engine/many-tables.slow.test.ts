import type { Client } from 'pg';
import { attachedSql } from '../../src/catalog/attached-sql';
import { READ_SHADOWS, readLiveSql } from '../../src/catalog/catalog-sql';
import { fingerprintSql, takeFingerprintSql } from '../../src/catalog/fingerprint-sql';
import { prepareSession } from '../../src/session';
import { settingsSql } from '../../src/catalog/shadow-sql';
import { findPlaceSql } from '../../src/place';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { SCHEMA } from '../support/schema';
import { closeSessions, openSession } from '../support/session';

// However many tables a database has, what is asked of the catalogs is found by their indexes: some of it is asked while a
// migration holds locks that the application waits for.

const NAMES = { tables: ['pets', 'toys'], enums: ['enum_pets_kind'] };

const PREPARED = {
  'the tables': readLiveSql(`'${SCHEMA}'`, { ...NAMES, referred: ['pets'] }),
  'the shadows': READ_SHADOWS,
  'the schema': findPlaceSql(NAMES),
  'whether they have changed': takeFingerprintSql(`'${SCHEMA}'`, NAMES.tables),
};

const ASKED = {
  ...PREPARED,
  'whether they have changed, under a lock': fingerprintSql(`'${SCHEMA}'`, NAMES.tables),
  'what is on a table': attachedSql("'pets'::regclass"),
  'what is on a column': attachedSql("'pets'::regclass", 'name'),
};

let database: TestDatabase;
let sessionOfBefore: Client;

/** A session that has its statements planned, of which it keeps the plans. */
async function preparedSession(): Promise<Client> {
  const session = await openSession(database);
  await prepareSession(session);
  return session;
}

async function createOthers(first: number, last: number): Promise<void> {
  await database.query(`DO $$ BEGIN FOR n IN ${String(first)}..${String(last)} LOOP
    EXECUTE format('CREATE TABLE other_%s (id integer PRIMARY KEY, name text CHECK (name <> ''''), pet integer DEFAULT 1)', n);
  END LOOP; END $$`);
  await database.query(`DO $$ BEGIN FOR n IN ${String(first)}..${String(last)} LOOP
    EXECUTE format('COMMENT ON TABLE other_%s IS ''other''', n);
    EXECUTE format('CREATE RULE silent AS ON DELETE TO other_%s DO INSTEAD NOTHING', n);
  END LOOP; END $$`);
}

beforeAll(async () => {
  database = await createDatabase();
  await database.query(`CREATE TABLE pets (id serial PRIMARY KEY, name text UNIQUE, kind text CHECK (kind <> ''));
    CREATE TABLE toys (id serial PRIMARY KEY, pet integer REFERENCES pets)`);
  sessionOfBefore = await preparedSession();
  await createOthers(1, 1000);
  await createOthers(1001, 2000);
});

afterAll(closeSessions);
afterAll(() => dropDatabases());

/** More rows than there are of a few tables, and less than of all. */
const MANY = 500;

/** The scans of a statement that read many rows: `Seq Scan on pg_attribute: 16000 rows`. */
async function largeScans(session: Client, sql: string): Promise<string[]> {
  const { rows } = await session.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ${sql}`,
  );
  const lines = rows.map((row) => row['QUERY PLAN']);
  return lines.flatMap((line, n) => {
    const [, scan = '', found = 0, loops = 1] =
      /(?:^|->) *(.*\bScan\b.*? on .*?) +\(actual rows=([\d.]+) loops=(\d+)\)/.exec(line) ?? [];
    if (!scan) return [];
    const end = lines.findIndex((other, m) => m > n && other.includes('->'));
    const details = lines.slice(n + 1, end === -1 ? undefined : end).join('\n');
    const [, removed = 0] = /Rows Removed by \w+: (\d+)/.exec(details) ?? [];
    const read = (Number(found) + Number(removed)) * Number(loops);
    return read > MANY ? [`${scan}: ${String(read)} rows`] : [];
  });
}

/** The large scans of each of some statements that has any. */
async function largeScansOf(session: Client, statements: Readonly<Record<string, string>>) {
  const found: Record<string, string[]> = {};
  for (const [what, sql] of Object.entries(statements)) {
    const scans = await largeScans(session, sql);
    if (scans.length > 0) found[what] = scans;
  }
  return found;
}

it.each([
  ['know nothing of them', ''],
  ['are those of some catalogs', 'ANALYZE pg_class; ANALYZE pg_attribute'],
  ['are up to date', 'ANALYZE'],
])('of 2,000 other tables nothing is read where the statistics %s', async (_, analyze) => {
  await database.query(`SELECT; ${analyze}`);
  expect(await largeScansOf(await preparedSession(), ASKED)).toEqual({});
});

it('nor by a session that has its plans from when there were few tables', async () => {
  expect(await largeScansOf(sessionOfBefore, PREPARED)).toEqual({});
});

it('what is prepared finds each row by an index, whatever the statistics say', async () => {
  const session = await preparedSession();
  const scans = async (statements: readonly string[]) => {
    const found: string[] = [];
    for (const sql of statements) {
      const { rows } = await session.query<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS OFF) ${sql}`);
      found.push(...rows.map((row) => row['QUERY PLAN']));
    }
    return found.filter((line) => /Seq Scan on pg_|(Hash|Merge) (\w+ )?Join/.test(line));
  };
  await session.query('BEGIN; SET LOCAL plan_cache_mode = force_generic_plan');
  expect(await scans([PREPARED['the schema'], PREPARED['whether they have changed']])).toEqual([]);
  await session.query(settingsSql('current_schema()').join(';\n')); // with another path, it would be planned again
  expect(await scans([PREPARED['the tables'], PREPARED['the shadows']])).toEqual([]);
});

it('a statement that reads all of a catalog is noticed', async () => {
  const all = { all: 'SELECT attname FROM pg_attribute' };
  expect(await largeScansOf(sessionOfBefore, all)).toEqual({
    all: [expect.stringMatching(/^Seq Scan on pg_attribute: \d{4,} rows$/)],
  });
});
