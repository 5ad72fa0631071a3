import path from 'node:path';
import { loadProject } from '../../src/sequelize-cli';
import { contentsOf, fieldsOf, projectWith, removeProjects } from '../support/adopted-project';
import { typedIn } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { typedHere } from '../support/preflight';
import { schemaOf } from '../support/schema';

// `init` and the generators, in a project that hands over to this package. The first tests type the real command.

afterAll(() => dropDatabases());
afterAll(removeProjects);

const NONE = '';

describe('nothing is overwritten, and nothing contradicts what is there', () => {
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

it('in a project in TypeScript, the folders are made, and what is to be written by hand is said', () => {
  const rc = `module.exports = require('sequelize-live-migrations/sequelizerc')({ root: __dirname,
    typescript: { project: 'app/src/tsconfig.json', folders: ['app'] }, config: 'app/src/config.ts',
    migrations: 'app/src/migrations' });`;
  const cwd = projectWith({ '.sequelizerc': rc, 'app/src/tsconfig.json': '{}', 'app/dist/.keep': '' });
  const { stdout } = typedHere(cwd, 'init');
  expect(stdout).toMatch(/^The config module is written by hand in a project in TypeScript: /);
  expect(stdout).toContain('\nThe index of the models is written by hand in a project in TypeScript: ');
  expect(stdout).toContain('\nNew folder: app/src/migrations\n');
  expect(stdout).not.toContain('model:generate');
  expect(contentsOf(cwd)).not.toHaveProperty(['config/config.json']);
});

it.each([
  ['.', 'src/migrations'],
  ['./', './src/migrations'],
  ['./app/', 'app/src/migrations'],
  ['app', './app/src/migrations/'],
])('a project in TypeScript in the folder "%s", with migrations in %s, is one', (folder, migrations) => {
  const cwd = projectWith({
    '.sequelizerc': `module.exports = require('sequelize-live-migrations/sequelizerc')({ root: __dirname,
      typescript: { project: 'tsconfig.json', folders: ['${folder}'] }, migrations: '${migrations}' });`,
    'tsconfig.json': '{}',
    [path.posix.join(folder, 'dist/.keep')]: '',
  });
  const file = path.join(cwd, path.posix.join(folder, 'src/migrations'));
  expect(loadProject(cwd).migrations.sources.replace(/\/$/, '')).toBe(file);
  expect(loadProject(cwd).migrations.compiled.replace(/\/$/, '')).toBe(file.replace('/src/', '/dist/'));
});

it.each<[string, string]>([
  ['model:generate --name Pet --attributes name:string', 'There is no models/index.js'],
  ['init:config --url postgres://nowhere/none', 'init:config takes no --url'],
  ['init --migrations-path other', 'init takes no --migrations-path'],
])('%s writes nothing, and says what to do', (line, message) => {
  const cwd = projectWith({});
  const { code, stderr } = typedHere(cwd, line);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
  expect(stderr).toContain('Nothing was written');
  expect(contentsOf(cwd)).toEqual({});
});

it.each<[string, string]>([
  [
    '--name pet --attributes name:string',
    '--name is the name of a class, for example --name Pet, and not pet.',
  ],
  ['--attributes name:string', '--name is the name of a class'],
  ['--name Pet', '--attributes has names and types'],
  ['--name Pet --attributes name:strin', 'and not name:strin.'],
  ['--name Pet --attributes name', 'and not name.'],
  ['--name Pet --attributes tags:array', 'and not tags:array.'],
  ['--name Pet --attributes tags:array:strin', 'and not tags:array:strin.'],
  ['--name Pet --attributes name:string:100', 'and not name:string:100.'],
  ['--name Pet --attributes name:string --force', 'takes no --force: nothing is overwritten.'],
  ['--name Toy --attributes name:string', 'models/toy.js is there already.'],
])('model:generate %s writes nothing, and says what is meant', (options, message) => {
  const cwd = projectWith({ 'models/index.js': '', 'models/toy.js': '' });
  const before = contentsOf(cwd);
  const { code, stderr } = typedHere(cwd, `model:generate ${options}`);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
  expect(stderr).toContain('Nothing was written');
  expect(contentsOf(cwd)).toEqual(before);
});

it('a model for an index that names each says so', () => {
  const cwd = projectWith({ 'models/index.js': "module.exports = { Toy: require('./toy') };" });
  const { stdout } = typedHere(cwd, "model:generate --name Pet --attributes kind:enum:{it's,b}");
  expect(stdout).toContain('Attach it in models/index.js, as the others are.\n');
  expect(contentsOf(cwd)['models/pet.js']).toContain("kind: DataTypes.ENUM('it\\'s', 'b'),");
});
