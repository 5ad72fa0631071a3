import { DataTypes, literal } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { createRole } from '../support/database';
import { usePlanner } from '../support/planner';
import { SCHEMA, schemaOf } from '../support/schema';
import {
  closeSessions,
  hurryDeadlockChecks,
  openSession,
  untilDeadlockCheck,
  untilSomebodyWaits,
} from '../support/session';

const planner = usePlanner();

const query = (sql: string) => planner.database.query(sql);

const PETS = 'CREATE TABLE pets (id integer PRIMARY KEY)';
const age = { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 };
const addAge = (schema: Schema) => schema.addColumn('pets', 'age', age);

describe('somebody who was quicker', () => {
  const byHand = 'ALTER TABLE pets ADD COLUMN age integer';

  it('between the look and the lock is noticed, and what was made is reconciled', async () => {
    await planner.reset(PETS);
    let isFirst = true;
    await planner.migrate(addAge, async (sql) => {
      if (isFirst && sql.includes('SHARE UPDATE EXCLUSIVE')) {
        isFirst = false;
        await query(byHand);
      }
    });
    expect(isFirst).toBe(false);
    expect(await schemaOf(planner.database)).toContain('pets age integer not null default 1');
  });

  it('again and again is a reason to stop, with nothing done', async () => {
    await planner.reset(PETS);
    let changes = 0;
    const always = planner.migrate(addAge, async (sql) => {
      if (sql.includes('SHARE UPDATE EXCLUSIVE'))
        await query(`ALTER TABLE pets ADD COLUMN more_${String((changes += 1))} text`);
    });
    await expect(always).rejects.toThrow(
      /^Another session keeps changing the tables of database .* Nothing of this migration was done/,
    );
  });

  it('with a table that is to be created is no obstacle', async () => {
    await planner.reset(PETS);
    let isFirst = true;
    const toys = (schema: Schema) =>
      schema.createTable('toys', { id: { type: DataTypes.INTEGER, primaryKey: true } });
    await planner.migrate(toys, async (sql) => {
      if (isFirst && sql.startsWith('CREATE TABLE')) {
        isFirst = false;
        await query('CREATE TABLE toys (id integer PRIMARY KEY)');
      }
    });
    expect(isFirst).toBe(false);
  });
});

describe('a name that is taken', () => {
  it('by something else is no change: it is refused at once, with nothing done', async () => {
    await planner.reset(`${PETS}; CREATE TABLE backup (id integer); CREATE INDEX toys_name ON backup (id)`);
    const name = { type: DataTypes.STRING, primaryKey: true };
    const toys = (schema: Schema) =>
      schema.createTable('toys', { name }, { indexes: [{ fields: ['name'] }] });
    await expect(planner.migrate(toys)).rejects.toThrow(
      /^relation "toys_name" already exists\. Could not create table toys, create index toys_name, in database \w+, schema \w+\. Nothing of this migration was done\.$/,
    );
  });
});

describe('a NOT NULL check that cannot be validated', () => {
  it('does not stay, so that the application can go on writing', async () => {
    await planner.reset(`${PETS}; ALTER TABLE pets ADD COLUMN age integer; INSERT INTO pets VALUES (1), (2)`);
    const before = await schemaOf(planner.database);
    const isLive = (sql: string) => sql.includes('VALIDATE') && sql.endsWith('COMMIT'); // and not on a shadow
    const cut = planner.migrate(addAge, (sql) =>
      isLive(sql) ? Promise.reject(new Error('the network is gone')) : Promise.resolve(),
    );
    await expect(cut).rejects.toThrow(
      'the network is gone. Could not validate the NOT NULL check of pets.age, in database',
    );
    const after = await schemaOf(planner.database);
    expect(after).toEqual(before.map((line) => line.replace(/^pets age integer$/, '$& default 1')));
  });
});

