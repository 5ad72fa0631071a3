import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { createRole, type Role } from '../support/database';
import { useMigrations } from '../support/migrations';
import { SCHEMA } from '../support/schema';

// What somebody has put on a table or a column, and no migration declares, is there again after an undo and a db:migrate,
// also where there are no rows.

const migrations = useMigrations();

const owned = { type: DataTypes.INTEGER, references: { model: 'pets', key: 'id' } };
const create = {
  name: 'create.js',
  up: (schema: Schema) => {
    schema.createTable(
      'toys',
      {
        id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
        name: { type: DataTypes.TEXT, allowNull: false, comment: 'How it is called' },
        pet: owned,
      },
      { indexes: [{ fields: ['name'] }] },
    );
    schema.addConstraint('toys', { type: 'unique', fields: ['pet', 'name'] });
  },
};
const addKind = {
  name: 'kind.js',
  up: (schema: Schema) => {
    schema.addColumn('toys', 'kind', { type: DataTypes.ENUM('ball', 'bone') });
    schema.addIndex('toys', ['kind', 'name']);
  },
};
const PETS = 'CREATE TABLE pets (id integer PRIMARY KEY)';

let app: Role;
beforeAll(async () => {
  app = await createRole('app');
});

/** All that may be on tables, columns, sequences and indexes. */
async function everything(): Promise<unknown[]> {
  const relations =
    await migrations.query(`SELECT c.relname, relowner::regrole::text, relacl::text, relrowsecurity,
      relforcerowsecurity, c.reloptions, relreplident, relpersistence, obj_description(c.oid),
      (SELECT array_agg(inhparent::regclass::text ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = c.oid) AS parents
    FROM pg_class c WHERE relnamespace = '${SCHEMA}'::regnamespace AND relkind IN ('r', 'i', 'S') ORDER BY relname`);
  const columns = await migrations.query(`SELECT attrelid::regclass::text, attname, attacl::text, attoptions,
      coalesce(attstattarget, -1) AS target, attcompression, attstorage, col_description(attrelid, attnum)
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    WHERE relnamespace = '${SCHEMA}'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped ORDER BY 1, 2`);
  const others = await migrations.query(`SELECT 'policy ' || policyname || tablename AS it FROM pg_policies
    UNION ALL SELECT pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT tgrelid::regclass || tgenabled::text FROM pg_trigger WHERE tgisinternal
    UNION ALL SELECT pg_get_ruledef(oid) FROM pg_rewrite WHERE ev_class = to_regclass('toys')
    UNION ALL SELECT pubname || tablename FROM pg_publication_tables
    UNION ALL SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
    UNION ALL SELECT conname || obj_description(oid) FROM pg_constraint ORDER BY it`);
  return [relations, columns, others.map(({ it }) => it), await migrations.schema()];
}

const FUNCTION = `CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`;
const TRIGGER = `${FUNCTION}; CREATE TRIGGER checked BEFORE INSERT ON toys FOR EACH ROW EXECUTE FUNCTION nothing()`;

/** Runs both migrations on no rows, then what somebody else does, undoes both and does them again. */
async function undoneAndDoneAgain(sql: string, tables = PETS): Promise<unknown[][]> {
  await migrations.reset(tables);
  await migrations.query('DROP PUBLICATION IF EXISTS some_tables');
  await migrations.up(create, addKind);
  await migrations.query(sql);
  const before = await everything();
  await migrations.down(addKind, create);
  expect(await migrations.query("SELECT WHERE to_regclass('toys') IS NOT NULL")).toEqual([]);
  await migrations.up(create, addKind);
  return [await everything(), before];
}

