import path from 'node:path';
import { loadProject } from '../../src/sequelize-cli';
import { contentsOf, projectWith, removeProjects } from '../support/adopted-project';
import { typedHere } from '../support/preflight';

// `init` and the generators, in a project that hands over to this package. The real command is typed in
// init.slow.test.ts.

afterAll(removeProjects);

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
