import { DataTypes } from 'sequelize';
import { Schema } from '../../src/vocabulary';
import { createStandIn } from '../support/citus-stand-in';
import { createCitusDatabase, isThereCitus } from '../support/citus';
import { dropDatabases } from '../support/database';
import { Migrations, type TestMigration } from '../support/migrations';
import { SCHEMA, schemaOf } from '../support/schema';

// On a stand-in for Citus, which any PostgreSQL can be; and on Citus itself, where there is a cluster.

const servers = {
  'a stand-in for Citus': createStandIn,
  ...(isThereCitus ? { Citus: createCitusDatabase } : {}),
};

const OWNERS = {
  id: { type: DataTypes.UUID, primaryKey: true },
  name: { type: DataTypes.TEXT },
};
const PETS = {
  id: { type: DataTypes.INTEGER, primaryKey: true },
  owner: {
    type: DataTypes.UUID,
    allowNull: false,
    references: { model: 'owners', key: 'id' },
    onUpdate: 'CASCADE',
    onDelete: 'CASCADE',
  },
} as const;

const owners: TestMigration = {
  name: '1-owners.js',
  up: (schema) => schema.createTable('owners', OWNERS, { distributeBy: 'id' }),
};
const pets: TestMigration = { name: '2-pets.js', up: (schema) => schema.createTable('pets', PETS) };

describe.each(Object.entries(servers))('%s', (_, create) => {
  const migrations = new Migrations();

  beforeAll(async () => migrations.openOn(await create()));
  afterEach(async () => {
    await migrations.query('DROP TABLE IF EXISTS pets, undone_pets, owners, undone_owners CASCADE');
    await migrations.query(
      'DELETE FROM pg_dist_partition WHERE logicalrelid NOT IN (SELECT oid FROM pg_class)',
    );
    migrations.lines.length = 0;
    migrations.sent.length = 0;
  });
  afterAll(async () => {
    await migrations.close();
    await dropDatabases();
  });

  const distributed = async () =>
    Object.fromEntries(
      (
        await migrations.query(
          'SELECT logicalrelid::text AS name, column_to_column_name(logicalrelid, partkey) AS by FROM pg_dist_partition',
        )
      ).map(({ name, by }) => [String(name), by]),
    );

  it('{ distributeBy } distributes a new table; an undo drops it, and again', async () => {
    for (let n = 0; n < 2; n += 1) {
      await migrations.up(owners);
      expect(await distributed()).toEqual({ owners: 'id' });
      await migrations.down(owners);
      expect(await migrations.query("SELECT to_regclass('owners') AS oid")).toEqual([{ oid: null }]);
      await migrations.query(
        'DELETE FROM pg_dist_partition WHERE logicalrelid NOT IN (SELECT oid FROM pg_class)',
      );
    }
  });

  it('a new table that refers to a distributed one is distributed with it, which is said', async () => {
    await migrations.up(owners, pets);
    expect(await distributed()).toEqual({ owners: 'id', pets: 'owner' });
    const found = (await schemaOf(migrations.database)).filter((line) => line.startsWith('pets pets_'));
    expect(found).toEqual([
      'pets pets_owner_fkey FOREIGN KEY (owner) REFERENCES owners(id) ON DELETE CASCADE',
      'pets pets_pkey PRIMARY KEY (owner, id)',
    ]);
    expect(migrations.lines).toContain(
      'table pets is distributed by owner: its primary key is (owner, id), because Citus accepts no other, so (id) alone is not unique',
    );
  });

  it('both in one migration, and the primary key that Citus has to have is no difference later', async () => {
    const both: TestMigration = {
      name: '1-both.js',
      up: (schema) => {
        owners.up(schema);
        pets.up(schema);
      },
    };
    await migrations.up(both);
    expect(await distributed()).toEqual({ owners: 'id', pets: 'owner' });
    migrations.lines.length = 0;
    await migrations.up(both);
    expect(migrations.lines).toEqual([]);
  });

  it('a local table that refers to a distributed one is refused, with the calls after which it is not', async () => {
    await migrations.query('CREATE TABLE owners (id uuid PRIMARY KEY, name text)');
    await migrations.query(
      'CREATE TABLE pets (id int PRIMARY KEY, owner uuid NOT NULL REFERENCES owners ON DELETE CASCADE)',
    );
    await migrations.query("SELECT create_distributed_table('owners', 'id')");
    const error = await migrations.up(pets).catch((refusal: unknown) => String(refusal));
    expect(error).toContain(
      'table pets: expected that it is distributed together with owners, to which it refers, found a local table, whose foreign key does nothing',
    );
    const [, calls = ''] = /meanwhile: (.*;)$/m.exec(String(error)) ?? [];
    expect(calls).toContain(
      `ALTER TABLE "pets" DROP CONSTRAINT "pets_pkey", ADD PRIMARY KEY ("owner", "id"); ` +
        `SELECT create_distributed_table('"${SCHEMA}"."pets"', 'owner', colocate_with => '"${SCHEMA}"."owners"');`,
    );
    expect(migrations.sent.join()).not.toContain('COMMIT;\n');
    for (const call of calls.split('; ').slice(0, 2)) await migrations.query(call);
    await migrations.up(pets);
  });

  it.each<[string, TestMigration['up'], string]>([
    [
      'a unique constraint without the column',
      (schema) => {
        const name = { type: DataTypes.TEXT, unique: true };
        schema.createTable('owners', { ...OWNERS, name }, { distributeBy: 'id' });
      },
      'constraint owners_name_key: expected UNIQUE (name), found that the table is distributed by id, which has to be in it',
    ],
    [
      'a unique index without the column',
      (schema) => {
        const indexes = [{ fields: ['name'], unique: true }];
        schema.createTable('owners', OWNERS, { distributeBy: 'id', indexes });
      },
      'index owners_name: expected unique btree (name), found that the table is distributed by id, which has to be in it',
    ],
    [
      'another column than that by which it has to be distributed',
      (schema) => {
        schema.createTable('owners', OWNERS, { distributeBy: 'id' });
        schema.createTable('pets', PETS, { distributeBy: 'id' });
      },
      "table pets: expected distributed by owner, found { distributeBy: 'id' }: declare 'owner'",
    ],
  ])('refused before anything is done: %s', async (_title, up, message) => {
    await expect(migrations.up({ name: '1-refused.js', up })).rejects.toThrow(message);
    expect(await distributed()).toEqual({});
  });

  it('a table that is there and not distributed is left, with the calls that distribute it', async () => {
    await migrations.query('CREATE TABLE owners (id uuid PRIMARY KEY, name text)');
    await migrations.up(owners);
    expect(await distributed()).toEqual({});
    expect(migrations.lines.join('\n')).toContain(
      `table owners is not distributed, and its migration declares that it is. At a quiet hour, because nobody can write to it ` +
        `meanwhile: SELECT create_distributed_table('"${SCHEMA}"."owners"', 'id');`,
    );
  });

  it('rows that distributing has left on the coordinator are refused, with the call that removes them', async () => {
    await migrations.query('CREATE TABLE owners (id uuid PRIMARY KEY)');
    await migrations.query("INSERT INTO owners VALUES ('11111111-1111-4111-8111-111111111111')");
    await migrations.query("SELECT create_distributed_table('owners', 'id')");
    const named: TestMigration = {
      name: '2-name.js',
      up: (schema) => schema.addColumn('owners', 'name', { type: DataTypes.TEXT }),
    };
    await expect(migrations.up(named)).rejects.toThrow(
      `SELECT truncate_local_data_after_distributing_table('"${SCHEMA}"."owners"');`,
    );
  });

  it('each statement is a message of its own, in one transaction that ends with the migration log', async () => {
    await migrations.up(owners);
    const begin = migrations.sent.findLastIndex((sql) => sql.includes('create_distributed_table')) - 1;
    expect(migrations.sent.slice(begin)).toEqual([
      expect.stringMatching(/^CREATE TABLE "owners"/),
      `SELECT create_distributed_table('"${SCHEMA}"."owners"', 'id')`,
      'COMMIT',
    ]);
  });
});

