import { DataTypes, literal } from 'sequelize';
import { createStandIn } from '../support/citus-stand-in';
import { dropDatabases } from '../support/database';
import { Migrations, type TestMigration } from '../support/migrations';

// What Citus does not accept is planned otherwise there: seen without Citus, on a stand-in for it.

describe('what Citus does not accept, on a stand-in for it', () => {
  const migrations = new Migrations();
  const TABLES = `DROP TABLE IF EXISTS pets, owners; DELETE FROM pg_dist_partition;
    CREATE TABLE owners (id uuid PRIMARY KEY); CREATE TABLE pets (id int PRIMARY KEY, owner uuid, born timestamptz);
    ALTER TABLE pets ADD CONSTRAINT pets_owner_fkey FOREIGN KEY (owner) REFERENCES owners ON UPDATE CASCADE ON DELETE CASCADE;
    INSERT INTO owners VALUES ('11111111-1111-4111-8111-111111111111');
    INSERT INTO pets VALUES (1, '11111111-1111-4111-8111-111111111111', NULL)`;

  beforeAll(async () => migrations.openOn(await createStandIn()));
  beforeEach(() => migrations.query(TABLES));
  afterAll(async () => {
    await migrations.close();
    await dropDatabases();
  });

  const born: TestMigration = {
    name: '2-born.js',
    up: (schema) =>
      schema.changeColumn('pets', 'born', {
        type: DataTypes.DATE,
        allowNull: false,
        defaultValue: literal('CURRENT_TIMESTAMP'),
        backfill: literal("CASE id WHEN 2 THEN timestamptz '2025-01-01' END"),
      }),
  };

  it('no default such as CURRENT_TIMESTAMP in COALESCE: nulls are filled with the expression, and then with the default', async () => {
    const fills = (await migrations.steps(born, 'up')).filter(({ next }) => next);
    expect(fills.map(({ purpose }) => purpose).slice(0, 2)).toEqual([
      'fill the nulls of pets.born',
      'fill the nulls of pets.born that are left',
    ]);
    expect(fills.map(({ sql }) => sql).join()).not.toContain('COALESCE');
    await migrations.query('INSERT INTO pets VALUES (2)');
    await migrations.up(born);
    expect(
      await migrations.query("SELECT id, born < now() - interval '1 day' AS old FROM pets ORDER BY id"),
    ).toEqual([
      { id: 1, old: false },
      { id: 2, old: true },
    ]);
  });

  it('no renamed constraint: a foreign key with other actions is replaced in one transaction, under its name', async () => {
    const owner: TestMigration = {
      name: '2-owner.js',
      up: (schema) =>
        schema.changeColumn('pets', 'owner', {
          type: DataTypes.UUID,
          references: { model: 'owners', key: 'id' },
          onDelete: 'SET NULL',
        }),
    };
    const steps = await migrations.steps(owner, 'up');
    expect(steps.map(({ purpose, transaction }) => [purpose, transaction])).toEqual([
      ['drop foreign key pets_owner_fkey, which acts otherwise', undefined],
      ['add foreign key pets_owner_fkey', undefined],
      ['validate foreign key pets_owner_fkey', 'alone'],
    ]);
    await migrations.up(owner);
    expect(await migrations.steps(owner, 'up')).toEqual([]);
  });

  it('no query without a column, and no search of all rows: LIMIT 1', async () => {
    migrations.sent.length = 0;
    await migrations.up(born);
    await migrations.down({ name: '1-owners.js', up: (schema) => schema.createTable('owners', {}) });
    const searches = migrations.sent
      .flatMap((sql) => sql.split(';'))
      .filter((sql) => sql.includes('AS found WHERE EXISTS'));
    expect(searches.filter((sql) => /"(pets|owners)"/.test(sql)).length).toBeGreaterThan(0);
    for (const search of searches.filter((sql) => /FROM "public"\."(pets|owners)"/.test(sql)))
      expect(search).toMatch(/EXISTS \(SELECT 1 FROM .* LIMIT 1\)/s);
  });

  it('an index that was left invalid is dropped IF EXISTS', async () => {
    await migrations.query('CREATE INDEX pets_born ON pets (born)');
    await migrations.query("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'pets_born'::regclass");
    const steps = await migrations.steps(
      { name: '2.js', up: (schema) => schema.addIndex('pets', ['born']) },
      'up',
    );
    expect(steps.map(({ sql }) => sql)).toEqual([
      'DROP INDEX CONCURRENTLY IF EXISTS "pets_born"',
      expect.stringMatching(/^CREATE INDEX CONCURRENTLY "pets_born"/),
    ]);
  });

  it.each<[string, TestMigration['up'], string]>([
    [
      'a second name of a column, which needs triggers',
      (schema) => schema.renameColumn('pets', 'born', 'birth', { overlap: true }),
      'column pets.born: expected that it can have the name birth as well, found the table is one of Citus, which has no triggers on them; or rename it at once',
    ],
    [
      'a unique index without the column by which the table is distributed',
      (schema) => schema.addIndex('pets', ['born'], { unique: true }),
      'index pets_born: expected unique btree (born), found that the table is distributed by id, which has to be in it (Citus)',
    ],
    [
      'a unique constraint without it',
      (schema) => schema.addConstraint('pets', { type: 'unique', fields: ['born'], name: 'one' }),
      'index one: expected unique btree (born), found that the table is distributed by id, which has to be in it (Citus)',
    ],
    [
      'a foreign key between tables that are distributed by something else',
      (schema) =>
        schema.addConstraint('pets', {
          type: 'foreign key',
          fields: ['owner'],
          references: { table: 'owners', field: 'id' },
        }),
      'found that pets is distributed by id, and owners by id: a foreign key between the two has to contain both (Citus)',
    ],
  ])('refused before anything is done: %s', async (_title, up, message) => {
    await migrations.query('TRUNCATE pets, owners');
    for (const table of ['pets', 'owners'])
      await migrations.query(`SELECT create_distributed_table('${table}', 'id')`);
    await expect(migrations.up({ name: '2-refused.js', up })).rejects.toThrow(message);
  });

  it('the script of db:plan sets what a transaction needs that also changes a type', async () => {
    expect(await migrations.script(born)).toContain("SET citus.multi_shard_modify_mode = 'sequential';");
  });
});
