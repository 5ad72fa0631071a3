import { DataTypes, literal } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { eventually } from '../support/eventually';
import { useMigrations } from '../support/migrations';
import { closeSessions, openSession, waitingSessions } from '../support/session';
import { SCHEMA } from '../support/schema';

const migrations = useMigrations();

afterEach(() => closeSessions());

const EMPTY = 'CREATE TABLE pets (id integer PRIMARY KEY, name text)';
const PETS = `${EMPTY}; INSERT INTO pets VALUES (1, $$Rex$$)`;
const FUNCTION = `CREATE FUNCTION shout(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN upper($1); END $$`;
const NO_FUNCTION = 'DROP FUNCTION shout(text)';
const THERE = "SELECT FROM pg_proc WHERE proname = 'shout'";

type Up = (schema: Schema) => void;

const shouts = () => migrations.query("SELECT proname FROM pg_proc WHERE proname = 'shout'");

it('is run in order with the other changes, undone by what it says, and run again', async () => {
  const up: Up = (schema) => {
    schema.addColumn('pets', 'loud', { type: DataTypes.TEXT });
    schema.sql({ up: FUNCTION, down: NO_FUNCTION });
    schema.sql({
      up: 'CREATE VIEW loud_pets AS SELECT id, shout(loud) AS loud FROM pets',
      down: 'DROP VIEW loud_pets',
    });
  };
  await migrations.reset(PETS);
  await migrations.up({ name: 'one.js', up });
  expect(await migrations.schema()).toContain('loud_pets loud text');
  await migrations.down({ name: 'one.js', up });
  expect(await shouts()).toEqual([]);
  expect((await migrations.schema()).filter((line) => line.includes('loud_pets'))).toEqual([]);
  await migrations.up({ name: 'one.js', up });
  expect(await shouts()).toHaveLength(1);
});

it.each<[string, Up, string]>([
  [
    'an index on a function',
    (schema) => {
      const immutable = `${FUNCTION} IMMUTABLE`;
      schema.sql({ up: immutable, down: NO_FUNCTION });
      schema.addIndex('pets', [literal('shout(name)')], { name: 'by_shout' });
    },
    `CREATE INDEX by_shout ON ${SCHEMA}.pets USING btree (shout(name))`,
  ],
  [
    'a column of a domain',
    (schema) => {
      schema.sql({
        up: '-- a; comment\nCREATE DOMAIN age AS integer DEFAULT 1;',
        down: 'DROP DOMAIN age',
      });
      schema.addColumn('pets', 'age', { type: 'age' });
    },
    'pets age age',
  ],
  [
    'a default from a sequence',
    (schema) => {
      schema.sql({ up: 'CREATE SEQUENCE numbers', down: 'DROP SEQUENCE numbers' });
      schema.addColumn('pets', 'number', {
        type: DataTypes.BIGINT,
        allowNull: false,
        defaultValue: literal("nextval('numbers')"),
      });
    },
    "pets number bigint not null default nextval('numbers'::regclass)",
  ],
])('what follows may build on it: %s', async (_, up, line) => {
  expect(await migrations.thereAndBack(EMPTY, { name: 'one.js', up })).toContain(line);
  await migrations.reset(PETS);
  await migrations.up({ name: 'one.js', up });
  expect(await migrations.schema()).toContain(line);
});

it('what follows may build on it: a column of a domain with a check, which is known where there are rows', async () => {
  const up: Up = (schema) => {
    schema.sql({
      up: "-- a; comment\nCREATE DOMAIN age AS integer DEFAULT 1 CHECK (value::text <> ';');",
      down: 'DROP DOMAIN age',
    });
    schema.addColumn('pets', 'age', { type: 'age' });
  };
  expect(await migrations.thereAndBack(EMPTY, { name: 'one.js', up })).toContain('pets age age');
  expect(await migrations.refusal(PETS, { name: 'one.js', up })).toContain('is a domain with constraints');
});

it('is not run where the query that it gives finds a row, nor undone where it finds none', async () => {
  const up: Up = (schema) => schema.sql({ up: FUNCTION, down: NO_FUNCTION, unless: THERE });
  await migrations.reset(`${PETS}; ${FUNCTION}`);
  await migrations.up({ name: 'one.js', up });
  await migrations.down({ name: 'one.js', up });
  await migrations.down({ name: 'one.js', up });
  expect(await shouts()).toEqual([]);
});

