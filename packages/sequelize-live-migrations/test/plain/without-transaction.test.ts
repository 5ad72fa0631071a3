import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { removeCopies } from '../support/fixture-project';
import {
  migrateDown,
  migrateUp,
  NAME,
  plainProject,
  upAndDown,
  writeMigration,
} from '../support/plain-project';
import { recordsOf, SCHEMA, schemaOf } from '../support/schema';
import { closeSessions, whileRead } from '../support/session';

// What cannot be in a transaction runs without one, each statement guarded by itself.

afterEach(() => closeSessions());
afterAll(removeCopies);
afterAll(() => dropDatabases());

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabase();
  await database.query('CREATE TABLE pets (id int PRIMARY KEY, name text); INSERT INTO pets VALUES (1)');
});

const runs = (up: string, down?: string) =>
  migrateUp(plainProject({ [NAME]: upAndDown(up, down) }), database);
const INDEX = `CREATE INDEX pets_name ON ${SCHEMA}.pets USING btree (name)`;

it.each<[string, string, string]>([
  [
    'an index that is built concurrently',
    "await q.addIndex('pets', ['name'], { concurrently: true });",
    'CONCURRENTLY cannot be',
  ],
  [
    'what is only found out when it is sent',
    "const word = ['CONCURRENT', 'LY'].join(''); await q.createTable('toys', { id: S.INTEGER }); await sql('CREATE INDEX ' + word + ' ON pets (name)');",
    'CREATE INDEX CONCURRENTLY cannot run inside a transaction block',
  ],
  [
    'BEGIN and COMMIT, sent by itself',
    "await sql('BEGIN'); await sql('INSERT INTO pets VALUES (2)'); await sql('COMMIT');",
    'it sends BEGIN by itself',
  ],
])('%s', async (_, up, reason) => {
  const said = await runs(up);
  expect(said).toContain(
    reason && `runs without a transaction of its own, as with stock sequelize-cli: ${reason}`,
  );
  expect(await recordsOf(database)).toEqual([NAME]);
});

it('each does what it does in stock sequelize-cli, and no more than once', async () => {
  await runs(`await q.sequelize.transaction(async () => {
    await sql('INSERT INTO pets VALUES (2)'); throw new Error('back'); }).catch(() => {});`);
  expect(await database.query('SELECT id FROM pets ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
});

it('because it says so, with transaction = false; a failure leaves what was done before, and says so', async () => {
  const text = `${upAndDown("await q.createTable('toys', { id: S.INTEGER }); await sql('SELECT nonsense');")}
    module.exports.transaction = false;`;
  await expect(migrateUp(plainProject({ [NAME]: text }), database)).rejects.toThrow(
    `column "nonsense" does not exist. In up of ${NAME}`,
  );
  expect(await schemaOf(database)).toContain('toys id integer');
});

it.each([['a statement', "await sql('ALTER TABLE pets ADD COLUMN age int');"]])(
  'each statement waits for its lock in short attempts: %s',
  async (_, up) => {
    const text = `${upAndDown(up)} module.exports.transaction = false;`;
    await whileRead(database, 'pets', () => migrateUp(plainProject({ [NAME]: text }), database));
    expect(await schemaOf(database)).toContain('pets age integer');
  },
);

describe('what a run that was cut short has done is not done again', () => {
  const up =
    "await q.addIndex('pets', ['name'], { concurrently: true }); await sql('INSERT INTO pets VALUES (2)');";

  it('an index that is built is left', async () => {
    await database.query('CREATE INDEX pets_name ON pets (name)');
    expect(await runs(up)).toContain('index "pets_name" is built already');
    expect(await schemaOf(database)).toContain(INDEX);
  });
});

it('a declared migration that a plain one calls', async () => {
  const root = plainProject({});
  writeMigration(
    root,
    NAME,
    `const { migration } = require('sequelize-live-migrations'); const { DataTypes } = require('sequelize');
     const first = migration(__filename, { up(schema) { schema.addColumn('pets', 'age', { type: DataTypes.INTEGER }); } });
     exports.up = async (q) => { await q.bulkInsert('pets', [{ id: 2 }]); await first.up(q); await q.bulkInsert('pets', [{ id: 3 }]); };
     exports.down = (q) => first.down(q);`,
  );
  expect(await migrateUp(root, database)).toContain('it calls a declared migration');
  expect(await database.query('SELECT id FROM pets ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
  await migrateDown(root, database);
  expect((await schemaOf(database)).filter((line) => line.includes('pets age'))).toEqual([]);
});
