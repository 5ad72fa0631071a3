import { correct, parse } from '../../src/sequelize-cli/command-line';
import { UsageError } from '../../src/sequelize-cli/errors';
import type { Project } from '../../src/sequelize-cli/project';
import { withTypedPaths } from '../../src/sequelize-cli/typed-paths';
import { dropDatabases } from '../support/database';
import { fixtureProject, removeCopies } from '../support/fixture-project';

// The folders that are typed in place of those in .sequelizerc, and the current folder.

afterAll(removeCopies);
afterAll(() => dropDatabases());

describe('in a project in TypeScript', () => {
  const folder = (source: string) => ({ sources: `/app/src/${source}`, compiled: `/app/dist/${source}` });
  const project: Project & { readonly typescript: object } = {
    ...fixtureProject(),
    root: '/',
    migrations: folder('migrations'),
    typescript: { project: 'tsconfig.json', folders: ['app'] },
  };

  it.each([
    ['its sources', '/app/src/more'],
    ['what they are compiled to', '/app/dist/more'],
  ])('a folder may be named by %s', (_, typed) => {
    const line = parse(['migration:generate', '--migrations-path', typed, '--name', 'add-age']);
    const meant = withTypedPaths(project, line);
    expect(meant.migrations).toEqual(folder('more'));
    expect(correct(line, meant).corrected).toEqual([
      'migration:generate',
      '--migrations-path',
      '/app/dist/more',
      '--name',
      'add-age',
    ]);
  });
});

it.each<[string, RegExp]>([
  ['db:migrate --migrations-path', /^--migrations-path needs the path of a folder/],
  ['db:migrate --migrations-path= --to x', /^--migrations-path needs the path of a folder/],
  ['db:seed:all --seedersPath --debug', /^--seedersPath needs the path of a folder/],
  [
    'db:migrate --migrations-path a --migrationsPath b',
    /^There is no folder a, which --migrations-path names/,
  ],
  ['db:migrate --migrations-path . --migrationsPath .', /^--migrationsPath is given twice/],
  ['db:seed:all --seeders-path sedeers', /^There is no folder sedeers, which --seeders-path names/],
  ['db:migrate --config config/other.js', /^--config names another config module/],
])('%s is refused, and nothing was changed', (line, message) => {
  const refused = () => withTypedPaths(fixtureProject(), parse(line.split(' ')));
  expect(refused).toThrow(UsageError);
  expect(refused).toThrow(message);
  expect(refused).toThrow(/Nothing was changed\./);
});
