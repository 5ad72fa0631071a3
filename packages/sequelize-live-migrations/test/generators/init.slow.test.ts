import fs from 'node:fs';
import path from 'node:path';
import { contentsOf, fieldsOf, projectWith, removeProjects } from '../support/adopted-project';
import { run, typedIn } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { typedHere } from '../support/preflight';
import { recordsOf, schemaOf } from '../support/schema';

// `init` and the generators, in a project that hands over to this package. The real command is typed.

afterAll(() => dropDatabases());
afterAll(removeProjects);

const BIN = path.join(__dirname, '../../bin.js');
const NONE = '';
const ATTRIBUTES = 'name:string,born:dateonly,tags:array:string,kind:enum:{cat,dog}';

const filesIn = (cwd: string, folder: string) => fs.readdirSync(path.join(cwd, folder)).sort();

describe('in an empty folder, what is typed next is what init says, and stock sequelize-cli goes on with it', () => {
  it.each<[string, Record<string, string>, string]>([
    ['CommonJS', {}, 'js'],
    ['ES modules', { 'package.json': '{ "type": "module" }' }, 'cjs'],
  ])('%s', async (_, files, ending) => {
    const database = await createDatabase();
    const cwd = projectWith({ ...files, 'stock.cjs': 'module.exports = {};' });
    const { succeed } = typedIn(cwd);
    const { stdout } = await succeed('init', database.url);
    expect(stdout.split('\n')).toEqual([
      'New file: config/config.json',
      'New file: models/index.js',
      'New folder: migrations',
      'New folder: seeders',
      'Next:',
      '  npx sequelize-cli db:create',
      '  npx sequelize-cli model:generate --name Pet --attributes name:string',
      '  npx sequelize-cli migration:generate --name create-pets',
      '  npx sequelize-cli db:migrate',
      '',
    ]);
    const model = await succeed(
      `model:generate --name Pet --attributes ${ATTRIBUTES} --underscored`,
      database.url,
    );
    expect(model.stdout).toBe(
      'New file: models/pet.js\nNext: npx sequelize-cli migration:generate --name create-pets\n',
    );
    await succeed('migration:generate --name create-pets', database.url);
    await succeed('db:migrate', database.url);
    expect(await schemaOf(database)).toEqual(expect.arrayContaining(['pets name character varying(255)']));
    const checked = await run(process.execPath, [BIN, 'check'], { cwd, env: { DATABASE_URL: database.url } });
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    const [migration = ''] = filesIn(cwd, 'migrations');
    expect(migration).toMatch(new RegExp(`^\\d{14}-create-pets\\.${ending}$`));
    expect(await recordsOf(database)).toEqual([migration]);

    await succeed('migration:generate --name add-age-to-pets', database.url);
    await succeed('db:migrate', database.url);
    await succeed('seed:generate --name two-rows', database.url);
    await database.query('CREATE TABLE "table" (id integer PRIMARY KEY)');
    await succeed('db:seed:all', database.url);
    const stock = (line: string) => succeed(`${line} --options-path stock.cjs`, database.url);
    await stock('db:seed:all');
    expect(await database.query('SELECT FROM "table"')).toHaveLength(2);
    await stock('db:migrate:undo:all');
    expect(await recordsOf(database)).toEqual([]);
    await stock('db:migrate');
    expect(await recordsOf(database)).toHaveLength(2);
  });
});

describe('nothing is overwritten, and nothing contradicts what is there', () => {
  it.each<[string, string, RegExp]>([
    ['CommonJS', '', /^'use strict';\n\nmodule\.exports = \{/],
    ['an ES module', '{ "type": "module" }', /^export default \{/],
  ])('what .sequelizerc names elsewhere is written there, as %s', async (_, manifest, begin) => {
    const database = await createDatabase();
    const rc = `module.exports = require('sequelize-live-migrations/sequelizerc')({ root: __dirname,
      config: 'settings/db.js', migrations: 'db/migrations', seeders: 'db/seeds', models: 'app/models' });`;
    const cwd = projectWith({ ...(manifest ? { 'package.json': manifest } : {}), '.sequelizerc': rc });
    const { succeed } = typedIn(cwd);
    expect(typedHere(cwd, 'init').code).toBe(0);
    const written = contentsOf(cwd);
    expect(Object.keys(written)).toEqual(
      expect.arrayContaining(['settings/db.js', 'db/migrations', 'db/seeds', 'app/models/index.js']),
    );
    expect(written['settings/db.js']).toMatch(begin);
    expect(typedHere(cwd, 'model:generate --name Pet --attributes name:string').code).toBe(0);
    await succeed('migration:generate --name create-pets', database.url);
    await succeed('db:migrate', database.url);
    expect(await schemaOf(database)).toContain('"Pets" name character varying(255)');
  });

  it('a module that exports resolveDatabase, and an environment that names it in parts, are what the models use', async () => {
    const database = await createDatabase();
    const config = `const { databaseFromEnvironment } = require('sequelize-live-migrations/config');
      exports.resolveDatabase = databaseFromEnvironment({ applicationName: 'library' });`;
    const { host, port, database: name, username, password } = fieldsOf(database);
    const parts = { DB_HOST: host, DB_PORT: port, DB_NAME: name, DB_USER: username, DB_PASSWORD: password };
    for (const [files, env] of [
      [{ 'config/config.js': config }, { DATABASE_URL: database.url }],
      [{}, parts],
    ] as const) {
      const cwd = projectWith(files);
      const { succeed } = typedIn(cwd);
      await succeed('init', NONE, { env });
      expect(contentsOf(cwd)['config/config.json']).toBeUndefined();
      // Closed, or the process waits for the pool to end an idle connection.
      const script = `const { sequelize } = require('./models');
        sequelize.query('SELECT current_database()').then(([[row]]) => console.log(row)).then(() => sequelize.close());`;
      const { stdout } = await run(process.execPath, ['-e', script], { cwd, env });
      expect(stdout).toContain(name);
    }
  });

  it('a project that has used stock sequelize-cli gets what it lacks', async () => {
    const database = await createDatabase();
    const files = {
      'config/config.json': JSON.stringify({ development: fieldsOf(database) }),
      'migrations/1-toys.js':
        'exports.up = async (q, S) => { await q.createTable("Toys", { id: S.INTEGER }); };',
    };
    const cwd = projectWith(files);
    const { succeed } = typedIn(cwd);
    const { stdout } = await succeed('init', NONE);
    expect(stdout).toContain('config/config.json is there already.\nNew file: models/index.js\n');
    expect(stdout).toContain('Next: npx sequelize-cli db:migrate:status\n');
    const after = contentsOf(cwd);
    expect(after).toMatchObject(files);
    for (const line of [
      'init',
      'init:config',
      'init:models',
      'init:migrations',
      'init:seeders',
      'init --force',
    ]) {
      const { code, stderr } = typedHere(cwd, line);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('Nothing was written') });
    }
    expect(contentsOf(cwd)).toEqual(after);
    await succeed('db:migrate', NONE); // the database of its own configuration
    expect(typedHere(cwd, 'model:generate --name Box --attributes size:integer').code).toBe(0);
    await succeed('migration:generate --name create-boxes', NONE);
    await succeed('db:migrate', NONE);
    expect(await schemaOf(database)).toEqual(
      expect.arrayContaining(['"Boxes" size integer', '"Toys" id integer']),
    );
  });
});
