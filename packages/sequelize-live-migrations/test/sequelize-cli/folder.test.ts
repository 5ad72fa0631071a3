import fs from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../src/sequelize-cli/errors';
import { assertFolder, assertOnlyMigrations } from '../../src/sequelize-cli/migrations-folder';
import { preCheck } from '../../src/sequelize-cli/pre-check';
import { generate } from '../../src/generators';
import { preflight } from '../../src/sequelize-cli/preflight';
import { loadProject } from '../../src/sequelize-cli/project';
import { sequelizeCli } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { copyFixture, fixtureProject, KIND, PETS, removeCopies } from '../support/fixture-project';
import { schemaOf } from '../support/schema';

afterAll(removeCopies);
afterAll(() => dropDatabases());

describe('the folder of the migrations', () => {
  it.each([
    ['a module that sequelize-cli would pass over', 'new.mjs', 'export {}'],
    ['a module that is no migration', '20250801-nothing.js', 'exports.up = 1;'],
  ])('with %s in it stops db:migrate by name, the database untouched', async (_, file, text) => {
    const [cwd, database] = [copyFixture(), await createDatabase()];
    fs.writeFileSync(path.join(cwd, 'migrations', file), text);
    const { code, stderr } = await sequelizeCli('db:migrate', database.url, { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain(file);
    expect(stderr).toContain('Nothing was changed');
    expect(await schemaOf(database)).toEqual([]);
  });

  const NOT_THERE =
    /^ERROR: There is no folder (migrations|seeders), .* Nothing was changed\. .*:generate --name .*$/;

  function copyWithoutFolders(): string {
    const cwd = copyFixture();
    for (const folder of ['migrations', 'seeders']) fs.rmSync(path.join(cwd, folder), { recursive: true });
    return cwd;
  }

  it('that is not there is not taken for an empty one by db:migrate', async () => {
    const cwd = copyWithoutFolders();
    const { code, stderr } = await sequelizeCli('db:migrate', 'postgres://nobody@127.0.0.1:1/none', { cwd });
    expect(code).toBe(1);
    expect(stderr.replace(/\n$/, '')).toMatch(NOT_THERE);
  });

  it.each(['db:migrate:status', 'db:seed:all'])(
    'that is not there is not taken for an empty one by %s',
    (line) => {
      const project = loadProject(copyWithoutFolders());
      jest.spyOn(process, 'cwd').mockReturnValue(project.root);
      const said = jest.spyOn(console, 'error').mockImplementation();
      jest.spyOn(process, 'exit').mockImplementation((code) => {
        throw new Error(`It exits with ${String(code)}.`);
      });
      try {
        expect(() => preflight(project, () => generate, [line])).toThrow('It exits with 1.');
        expect(said.mock.calls).toEqual([[expect.stringMatching(NOT_THERE)]]);
      } finally {
        jest.restoreAllMocks();
      }
    },
  );

  it('of TypeScript may be empty: what it is compiled to is created', () => {
    const sources = fs.mkdtempSync(path.join(copyFixture(), 'src-'));
    const compiled = path.join(sources, '../dist/migrations');
    assertFolder({ sources, compiled }, 'migration:generate');
    expect(fs.readdirSync(compiled)).toEqual([]);
  });

  it.each(['new.mts', '20250801-nothing.js', 'helpers.ts'])('of TypeScript may not have %s in it', (file) => {
    const sources = fs.mkdtempSync(path.join(copyFixture(), 'src-'));
    const { compiled } = fixtureProject().migrations;
    const project = { ...fixtureProject(), migrations: { sources, compiled } };
    fs.writeFileSync(path.join(sources, '20250801-add-color.ts'), '');
    assertOnlyMigrations(project);
    fs.writeFileSync(path.join(sources, file), '');
    expect(() => assertOnlyMigrations(project)).toThrow(UsageError);
  });
});

describe('the migration log', () => {
  const FOREIGN = '20260101-from-a-newer-version.js';

  it.each([
    ['db:migrate:undo', {}],
    ['db:migrate:undo:all', {}],
    ['db:migrate:undo:all', { to: KIND }],
  ])('of such migrations is a reason not to run %s %j', (name, migrations) => {
    const warned = jest.spyOn(console, 'warn').mockImplementation();
    const logged = [PETS, KIND, FOREIGN];
    expect(() => preCheck({ name, migrations }, fixtureProject(), logged)).toThrow(
      `This checkout cannot undo ${FOREIGN}, which it does not have`,
    );
    warned.mockRestore();
  });

  it.each<[string, string, unknown[]]>([
    [
      'is named',
      KIND.replace(/^\d+/, '20250102'),
      [expect.stringContaining(`${KIND} has not run, by that name`)],
    ],
    ['is not seen in another one', FOREIGN, []],
  ])('of a migration that was renamed after it had run, which %s', (_, before, expected) => {
    const warned = jest.spyOn(console, 'warn').mockImplementation();
    const said = jest.spyOn(console, 'log').mockImplementation();
    preCheck({ name: 'db:migrate', migrations: {} }, fixtureProject(), [PETS, before]);
    const [first, ...others] = warned.mock.calls.flat();
    [warned, said].forEach((spy) => spy.mockRestore());
    expect(first).toContain(`this checkout does not have: ${before}`);
    expect(others).toEqual(expected);
    expect(others.join()).toMatch(expected.length > 0 ? before : /^$/);
  });

  it('of the migration up to which db:migrate is to run is told of', () => {
    const said = jest.spyOn(console, 'log').mockImplementation();
    const command = { name: 'db:migrate', migrations: { to: KIND } };
    expect(preCheck(command, fixtureProject(), [PETS, KIND])).toBe(true);
    expect(said.mock.calls).toEqual([[`${KIND} has run already.`]]);
    said.mockRestore();
  });
});
