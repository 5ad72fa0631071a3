import { DataTypes, Sequelize } from 'sequelize';
import { compareWithModels } from '../../src/commands';
import { migration } from '../../src/migration';
import { DEFAULT_LIMITS } from '../../src/session';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';
import { runScript } from '../support/psql';

// Tables in another schema than that of the migration log.

const migrations = useMigrations();

const AUDIT = 'DROP SCHEMA IF EXISTS audit CASCADE; CREATE SCHEMA audit';
/** Of the same names as those in the other schema. */
const THEIRS = 'CREATE TABLE events (id integer); CREATE TABLE pets (id integer)';

const id = { type: DataTypes.INTEGER, primaryKey: true };
const events = { tableName: 'events', schema: 'audit' };
const kind = { type: DataTypes.ENUM('in', 'out'), allowNull: false, defaultValue: 'in' };

const create = {
  name: 'one.js',
  up: (schema: Schema) => {
    schema.createTable(events, { id, kind, session: { type: DataTypes.INTEGER } });
    schema.addIndex(events, ['session']);
  },
};
const change = {
  name: 'two.js',
  up: (schema: Schema) => {
    schema.renameColumn(events, 'session', 'session_id');
    schema.addConstraint(events, { type: 'unique', fields: ['session_id'], name: 'once' });
    schema.changeColumn(events, 'kind', { ...kind, type: DataTypes.ENUM('in', 'out', 'gone') });
    schema.bulkUpdate(events, { kind: 'gone' }, { kind: 'out' });
  },
};

/** Everything in the schemas public and audit. */
const found = async () => (await migrations.schema()).filter((line) => !line.startsWith('pg_'));

it('a table is made, changed, undone and made again in the schema that is named, and nothing in another one', async () => {
  await migrations.reset(`${AUDIT}; ${THEIRS}`);
  const before = await found();
  await migrations.up(create);
  await migrations.query('INSERT INTO audit.events (id, session) VALUES (1, 7)');
  await migrations.upAfter([create], change);
  const [{ path } = { path: '' }] = await migrations.query("SELECT current_setting('search_path') AS path");
  expect(path).not.toContain('audit');
  expect(await migrations.query('SELECT id, kind::text, session_id FROM audit.events')).toEqual([
    { id: 1, kind: 'in', session_id: 7 },
  ]);
  expect(await migrations.purposes(change)).toEqual([]);
  await migrations.downAfter([create], change);
  await migrations.upAfter([create], change);
  await migrations.downAfter([create], change);
  await migrations.down(create);
  expect((await found()).filter((line) => !before.includes(line)).join('\n')).not.toMatch(/^events /m);
  expect((await found()).filter((line) => before.includes(line))).toEqual(before);
});

it('what later migrations do to a table of the same name in another schema does not matter', async () => {
  const rename = { name: 'two.js', up: (schema: Schema) => schema.renameColumn('events', 'id', 'number') };
  const again = {
    name: 'three.js',
    up: (schema: Schema) => schema.addIndex(events, ['id', 'session'], { name: 'both' }),
  };
  await migrations.reset(`${AUDIT}; ${THEIRS}`);
  await migrations.up(create, rename);
  expect(await migrations.plan(create, rename, again)).toMatchObject([
    { plan: { steps: [] } },
    { plan: { steps: [] } },
    { plan: { steps: [{ purpose: 'create index both' }] } },
  ]);
});

it('the script does the same, also where migrations of two schemas follow each other', async () => {
  const inPublic = { name: 'zero.js', up: (schema: Schema) => schema.createTable('toys', { id }) };
  const after = {
    name: 'two.js',
    up: (schema: Schema) => schema.addIndex('toys', ['id'], { name: 'toys_id' }),
  };
  await migrations.reset(AUDIT);
  await migrations.up(inPublic, create, after);
  const expected = await found();
  await migrations.reset(AUDIT);
  await runScript(migrations.database, await migrations.script(inPublic, create, after));
  expect(await found()).toEqual(expected);
});

it('what is in a schema that a migration before it creates is planned with that one, and nothing is created', async () => {
  const first = {
    name: 'zero.js',
    up: (schema: Schema) => schema.sql({ up: 'CREATE SCHEMA IF NOT EXISTS "audit";', down: 'SELECT' }),
  };
  await migrations.reset('DROP SCHEMA IF EXISTS audit CASCADE');
  const [, planned] = await migrations.plan(first, create);
  expect(planned?.plan.steps.map(({ purpose }) => purpose)).toContain('create table events');
  expect(await migrations.query("SELECT to_regnamespace('audit') AS schema")).toEqual([{ schema: null }]);
  await runScript(migrations.database, await migrations.script(first, create));
  expect(await found()).toContainEqual(expect.stringMatching(/^audit.events kind /));
});

it.each<[string, (schema: Schema) => void, RegExp]>([
  [
    'two schemas in one migration',
    (schema) => {
      schema.addIndex(events, ['id']);
      schema.addIndex('pets', ['id']);
    },
    /addIndex of pets: its schema is that of the migration log, and that of events is audit/,
  ],
  [
    'something else than a name',
    (schema) => {
      Reflect.apply(schema.addIndex.bind(schema), undefined, [
        { tableName: 'events', delimiter: '.' },
        ['id'],
      ]);
    },
    /delimiter cannot be declared/,
  ],
  ['no name', (schema) => schema.addIndex({ tableName: '', schema: 'audit' }, ['id']), /a name is expected/],
])('%s is refused by name', (_, up, message) => {
  expect(() => migration('one.js', { up })).toThrow(message);
});

it('a schema that is not there is refused before anything is done, with what creates it', async () => {
  expect(await migrations.refusal('DROP SCHEMA IF EXISTS audit CASCADE', create)).toMatch(
    /Schema audit does not exist .*CREATE SCHEMA IF NOT EXISTS "audit"/,
  );
});

it('a model of that schema is compared with the table there', async () => {
  await migrations.reset(`${AUDIT}; ${THEIRS}`);
  await migrations.up(create);
  const sequelize = new Sequelize(migrations.database.url, { logging: false });
  const attributes = () => ({
    id: { type: DataTypes.INTEGER, primaryKey: true },
    kind: { ...kind },
    session: { type: DataTypes.INTEGER },
  });
  const options = {
    schema: 'audit',
    tableName: 'events',
    timestamps: false,
    indexes: [{ fields: ['session'] }],
  };
  const model = sequelize.define('Event', attributes(), options);
  const reporter = { line: () => undefined, progress: () => undefined };
  const compared = await compareWithModels({ sequelize, limits: DEFAULT_LIMITS, reporter }, [model]);
  await sequelize.close();
  expect(compared).toMatchObject({ differences: [], compared: [{ schema: 'audit', tables: ['events'] }] });
});
