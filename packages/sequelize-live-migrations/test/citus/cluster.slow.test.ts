import { DataTypes } from 'sequelize';
import { createCitusDatabase, describeWithCitus, urlsOnWorkers } from '../support/citus';
import { dropDatabases } from '../support/database';
import { Migrations, type TestMigration } from '../support/migrations';
import { closeSessions, openSession } from '../support/session';

// What only a cluster shows: what happens on the workers.

const TABLE = 'CREATE TABLE pets (id int PRIMARY KEY, name text)';
const DISTRIBUTE = "SELECT create_distributed_table('pets', 'id')";
const ROWS = "INSERT INTO pets SELECT n, 'Rex' FROM generate_series(1, 100) AS n";

const index: TestMigration = { name: '2-index.js', up: (schema) => schema.addIndex('pets', ['name']) };
const kind: TestMigration = {
  name: '2-kind.js',
  up: (schema) =>
    schema.addColumn('pets', 'kind', {
      type: DataTypes.ENUM('cat', 'dog'),
      allowNull: false,
      defaultValue: 'cat',
    }),
};

describeWithCitus('on the workers of Citus', () => {
  const migrations = new Migrations();

  beforeEach(async () => {
    migrations.openOn(await createCitusDatabase());
    for (const sql of [TABLE, DISTRIBUTE, ROWS]) await migrations.query(sql);
    migrations.lines.length = 0;
  });
  afterEach(async () => {
    await closeSessions();
    await migrations.close();
    await dropDatabases();
  });

  const indexesOfShards = () =>
    migrations.query(
      `SELECT result FROM run_command_on_shards('pets', $$ SELECT count(*) FROM pg_index WHERE indisvalid AND indrelid = '%s'::regclass $$)`,
    );

  it('an index that a build has left invalid, and that the workers do not have any more, is built again', async () => {
    await migrations.query('CREATE INDEX pets_name ON pets (name)');
    await migrations.query(`SELECT run_command_on_shards('pets', $$ DO $do$ BEGIN
      EXECUTE (SELECT 'DROP INDEX ' || indexrelid::regclass FROM pg_index WHERE indrelid = '%s'::regclass AND NOT indisprimary);
      END $do$ $$)`);
    await migrations.query("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'pets_name'::regclass");
    await migrations.up(index);
    expect(
      await migrations.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'pets_name'::regclass"),
    ).toEqual([{ indisvalid: true }]);
    expect(new Set((await indexesOfShards()).map(({ result }) => result))).toEqual(new Set(['2']));
  });

  it('an enum type and its column are there on each, and go without rows, type included', async () => {
    await migrations.up(kind);
    expect(await migrations.query("SELECT count(*)::int AS cats FROM pets WHERE kind = 'cat'")).toEqual([
      { cats: 100 },
    ]);
    await migrations.query('DELETE FROM pets');
    await migrations.down(kind);
    expect(await migrations.query("SELECT to_regtype('enum_pets_kind') AS type")).toEqual([{ type: null }]);
    await migrations.up(kind);
  });

  it('a session that holds a lock on a worker alone is waited for in short attempts, and the application hardly waits', async () => {
    const [worker = ''] = await urlsOnWorkers(migrations.database);
    const holder = await openSession({ ...migrations.database, url: worker });
    await holder.query('BEGIN; SELECT count(*) FROM pets');
    const application = await openSession(migrations.database);
    const running = migrations.up(kind);
    const waits: number[] = [];
    for (let n = 0; n < 40; n += 1) {
      const begun = performance.now();
      await application.query('SELECT count(*) FROM pets');
      waits.push(performance.now() - begun);
    }
    await holder.query('COMMIT');
    await running;
    expect(Math.max(...waits)).toBeLessThan(500);
    expect(await migrations.query("SELECT count(*)::int AS cats FROM pets WHERE kind = 'cat'")).toEqual([
      { cats: 100 },
    ]);
  });
});