describe('on a table without rows there is, when it is undone and done again,', () => {
  it.each<[string, (role: string) => string]>([
    ['a right', (role) => `GRANT SELECT ON toys TO ${role}`],
    ['a right of all', () => 'GRANT SELECT ON toys TO PUBLIC'],
    ['a right on a column', (role) => `GRANT SELECT (name) ON toys TO ${role}`],
    ['a right on a sequence', (role) => `GRANT USAGE ON SEQUENCE toys_id_seq TO ${role}`],
    ['a policy', () => 'CREATE POLICY mine ON toys USING (id > 1)'],
    ['row level security', () => 'ALTER TABLE toys ENABLE ROW LEVEL SECURITY'],
    ['forced row level security', () => 'ALTER TABLE toys FORCE ROW LEVEL SECURITY'],
    ['a trigger', () => TRIGGER],
    ['a trigger that is disabled', () => `${TRIGGER}; ALTER TABLE toys DISABLE TRIGGER checked`],
    ['a foreign key whose triggers are disabled', () => 'ALTER TABLE toys DISABLE TRIGGER ALL'],
    ['a rule', () => 'CREATE RULE silent AS ON DELETE TO toys DO INSTEAD NOTHING'],
    ['a publication', () => 'CREATE PUBLICATION some_tables FOR TABLE toys'],
    ['a statistics object', () => 'CREATE STATISTICS both_of ON id, name FROM toys'],
    ['a comment', () => "COMMENT ON TABLE toys IS 'Mine'"],
    ['a comment on a column', () => "COMMENT ON COLUMN toys.pet IS 'Mine'"],
    ['a comment on an index', () => "COMMENT ON INDEX toys_name IS 'Mine'"],
    ['a comment on a constraint', () => "COMMENT ON CONSTRAINT toys_pkey ON toys IS 'Mine'"],
    ['a storage parameter', () => 'ALTER TABLE toys SET (fillfactor = 70)'],
    ['one of its TOAST table', () => 'ALTER TABLE toys SET (toast.autovacuum_enabled = false)'],
    ['an option of a column', () => 'ALTER TABLE toys ALTER name SET (n_distinct = 7)'],
    ['the statistics of a column', () => 'ALTER TABLE toys ALTER name SET STATISTICS 500'],
    ['the storage of a column', () => 'ALTER TABLE toys ALTER name SET STORAGE EXTERNAL'],
    ['a replica identity', () => 'ALTER TABLE toys REPLICA IDENTITY FULL'],
    [
      'another owner',
      (role) =>
        `GRANT ${role} TO ${new URL(migrations.database.url).username}; GRANT CREATE ON SCHEMA ${SCHEMA} TO ${role};
         ALTER TABLE toys OWNER TO ${role}`,
    ],
    ['that it is unlogged', () => 'ALTER TABLE toys SET UNLOGGED'],
    ['a parent', () => 'CREATE TABLE things (id integer NOT NULL); ALTER TABLE toys INHERIT things'],
    ['a column more', () => 'ALTER TABLE toys ADD COLUMN color text'],
    ['an index more', () => 'CREATE INDEX by_pet ON toys (pet)'],
    ['a check more', () => "ALTER TABLE toys ADD CONSTRAINT named CHECK (name <> '')"],
    ['a foreign key more', () => 'ALTER TABLE toys ADD CONSTRAINT self FOREIGN KEY (id) REFERENCES pets'],
  ])('%s', async (_, sqlFor) => {
    const [after, before] = await undoneAndDoneAgain(sqlFor(app.name));
    expect(after).toEqual(before);
  });

  it('what default privileges give, and what was taken of that', async () => {
    const defaults = `ALTER DEFAULT PRIVILEGES IN SCHEMA ${SCHEMA} GRANT SELECT, INSERT ON TABLES TO ${app.name};
      ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO ${app.name}`;
    await migrations.reset(PETS);
    const [after, before] = await undoneAndDoneAgain(
      `REVOKE INSERT ON toys FROM ${app.name}`,
      `${PETS}; ${defaults}`,
    );
    expect(after).toEqual(before);
    const [others, same] = await undoneAndDoneAgain('SELECT', `${PETS}; ${defaults}`);
    expect(others).toEqual(same);
    await migrations.query(`ALTER DEFAULT PRIVILEGES REVOKE USAGE ON SEQUENCES FROM ${app.name}`);
  });
});

