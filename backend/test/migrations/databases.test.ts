import {
  createDatabaseLike,
  createMigratedDatabase,
  dropDatabases,
  type TestDatabase,
} from '../support/database';
import { migrate } from '../support/migrator';
import { recordsOf, schemaOf } from '../support/schema';

// The databases that the service's users have: each ends in the schema of a new one, with every row it had.

const TABLES = [
  'user_sessions',
  'sections',
  'conversation_messages',
  'questions',
  'responses',
  'prd_documents',
];
const DUMPS = [
  '1-before-the-migrations',
  '2-newer-service-booted-first',
  '3-created-by-sequelize-sync',
  '4-migrated-by-the-javascript-files',
];

let target: readonly string[];
let records: readonly string[];

beforeAll(async () => {
  const empty = await createMigratedDatabase();
  [target, records] = [await schemaOf(empty), await recordsOf(empty)];
});

afterAll(() => dropDatabases());

/** All rows of all tables, those of each table by its key. */
async function rowsOf(database: TestDatabase) {
  const rows: Record<string, Record<string, unknown>[]> = {};
  for (const table of TABLES) {
    const found = await database.query(`SELECT to_regclass('${table}') AS oid`);
    rows[table] = found[0]?.['oid'] ? await database.query(`SELECT * FROM ${table} ORDER BY 1`) : [];
  }
  return rows;
}

/** What a migration gives a row that has nothing there. */
function filled(table: string, row: Record<string, unknown>): Record<string, unknown> {
  switch (table) {
    case 'user_sessions':
      return { ...row, status: row['status'] ?? 'active' };
    case 'sections':
      return { ...row, version: row['version'] ?? 1 };
    case 'conversation_messages':
      return {
        ...row,
        metadata: row['metadata'] ?? {},
        created_at: row['created_at'] ?? new Date('2025-07-02 10:00Z'), // its session's last_active
      };
    default:
      return row;
  }
}

/** Of a row, the columns that another one has: a later migration may have added more. */
function columnsOf(row: object = {}, found: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(row).map((column) => [column, found[column]]));
}

it.each(DUMPS)('%s', async (dump) => {
  const database = await createDatabaseLike(dump);
  const before = await rowsOf(database);
  const foreign = /questions|responses|prd_documents/;
  const schemaBefore = await schemaOf(database);

  await migrate(database, (umzug) => umzug.up());

  const schema = await schemaOf(database);
  expect(schema.filter((line) => !foreign.test(line))).toEqual(target);
  expect(schema.filter((line) => foreign.test(line))).toEqual(
    schemaBefore.filter((line) => foreign.test(line)),
  );
  expect(await recordsOf(database)).toEqual(records);
  const after = await rowsOf(database);
  for (const table of TABLES) {
    const expected = before[table]?.map((row) => filled(table, row)) ?? [];
    expect(after[table]?.map((row, n) => columnsOf(expected[n], row))).toEqual(expected);
  }
});
