import { DataTypes, type QueryInterface, Sequelize } from 'sequelize';
import { migration } from '../../src/migration';
import { DEFAULT_LIMITS, setRunner } from '../../src/session';
import { beforeMessages } from '../../src/testing/before-messages';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { schemaOf } from '../support/schema';

// What a session has prepared is on the server, where others can take it away, or leave theirs.

const addAge = migration('1-add-age.js', {
  up: (schema) => schema.addColumn('pets', 'age', { type: DataTypes.INTEGER }),
});

let database: TestDatabase;
let sequelize: Sequelize;
let queryInterface: QueryInterface;

beforeEach(async () => {
  database = await createDatabase();
  await database.query('CREATE TABLE pets (id integer PRIMARY KEY)');
  sequelize = new Sequelize(database.url, { logging: false, pool: { max: 1 } });
  setRunner(sequelize, {
    limits: DEFAULT_LIMITS,
    reporter: { line: () => undefined, progress: () => undefined },
  });
  queryInterface = sequelize.getQueryInterface();
});
afterEach(() => sequelize.close());
afterAll(() => dropDatabases());

const hasAge = async () => (await schemaOf(database)).some((line) => line.startsWith('pets age integer'));

it.each(['DISCARD ALL', 'DEALLOCATE ALL', 'DEALLOCATE take_fingerprint'])(
  'a migration runs in a session that has run %s since the last one',
  async (sql) => {
    await addAge.up(queryInterface);
    await addAge.down(queryInterface);
    await sequelize.query(sql);
    await addAge.up(queryInterface);
    expect(await hasAge()).toBe(true);
  },
);

it('statements of the same names that another client has left are not run in place of those', async () => {
  const left = ['find_place', 'take_fingerprint', 'read_catalog'].map(
    (name) => `PREPARE ${name} AS SELECT 1`,
  );
  await sequelize.query(left.join('; '));
  await addAge.up(queryInterface);
  expect(await hasAge()).toBe(true);
});

it('statements that others have prepared by name in the session stay', async () => {
  await sequelize.query(
    "PREPARE of_a_plain_migration AS SELECT 'mine' AS whose; PREPARE find_place AS SELECT 1",
  );
  await addAge.up(queryInterface);
  expect(await hasAge()).toBe(true);
  const [rows] = await sequelize.query('EXECUTE of_a_plain_migration');
  expect(rows).toEqual([{ whose: 'mine' }]);
});

it("a role's own statement_timeout, which may be too short for it, does not end the preparation", async () => {
  await database.query(`CREATE TABLE seen (setting text);
    CREATE FUNCTION see() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO seen VALUES (current_setting('statement_timeout')); END $$;
    CREATE EVENT TRIGGER see ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION see()`);
  await sequelize.query("SET statement_timeout = '4s'");
  await addAge.up(queryInterface);
  await database.query('DROP EVENT TRIGGER see');
  expect(await database.query('SELECT setting FROM seen')).toEqual([{ setting: '1min' }]);
});

it('a connection that is lost while a plan is made is said to be lost, and nothing of the tables', async () => {
  beforeMessages(sequelize, async (sql) => {
    if (!sql.includes('SAVEPOINT shadows')) return;
    const others = 'datname = current_database() AND pid <> pg_backend_pid()';
    await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`);
  });
  await expect(addAge.up(queryInterface)).rejects.toThrow(
    /^(terminating|Connection terminated|Client has encountered)[^.]*\. The connection was lost in the middle of 1-add-age\.js/,
  );
});