describe('a column of a table without rows has, when it is undone and done again,', () => {
  it.each<[string, (role: string) => string]>([
    ['a right', (role) => `GRANT UPDATE (kind) ON toys TO ${role}`],
    ['a trigger of its own', () => TRIGGER.replace('INSERT', 'UPDATE OF kind')],
    ['a policy that reads it', () => "CREATE POLICY mine ON toys USING (kind = 'ball')"],
    ['a statistics object', () => 'CREATE STATISTICS both_of ON kind, name FROM toys'],
    ['a comment', () => "COMMENT ON COLUMN toys.kind IS 'Mine'"],
    ['statistics', () => 'ALTER TABLE toys ALTER kind SET STATISTICS 500'],
    ['an index more', () => 'CREATE INDEX by_kind ON toys (kind)'],
    ['a check more', () => "ALTER TABLE toys ADD CONSTRAINT balls CHECK (kind = 'ball')"],
    ['a unique constraint with others', () => 'ALTER TABLE toys ADD CONSTRAINT both_once UNIQUE (kind, pet)'],
  ])('%s', async (_, sqlFor) => {
    await migrations.reset(PETS);
    await migrations.up(create, addKind);
    await migrations.query(sqlFor(app.name));
    const before = await everything();
    await migrations.down(addKind);
    expect(migrations.lines.at(-1)).toMatch(
      /column toys\.kind is kept aside as undone_kind, .* what is on it \(/,
    );
    await migrations.up(addKind);
    expect(await everything()).toEqual(before);
  });
});

it('what is kept for something on it is found empty when that is gone, and the next undo drops it', async () => {
  await migrations.reset(PETS);
  const before = await migrations.schema();
  await migrations.up(create);
  await migrations.query(`GRANT SELECT ON toys TO ${app.name}`);
  await migrations.down(create);
  expect(migrations.lines.at(-1)).toContain(
    `and what is on it (rights of ${app.name}): the next db:migrate restores it`,
  );
  await migrations.up(create);
  await migrations.query(`REVOKE SELECT ON toys FROM ${app.name}`);
  await migrations.down(create);
  expect(await migrations.schema()).toEqual(before);
});

it('what the SQL of the same migration has put on a table is no reason to keep it', async () => {
  const withTrigger = {
    name: 'trigger.js',
    up: (schema: Schema) => {
      create.up(schema);
      schema.sql({ up: TRIGGER, down: 'DROP TRIGGER checked ON toys; DROP FUNCTION nothing()' });
    },
  };
  expect(await migrations.thereAndBack(PETS, withTrigger)).toContain('toys name text not null');
});

it.each([
  ['a right', (role: string) => `GRANT SELECT ON undone_toys TO ${role}`],
  ['a policy', () => 'CREATE POLICY mine ON undone_toys USING (true)'],
])('%s that comes in the last moment keeps a table', async (_, sqlFor) => {
  await migrations.reset(PETS);
  await migrations.up(create);
  migrations.beforeStatement = async () => {
    const [found] = await migrations.query("SELECT to_regclass('undone_toys') IS NOT NULL AS is");
    if (found?.['is'] !== true) return;
    migrations.beforeStatement = undefined;
    await migrations.query(sqlFor(app.name));
  };
  await migrations.down(create);
  expect(await migrations.query("SELECT to_regclass('undone_toys')::text AS is")).toEqual([
    { is: 'undone_toys' },
  ]);
});

describe('a table that the application had before the migrations', () => {
  const keep = {
    name: 'keep.js',
    up: (schema: Schema) =>
      schema.createTable(
        'toys',
        { id: { type: DataTypes.INTEGER, primaryKey: true }, name: { type: DataTypes.TEXT } },
        { existing: 'keep' },
      ),
  };

  it.each<[string, (role: string) => string, string]>([
    ['a right', (role) => `GRANT SELECT ON toys TO ${role}`, 'rights of app_'],
    [
      'a rule',
      () => 'CREATE RULE silent AS ON DELETE TO toys DO INSTEAD NOTHING',
      'rule silent on table toys',
    ],
    ['an index', () => 'CREATE INDEX by_name ON toys (name)', 'index or constraint by_name'],
  ])('is left with %s on it, and the undo says why', async (_, sqlFor, reason) => {
    await migrations.reset('');
    await migrations.up(keep);
    await migrations.query(sqlFor(app.name));
    const before = await everything();
    await migrations.down(keep);
    expect(migrations.lines.at(-1)).toContain('table toys is left as it is: ');
    expect(migrations.lines.at(-1)).toContain(reason);
    expect(await everything()).toEqual(before);
  });
});

it('an option that the server itself has given a column is no reason to keep it', async () => {
  await migrations.reset(PETS);
  await migrations.up(create, addKind);
  await migrations.query(
    "UPDATE pg_attribute SET attoptions = '{pg_attver=7}' WHERE attrelid = 'toys'::regclass AND attnum > 0",
  );
  await migrations.down(addKind, create);
  const left = `SELECT relname FROM pg_class WHERE relnamespace = '${SCHEMA}'::regnamespace AND relkind = 'r'`;
  expect(await migrations.query(left)).toEqual([{ relname: 'pets' }]);
});