it('is not run to plan, and is printed whole', async () => {
  const up: Up = (schema) => schema.sql({ up: `${FUNCTION};`, down: NO_FUNCTION });
  await migrations.reset(PETS);
  expect(await migrations.script({ name: 'one.js', up })).toContain(`${FUNCTION};\n`);
  expect(await shouts()).toEqual([]);
});

it('cannot be undone without saying how: nothing of the migration is, and the message says what to write', async () => {
  const up: Up = (schema) => {
    schema.sql({ up: FUNCTION });
    schema.addColumn('pets', 'loud', { type: DataTypes.TEXT });
  };
  await migrations.reset(PETS);
  await migrations.up({ name: 'one.js', up });
  const before = await migrations.schema();
  await expect(migrations.down({ name: 'one.js', up })).rejects.toThrow(
    /^one\.js cannot be undone, .* Nothing of it was undone\. .*schema\.sql\(\{ up: 'CREATE FUNCTION shout/s,
  );
  expect(await migrations.schema()).toEqual(before);
});

it('gives way to whoever waits behind it for a lock, and is tried again', async () => {
  const up: Up = (schema) => schema.sql({ up: "ALTER TABLE pets ALTER name SET DEFAULT 'Bo'" });
  await migrations.reset(PETS);
  const [report, application] = [
    await openSession(migrations.database, 'a report'),
    await openSession(migrations.database, 'the application'),
  ];
  await report.query('BEGIN; SELECT FROM pets');
  const done = migrations.up({ name: 'one.js', up });
  await eventually(
    'it waits for a lock',
    async () => (await waitingSessions(migrations.database)).length > 0,
  );
  await application.query('SET statement_timeout = 2000; SELECT FROM pets WHERE id = 1'); // while the report goes on
  await report.query('COMMIT');
  await done;
  expect(await migrations.schema()).toContain("pets name text default 'Bo'::text");
});

it.each([
  [
    'an identifier',
    'COMMENT ON TABLE pets IS NULL; CREATE VIEW "; COMMIT" AS SELECT id AS "concurrently" FROM pets',
  ],
  ['a string with backslashes', "SELECT E'it\\'s; COMMIT'"],
  ['a comment', 'SELECT 1 -- ; COMMIT\n, 2'],
])('in %s, a word that cannot be in a transaction is none', async (_, sql) => {
  await migrations.reset(PETS);
  await migrations.up({ name: 'one.js', up: (schema) => schema.sql({ up: sql }) });
  expect(migrations.sent.join()).toContain(sql);
});

it('may end in a comment', async () => {
  const up: Up = (schema) =>
    schema.sql({
      up: `${FUNCTION}; -- loud`,
      down: `${NO_FUNCTION} -- quiet`,
      unless: `${THERE} -- already`,
    });
  await migrations.reset(PETS);
  await migrations.up({ name: 'one.js', up });
  await migrations.up({ name: 'one.js', up });
  expect(await shouts()).toHaveLength(1);
  await migrations.down({ name: 'one.js', up });
  expect(await shouts()).toEqual([]);
});

it.each<[string, Up, RegExp]>([
  ['no text', (schema) => schema.sql({ up: ' ' }), /sql: up: statements are expected as text/],
  [
    'what cannot be in a transaction',
    (schema) => schema.sql({ up: 'CREATE INDEX CONCURRENTLY by_name ON pets (name)' }),
    /sql: up: CONCURRENTLY cannot be in the transaction .* addIndex/,
  ],
  [
    'an end of the transaction',
    (schema) => schema.sql({ up: 'SELECT 1; COMMIT; SELECT 2' }),
    /COMMIT cannot be/,
  ],
  [
    'an end of the transaction after a comment that a carriage return ends',
    (schema) => schema.sql({ up: 'SELECT 1 -- one\r; COMMIT' }),
    /COMMIT cannot be/,
  ],
])('%s is refused by name', async (_, up, message) => {
  expect(await migrations.refusal(PETS, { name: 'one.js', up })).toMatch(message);
});
