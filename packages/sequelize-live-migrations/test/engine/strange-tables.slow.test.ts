import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';
import { isOwnerOnly } from '../support/server';
import { closeSessions, openSession } from '../support/session';

// Tables as other people make them. Whatever they have, a shadow of them can be made, and a change that has nothing to do
// with it finds no difference.

const migrations = useMigrations();

const PARENTS = `CREATE TABLE owners (id integer PRIMARY KEY, code text UNIQUE, a integer, b text, UNIQUE (a, b));
  CREATE UNIQUE INDEX owners_a ON owners (a)`;
const LOWER =
  "CREATE FUNCTION small(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT pg_catalog.lower($1)'";
const LONG = 'x'.repeat(60);

/** A title, what makes the table, and its name where that is not pets. */
/** An index as PostgreSQL has it since version 15. */
const NULLS_ARE_EQUAL = `DO $$ BEGIN IF current_setting('server_version_num')::int >= 150000 THEN
  EXECUTE 'CREATE UNIQUE INDEX ON pets (a) NULLS NOT DISTINCT'; END IF; END $$`;

const TABLES: [title: string, sql: string, table?: string][] = [
  ['identity', 'CREATE TABLE pets (id bigint GENERATED ALWAYS AS IDENTITY (START 100) PRIMARY KEY)'],
  ['a sequence that is shared', 'CREATE SEQUENCE s; CREATE TABLE pets (id integer DEFAULT nextval($$s$$))'],
  ['a generated column', 'CREATE TABLE pets (a integer, b integer GENERATED ALWAYS AS (a * 2) STORED)'],
  ['no column at all', 'CREATE TABLE pets ()'],
  ['a column that was dropped', 'CREATE TABLE pets (a text, b text, c text); ALTER TABLE pets DROP b'],
  ['a key of two columns', 'CREATE TABLE pets (a integer, b integer, PRIMARY KEY (b, a) DEFERRABLE)'],
  ['domains', 'CREATE DOMAIN few AS integer NOT NULL DEFAULT 1 CHECK (VALUE > 0); CREATE TABLE pets (a few)'],
  ['composite types', 'CREATE TYPE place AS (street text); CREATE TABLE pets (a place, b place[])'],
  ['an exclusion constraint', 'CREATE TABLE pets (a int4range, EXCLUDE USING gist (a WITH &&) DEFERRABLE)'],
  ['a parent', 'CREATE TABLE beings (id integer CHECK (id > 0)); CREATE TABLE pets () INHERITS (beings)'],
  ['children', 'CREATE TABLE pets (id integer); CREATE TABLE cats (name text) INHERITS (pets)'],
  ['partitions', 'CREATE TABLE pets (a integer) PARTITION BY HASH (a)'],
  ['a collation', 'CREATE TABLE pets (a text COLLATE "C"); CREATE INDEX ON pets (a COLLATE "POSIX" DESC)'],
  ['a function in an index', `${LOWER}; CREATE TABLE pets (a text); CREATE INDEX ON pets (small(a))`],
  ['a function in a check', `${LOWER}; CREATE TABLE pets (a text DEFAULT small('A') CHECK (small(a) > ''))`],
  ['an index in which nulls are equal', `CREATE TABLE pets (a text); ${NULLS_ARE_EQUAL}`],
  ['an enum', "CREATE TYPE e AS ENUM ('a'); CREATE TABLE pets (a e DEFAULT 'a' CHECK (a = 'a'), b e[])"],
  [
    'keys to one table',
    `${PARENTS}; CREATE TABLE pets (a integer REFERENCES owners, b text REFERENCES owners (code),
    c integer REFERENCES owners (a), FOREIGN KEY (b, c) REFERENCES owners (b, a) MATCH FULL DEFERRABLE)`,
  ],
  [
    'two keys alike',
    `${PARENTS}; CREATE TABLE pets (a integer REFERENCES owners, b bigint REFERENCES owners)`,
  ],
  [
    'a key to another schema',
    `CREATE SCHEMA other; CREATE TABLE other.owners (id integer PRIMARY KEY);
    CREATE TABLE pets (a integer REFERENCES other.owners)`,
  ],
  [
    'a key to itself',
    `CREATE TABLE pets (a integer, b integer); CREATE UNIQUE INDEX on_a ON pets (a);
    ALTER TABLE pets ADD FOREIGN KEY (b) REFERENCES pets (a)`,
  ],
  [
    'keys in a circle',
    `CREATE TABLE owners (id integer PRIMARY KEY); CREATE TABLE pets (id integer PRIMARY KEY REFERENCES owners);
    ALTER TABLE owners ADD FOREIGN KEY (id) REFERENCES pets`,
  ],
  [
    'what is not validated',
    `${PARENTS}; CREATE TABLE pets (a integer);
    ALTER TABLE pets ADD FOREIGN KEY (a) REFERENCES owners NOT VALID, ADD CHECK (a > 0) NO INHERIT NOT VALID`,
  ],
  [
    'row level security',
    // Forced, an owner does not see all rows, and is told so.
    `CREATE TABLE pets (a text); ALTER TABLE pets ENABLE ROW LEVEL SECURITY${isOwnerOnly() ? '' : ', FORCE ROW LEVEL SECURITY'}`,
  ],
  [
    'a name with capitals and spaces',
    'CREATE TABLE "My Pets" ("The Id" integer PRIMARY KEY, "a""b" text)',
    'My Pets',
  ],
  [
    'a name with a dot',
    'CREATE TABLE "my.pets" ("the.id" integer); CREATE INDEX "on USING x" ON "my.pets" ("the.id")',
    'my.pets',
  ],
  ['a name with a percent sign', 'CREATE TABLE "100%s" ("%I" text)', '100%s'],
  [
    'a name that is a word of SQL',
    'CREATE TABLE "user" ("order" integer PRIMARY KEY, "select" text)',
    'user',
  ],
  ['a name of 60 letters', `CREATE TABLE ${LONG} (${'y'.repeat(63)} integer PRIMARY KEY)`, LONG],
];