describe('rows that a policy hides from the role that migrates', () => {
  it.each([
    ['the table itself', 'pets', "'nobody'"],
    ['a table that the backfill reads', 'owners', '(SELECT name FROM owners WHERE owners.id = pets.id)'],
  ])('are not filled with something else: %s', async (_, table, backfill) => {
    const owner = await createRole('owner');
    await planner.reset(`${PETS}; ALTER TABLE pets ADD COLUMN owner text; INSERT INTO pets VALUES (1), (2);
      CREATE TABLE owners (id integer, name text); INSERT INTO owners VALUES (1, 'Ann'), (2, 'Bob');
      GRANT ALL ON SCHEMA ${SCHEMA} TO ${owner.name};
      ALTER TABLE pets OWNER TO ${owner.name}; ALTER TABLE owners OWNER TO ${owner.name};
      ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`);
    const theirs = planner.another(owner);
    const filled = theirs.migrate((schema) =>
      schema.addColumn('pets', 'owner', {
        type: DataTypes.TEXT,
        allowNull: false,
        defaultValue: 'nobody',
        backfill: literal(backfill),
      }),
    );
    await expect(filled).rejects.toThrow(
      `query would be affected by row-level security policy for table "${table}". The role that migrates has to see all rows`,
    );
    await theirs.close();
    expect(await query('SELECT DISTINCT owner FROM pets')).toEqual([{ owner: null }]);
  });

  it('are not passed over when equal ones are looked for: nothing is done', async () => {
    const owner = await createRole('owner');
    await planner.reset(`${PETS}; ALTER TABLE pets ADD COLUMN name text; INSERT INTO pets VALUES (1, 'Rex'), (2, 'Rex');
      CREATE TABLE toys (id integer); INSERT INTO toys VALUES (1); GRANT ALL ON SCHEMA ${SCHEMA} TO ${owner.name};
      ALTER TABLE pets OWNER TO ${owner.name}; ALTER TABLE toys OWNER TO ${owner.name};
      ALTER TABLE pets ENABLE ROW LEVEL SECURITY; ALTER TABLE pets FORCE ROW LEVEL SECURITY`);
    const before = await schemaOf(planner.database);
    const theirs = planner.another(owner);
    const indexed = theirs.migrate((schema) => {
      schema.addIndex('toys', ['id']);
      schema.addIndex('pets', ['name'], { unique: true });
    });
    await expect(indexed).rejects.toThrow('query would be affected by row-level security policy');
    await theirs.close();
    expect(await schemaOf(planner.database)).toEqual(before);
  });
});

it.each([
  [
    'temporary tables',
    'REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC',
    'permission denied to create temporary tables',
  ],
  ['writes', 'ALTER DATABASE %I SET default_transaction_read_only = on', 'read-only transaction'],
])(
  'where no %s are possible, that is said in the words of the server, and what to do',
  async (_, sql, words) => {
    const owner = await createRole('owner');
    await planner.reset(`${PETS}; ALTER TABLE pets OWNER TO ${owner.name}`);
    const set = (change: string) =>
      query(
        `SET transaction_read_only = off; DO $$ BEGIN EXECUTE format('${change}', current_database()); END $$`,
      );
    await set(sql);
    const theirs = planner.another(owner);
    await expect(theirs.migrate(addAge)).rejects.toThrow(
      new RegExp(`${words}.*To plan and to compare, .*GRANT TEMPORARY ON DATABASE.*Nothing was done\\.$`),
    );
    await theirs.close();
    await set('GRANT TEMPORARY ON DATABASE %I TO PUBLIC');
    await set('ALTER DATABASE %I RESET default_transaction_read_only');
  },
);

it("somebody else's concurrent build is waited for, and not made the victim of a deadlock", async () => {
  await planner.reset(`${PETS}; ALTER TABLE pets ADD name text; INSERT INTO pets VALUES (1, 'Rex')`);
  await hurryDeadlockChecks(planner.database);
  const [writer, builder] = [
    await openSession(planner.database),
    await openSession(planner.database, 'a build'),
  ];
  await writer.query("BEGIN; UPDATE pets SET name = 'Bo'");
  const theirs = builder.query('CREATE INDEX CONCURRENTLY theirs ON pets (id, name)');
  await untilSomebodyWaits(planner.database);
  const fresh = planner.another();
  const ours = fresh.migrate((schema) => schema.addIndex('pets', ['name']));
  await untilDeadlockCheck(planner.database);
  await writer.query('COMMIT');
  await Promise.all([theirs, ours]);
  await fresh.close();
  await closeSessions();
  expect(await schemaOf(planner.database)).toEqual(
    expect.arrayContaining([
      `CREATE INDEX theirs ON ${SCHEMA}.pets USING btree (id, name)`,
      `CREATE INDEX pets_name ON ${SCHEMA}.pets USING btree (name)`,
    ]),
  );
});
