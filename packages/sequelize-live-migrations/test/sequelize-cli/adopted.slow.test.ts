import { fieldsOf, projectWith, removeProjects } from '../support/adopted-project';
import { typedIn } from '../support/cli';
import { createDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { upAndDown } from '../support/plain-project';
import { schemaOf } from '../support/schema';

// A project that has used stock sequelize-cli: one line in .sequelizerc, everything else where it was.

afterAll(() => dropDatabases());
afterAll(removeProjects);

const TOYS = '20250101-create-toys.js';
const UP = upAndDown("await q.createTable('toys', { id: S.INTEGER });", "await q.dropTable('toys');");

const logged = (database: TestDatabase, table: string) =>
  database.query(`SELECT name FROM ${table} ORDER BY name`);
const NOWHERE = 'postgres://nobody@127.0.0.1:1/none';

describe('the configuration is found where sequelize-cli has it', () => {
  it.each<[string, (database: TestDatabase) => Record<string, string>]>([
    [
      'config/config.json',
      (it) => ({ 'config/config.json': JSON.stringify({ development: fieldsOf(it), production: {} }) }),
    ],
    [
      'config/config.js, before config.json',
      (it) => ({
        'config/config.json': '{}',
        'config/config.js': `module.exports = ${JSON.stringify(fieldsOf(it))}`,
      }),
    ],
    [
      'an async function',
      (it) => ({
        'config/config.js': `module.exports = async () => (${JSON.stringify({ development: { dialect: 'postgres', url: it.url } })})`,
      }),
    ],
    [
      'a function with a callback',
      (it) => ({
        'config/config.js': `module.exports = (done) => done(null, ${JSON.stringify(fieldsOf(it))})`,
      }),
    ],
    [
      'a promise in an ES module',
      (it) => ({
        'package.json': '{ "type": "module" }',
        'config/config.js': `export default Promise.resolve(${JSON.stringify(fieldsOf(it))})`,
        [`migrations/${TOYS}`]: UP.replace('module.exports =', 'export default'),
      }),
    ],
    [
      'use_env_variable',
      () => ({
        'config/config.json':
          '{ "development": { "use_env_variable": "DATABASE_URL", "dialect": "postgres" } }',
      }),
    ],
    ['DATABASE_URL, with no config file', () => ({})],
  ])('%s', async (title, filesFor) => {
    const database = await createDatabase();
    const cwd = projectWith({ [`migrations/${TOYS}`]: UP, ...filesFor(database) });
    const isFromEnvironment = /use_env|DATABASE_URL/.test(title);
    const { code, stderr } = await typedIn(cwd).sequelizeCli(
      'db:migrate',
      isFromEnvironment ? database.url : NOWHERE,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await schemaOf(database)).toContain('toys id integer');
  });

  it.each<[string, string, string]>([
    [
      'another dialect',
      '{ "dialect": "mysql" }',
      'ERROR: config/config.json: the dialect is "mysql", and has to be postgres',
    ],
    [
      'an environment that it does not have',
      '{ "staging": { "dialect": "postgres" } }',
      'nothing for NODE_ENV development. Nothing was done. It has: staging',
    ],
    [
      'a variable that is not set',
      '{ "use_env_variable": "NOT_SET" }',
      'ERROR: NOT_SET is not set, which config/config.json names',
    ],
    ['a file that is no JSON', '{ "dialect": "postgres", }', 'ERROR: config/config.json cannot be loaded: '],
    [
      'a log in a file',
      '{ "dialect": "postgres", "database": "d", "migrationStorage": "json" }',
      'migrationStorage is "json"',
    ],
  ])('an error by name: %s', async (_, config, message) => {
    const cwd = projectWith({ [`migrations/${TOYS}`]: UP, 'config/config.json': config });
    const { code, stderr } = await typedIn(cwd).sequelizeCli('db:migrate', NOWHERE);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
  });
});

describe('the migration log stays where stock sequelize-cli has it, and it goes on from there, both ways', () => {
  it.each<[string, object, string]>([
    ['in its own place', {}, '"SequelizeMeta"'],
    ['under another name', { migrationStorageTableName: 'sequelize_meta' }, 'sequelize_meta'],
    [
      'in another schema',
      { migrationStorageTableSchema: 'log', migrationStorageTableName: 'Meta' },
      'log."Meta"',
    ],
    ['in the schema of the models', { schema: 'app' }, 'app."SequelizeMeta"'],
    ['in the schema of definitions', { define: { schema: 'app' } }, 'app."SequelizeMeta"'],
  ])('%s', async (_, settings, table) => {
    const database = await createDatabase();
    await database.query('CREATE SCHEMA app');
    const config = JSON.stringify({ ...fieldsOf(database), ...settings });
    const cwd = projectWith({
      [`migrations/${TOYS}`]: UP,
      'config/config.json': config,
      'stock.js': 'module.exports = {};',
    });
    const { succeed } = typedIn(cwd);
    const stock = (line: string) => succeed(`${line} --options-path stock.js`, NOWHERE);
    await stock('db:migrate');
    const before = await logged(database, table);
    expect(before).toEqual([{ name: TOYS }]);
    expect((await succeed('db:migrate', NOWHERE)).stdout).toContain('already up to date');
    await succeed('db:migrate:undo', NOWHERE);
    expect(await logged(database, table)).toEqual([]);
    await succeed('db:migrate', NOWHERE);
    expect(await logged(database, table)).toEqual(before);
    expect((await stock('db:migrate')).stdout).toContain('already up to date');
    await stock('db:migrate:undo');
    expect(await logged(database, table)).toEqual([]);
  });
});