it('a foreign key without the column by which the parent is distributed is refused', async () => {
  // Citus has no such parent, unless citus.allow_unsafe_constraints is on.
  const migrations = new Migrations();
  migrations.openOn(await createStandIn());
  await migrations.query('CREATE TABLE owners (id uuid PRIMARY KEY, tenant int)');
  await migrations.query("SELECT create_distributed_table('owners', 'tenant')");
  await expect(migrations.up(pets)).rejects.toThrow(
    'found that owners is distributed by tenant, which a foreign key to it has to contain (Citus)',
  );
  await migrations.close();
  await dropDatabases();
});

it('distributeBy names a column of the table', () => {
  const declare = (options: object) => () => new Schema().createTable('owners', OWNERS, options);
  expect(declare({ distributeBy: 'tenant' })).toThrow(
    'createTable of owners: distributeBy is "id" or "name", and not "tenant".',
  );
  expect(declare({ distributeBy: undefined })).toThrow('distributeBy is "id" or "name", and not undefined');
  expect(declare({ distributedBy: 'id' })).toThrow('distributedBy cannot be declared, and would be left out');
});

it('distributeBy follows a column that a later migration has renamed', async () => {
  const migrations = new Migrations();
  migrations.openOn(await createStandIn());
  await migrations.upBefore(owners, {
    name: '2-renamed.js',
    up: (schema) => schema.renameColumn('owners', 'id', 'key'),
  });
  expect(
    await migrations.query('SELECT logicalrelid::text AS name, partkey AS by FROM pg_dist_partition'),
  ).toEqual([{ name: 'owners', by: 'key' }]);
  await migrations.close();
  await dropDatabases();
});
