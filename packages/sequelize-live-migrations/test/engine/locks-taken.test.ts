import type { Client } from 'pg';
import { DataTypes, literal } from 'sequelize';
import type { Step } from '../../src/plan';
import { blocksWrites } from '../../src/postgres';
import type { ColumnAttributes, Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';
import { closeSessions, openSession } from '../support/session';
import { SCHEMA } from '../support/schema';

// What a step says of its locks is what PostgreSQL takes for its statements: the tables that are locked beforehand, each in
// its mode, are all that are locked against writes.

const migrations = useMigrations();

let session: Client;

beforeAll(async () => {
  session = await openSession(migrations.database);
});

afterAll(() => closeSessions());

const TABLES = `CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog'); CREATE TABLE owners (id integer PRIMARY KEY); CREATE TABLE notes (note varchar(9) PRIMARY KEY);
  CREATE TABLE pets (id integer PRIMARY KEY, name text, kind enum_pets_kind, owner integer REFERENCES owners ON DELETE CASCADE, note varchar(9) REFERENCES notes);
  CREATE INDEX pets_name ON pets (name); CREATE TABLE toys (id integer PRIMARY KEY, pet integer REFERENCES pets)`;
const ROWS =
  "INSERT INTO owners VALUES (1); INSERT INTO pets VALUES (1, 'Rex', 'cat', 1), (2, NULL, 'dog', 1)";

const id = { type: DataTypes.INTEGER, primaryKey: true };
const owner: ColumnAttributes = { type: DataTypes.INTEGER, references: { model: 'owners', key: 'id' } };
const pet: ColumnAttributes = { type: DataTypes.INTEGER, references: { model: 'pets', key: 'id' } };
const name: ColumnAttributes = { type: DataTypes.TEXT, allowNull: false, defaultValue: 'Rex' };
const stamp: ColumnAttributes = { type: DataTypes.UUID, defaultValue: literal('gen_random_uuid()') };
const check = { type: 'check', name: 'named', where: literal("name <> ''") } as const;

describe.each([
  ['without rows', TABLES],
  ['with rows', `${TABLES}; ${ROWS}`],
])('on tables %s', (_, sql) => {
  it.each<[string, (schema: Schema) => void]>([
    ['addColumn', (schema) => schema.addColumn('pets', 'age', { type: DataTypes.INTEGER })],
    ['addColumn with a foreign key', (schema) => schema.addColumn('toys', 'owner', owner)],
    ['addColumn with another default for each row', (schema) => schema.addColumn('pets', 'stamp', stamp)],
    ['changeColumn to not null', (schema) => schema.changeColumn('pets', 'name', name)],
    ['changeColumn to other actions of its key', (schema) => schema.changeColumn('pets', 'owner', owner)],
    [
      'changeColumn to more labels',
      (schema) => schema.changeColumn('pets', 'kind', { type: DataTypes.ENUM('cat', 'cow', 'dog') }),
    ],
    ['renameColumn', (schema) => schema.renameColumn('pets', 'kind', 'sort')],
    [
      'renameColumn with overlap',
      (schema) => schema.renameColumn('pets', 'name', 'title', { overlap: true }),
    ],
    [
      'renameColumn of a foreign key with overlap',
      (schema) => schema.renameColumn('pets', 'owner', 'keeper', { overlap: true }),
    ],
    ['renameEnumValue', (schema) => schema.renameEnumValue('pets', 'kind', 'dog', 'hound')],
    ['renameIndex', (schema) => schema.renameIndex('pets', 'pets_name', 'by_name')],
    ['renameTable', (schema) => schema.renameTable('pets', 'animals')],
    ['removeColumn', (schema) => schema.removeColumn('pets', 'owner', owner)],
    [
      'changeColumn to a comment',
      (schema) => schema.changeColumn('pets', 'kind', { type: DataTypes.ENUM('cat', 'dog'), comment: 'It' }),
    ],
    ['createTable', (schema) => schema.createTable('shops', { id, owner, pet }, { comment: 'All' })],
    ['dropTable', (schema) => schema.dropTable('toys', { id })],
    ['addIndex', (schema) => schema.addIndex('pets', ['kind', 'name'])],
    ['removeIndex', (schema) => schema.removeIndex('pets', ['name'])],
    ['addConstraint', (schema) => schema.addConstraint('pets', check)],
  ])('%s, and undoing it', async (__, up) => {
    const one = { name: 'one.js', up };
    await migrations.reset(sql);
    for (const direction of ['up', 'down'] as const) {
      const steps = await migrations.steps(one, direction);
      const transactional = steps.filter(({ transaction }) => transaction !== 'none');
      const taken = [];
      for (const step of steps) {
        if (step.transaction === 'none') await migrations.query(step.sql);
        else taken.push(await locksTakenBy(step.sql));
      }
      expect(taken).toEqual(transactional.map(locksOf));
    }
  });
});

function locksOf({ locks = [] }: Step): string[] {
  return locks.flatMap(({ table, mode }) => (blocksWrites(mode) ? [`${table}: ${mode}`] : [])).sort();
}

/** The locks against writes that a statement takes on tables that are there before it. */
async function locksTakenBy(sql: string): Promise<string[]> {
  const { rows: tables } = await session.query<{ oid: number; relname: string }>(
    `SELECT oid, relname FROM pg_class WHERE relnamespace = '${SCHEMA}'::regnamespace AND relkind = 'r'`,
  );
  await session.query('BEGIN; SET LOCAL client_min_messages = error');
  await session.query(sql);
  const { rows } = await session.query<{ relation: number; mode: string }>(
    `SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'
      AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`,
  );
  await session.query('COMMIT');
  const strongest = new Map<string, string>();
  for (const { relation, mode } of rows) {
    const relname = tables.find(({ oid }) => oid === relation)?.relname;
    if (relname === undefined) continue;
    const words = mode
      .replace(/Lock$/, '')
      .replaceAll(/(?<=.)([A-Z])/g, ' $1')
      .toUpperCase();
    if (words === 'ACCESS EXCLUSIVE' || !strongest.has(relname)) strongest.set(relname, words);
  }
  return [...strongest].map(([table, mode]) => `${table}: ${mode}`).sort();
}