const change = (table: string) => (schema: Schema) => {
  schema.addColumn(table, 'age', { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 });
  schema.addIndex(table, ['age'], { name: 'by_age' });
  schema.addConstraint(table, { type: 'check', name: 'of_age', where: { age: 1 } });
};

/** The locks that sessions other than this one hold on tables, except those that block nobody. */
const LOCKS = `SELECT c.relname, l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.pid <> pg_backend_pid()
    AND n.nspname !~ '^pg_' AND l.mode <> 'AccessShareLock'`;

afterEach(() => closeSessions());

beforeEach(() => migrations.query('DROP SCHEMA IF EXISTS other CASCADE'));

it.each(TABLES)(
  'a table with %s can be changed, and changed back exactly',
  async (_, sql, table = 'pets') => {
    const schema = await migrations.convergesThereAndBack(sql, { name: 'one.js', up: change(table) });
    expect(schema).toEqual(expect.arrayContaining([expect.stringMatching(/^CREATE INDEX by_age ON /)]));
  },
);

it.each(TABLES)('a plan for a table with %s blocks nobody', async (_, sql, table = 'pets') => {
  await migrations.reset(sql);
  const session = await openSession(migrations.database);
  const locks: unknown[] = [];
  migrations.beforeStatement = async () => {
    locks.push(...(await session.query(LOCKS)).rows);
  };
  const [planned] = await migrations
    .plan({ name: 'one.js', up: change(table) })
    .finally(() => (migrations.beforeStatement = undefined));
  expect(planned?.plan.steps).toHaveLength(4);
  expect(locks).toEqual([]);
});

/** A table, and a function of one of its types, which a temporary copy of the type does not have. */
const MOODY = `CREATE TYPE mood AS ENUM ('good'); CREATE TABLE pets (id integer PRIMARY KEY, mood mood);
  CREATE FUNCTION is_good(mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'`;

it.each([
  ['an index', 'CREATE INDEX ON pets (is_good(mood))'],
  ['a check', 'ALTER TABLE pets ADD CONSTRAINT good CHECK (is_good(mood))'],
])(
  '%s of which no copy can be made stops nothing: it is left out of the plan, and that is said',
  async (_, sql) => {
    await migrations.reset(`${MOODY}; ${sql}`);
    await migrations.up({ name: 'one.js', up: change('pets') });
    expect(await migrations.schema()).toContain('pets age integer not null default 1');
    expect(migrations.lines).toContainEqual(
      expect.stringMatching(/^planned without something of a table: function is_good\(mood\) does not exist/),
    );
  },
);

it('a table of which no copy can be made is refused: the server, the tables, and that nothing was done', async () => {
  const sql = `${MOODY}; ALTER TABLE pets ADD COLUMN good boolean DEFAULT is_good('good'::mood)`;
  expect(await migrations.refusal(sql, { name: 'one.js', up: change('pets') })).toMatch(
    /^Error: function is_good\(mood\) does not exist.*Of the tables pets, .*Nothing of this migration was done\.$/,
  );
});
