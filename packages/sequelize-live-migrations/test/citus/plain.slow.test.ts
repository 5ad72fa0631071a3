import { createCitusDatabase, describeWithCitus } from '../support/citus';
import { dropDatabases, type TestDatabase } from '../support/database';
import { removeCopies } from '../support/fixture-project';
import { migrateDown, migrateUp, NAME, plainProject, upAndDown } from '../support/plain-project';
import { recordsOf } from '../support/schema';

afterAll(removeCopies);
afterEach(() => dropDatabases());

const PETS = 'CREATE TABLE pets (id int PRIMARY KEY, name text)';

async function inDistributedSchema(): Promise<TestDatabase> {
  const database = await createCitusDatabase();
  await database.query('CREATE SCHEMA tenant');
  await database.query("SELECT citus_schema_distribute('tenant')");
  await database.query(`ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET search_path = tenant`);
  await database.disconnect();
  await database.query(PETS);
  return database;
}

async function withTable(call: string): Promise<TestDatabase> {
  const database = await createCitusDatabase();
  await database.query(PETS);
  await database.query(call);
  return database;
}

const KINDS: [string, () => Promise<TestDatabase>][] = [
  ['a reference table', () => withTable("SELECT create_reference_table('pets')")],
  ['a distributed table', () => withTable("SELECT create_distributed_table('pets', 'id')")],
  ['a table of a distributed schema', inDistributedSchema],
];

// SQL, because Sequelize's own methods look for tables in the schema public. Several statements in one text, as those send.
const UP = `
  await sql('ALTER TABLE pets ADD COLUMN age integer');
  await sql('SELECT nonsense').catch(() => {});
  await sql("ALTER TABLE pets RENAME COLUMN name TO title; ALTER TABLE pets ALTER age SET DEFAULT 1; COMMENT ON TABLE pets IS ';'");
  await q.addIndex('pets', ['title']);
  await q.createTable('toys', { id: { type: S.INTEGER, primaryKey: true } });`;
const DOWN = `
  await q.dropTable('toys');
  await q.removeIndex('pets', ['title']);
  await sql('ALTER TABLE pets DROP COLUMN age; ALTER TABLE pets RENAME COLUMN title TO name');`;

describeWithCitus('a plain migration on Citus', () => {
  it.each(KINDS)('%s: up, down and again, each in one transaction', async (_, create) => {
    const database = await create();
    const root = plainProject({ [NAME]: upAndDown(UP, DOWN) });
    for (let n = 0; n < 2; n += 1) {
      await migrateUp(root, database);
      await database.query(`INSERT INTO pets (id, title) VALUES (${String(n)}, 'Rex')`);
      expect(await recordsOf(database)).toEqual([NAME]);
      await migrateDown(root, database);
      expect(await recordsOf(database)).toEqual([]);
    }
    expect(await database.query('SELECT id, name FROM pets ORDER BY id')).toEqual([
      { id: 0, name: 'Rex' },
      { id: 1, name: 'Rex' },
    ]);
    const failing = plainProject({ [NAME]: upAndDown(`${UP} await sql('SELECT nonsense');`) });
    await expect(migrateUp(failing, database)).rejects.toThrow('column "nonsense" does not exist');
    expect(await database.query('SELECT id, name FROM pets')).toHaveLength(2);
  });
});
