import fs from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../src/sequelize-cli/errors';
import { assertFolder, assertOnlyMigrations } from '../../src/sequelize-cli/migrations-folder';
import { preCheck } from '../../src/sequelize-cli/pre-check';
import { preflight } from '../../src/sequelize-cli/preflight';
import { loadProject } from '../../src/sequelize-cli/project';
import { sequelizeCli, succeed } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import {
  copyFixture,
  fixtureProject,
  KIND,
  MIGRATIONS,
  PETS,
  removeCopies,
  TOYS,
} from '../support/fixture-project';
import { migrate } from '../support/migrator';
import { recordsOf, schemaOf } from '../support/schema';

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

  it.each([
    ['boom', "throw new Error('boom.');", 'boom (migrations/20250801-broken.js:1)'],
    ['a syntax error', '\n}', "Unexpected token '}' (migrations/20250801-broken.js:2)"],
    ['a module that is not there', "require('no-such-module');", "Cannot find module 'no-such-module'"],
  ])(
    'with a migration that cannot be loaded, for %s, stops each command by its name',
    async (_, text, why) => {
      const [cwd, database] = [copyFixture(), await createDatabase()];
      fs.writeFileSync(path.join(cwd, 'migrations/20250801-broken.js'), text);
      const migrated = await sequelizeCli('db:migrate', database.url, { cwd });
      expect(migrated.stderr).toContain(`ERROR: 20250801-broken.js cannot be loaded: ${why}`);
      expect(migrated.stderr).toMatch(/\. Nothing was changed\.\n$/);
      expect(await schemaOf(database)).toEqual([]);
    },
  );

  it('with a migration that cannot be loaded any more: it is not undone, and the rest is not, either', async () => {
    const [cwd, database] = [copyFixture(), await createDatabase()];
    await migrate(database, (umzug) => umzug.up());
    fs.writeFileSync(path.join(cwd, 'migrations', KIND), "throw new Error('boom');");
    const { code, stderr } = await sequelizeCli('db:migrate:undo:all', database.url, { cwd });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`${KIND} cannot be loaded: boom`),
    });
    expect(await recordsOf(database)).toEqual(MIGRATIONS);
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
        expect(() => preflight(project, [line])).toThrow('It exits with 1.');
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

  it('with a migration whose promise never settles: db:migrate fails, and what ran before it stays', async () => {
    const [cwd, database] = [copyFixture(), await createDatabase()];
    fs.writeFileSync(
      path.join(cwd, 'migrations/20250801-forgetful.js'),
      'exports.up = exports.down = () => new Promise(() => undefined);',
    );
    const { code, stderr } = await sequelizeCli('db:migrate', database.url, { cwd });
    expect(stderr).toContain('a promise that never settles');
    expect(code).toBe(1);
    expect(await recordsOf(database)).toEqual(MIGRATIONS);
  });
});

describe('the migration log', () => {
  const FOREIGN = '20260101-from-a-newer-version.js';

  it('of migrations that this checkout does not have is warned of, and the work goes on', async () => {
    const database = await createDatabase();
    await migrate(database, (umzug) => umzug.up({ to: KIND }));
    await database.query(`INSERT INTO "SequelizeMeta" VALUES ('${FOREIGN}')`);
    const before = await recordsOf(database);

    const refused = await sequelizeCli('db:migrate:undo:all', database.url);
    expect(refused.stderr).toContain(`ERROR: This checkout cannot undo ${FOREIGN}, which it does not have`);
    expect(refused.code).toBe(1);
    expect(await recordsOf(database)).toEqual(before);

    const { stdout, stderr } = await succeed('db:migrate', database.url);
    expect(stderr).toContain(
      `WARNING: The database has run migrations that this checkout does not have: ${FOREIGN}`,
    );
    expect(stdout).toContain(`Pending, though ${FOREIGN} has run already: ${TOYS}`);
    expect(await recordsOf(database)).toHaveLength(4);
  });

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

  it('of the migration up to which db:migrate is to run is told of', () => {
    const said = jest.spyOn(console, 'log').mockImplementation();
    const command = { name: 'db:migrate', migrations: { to: KIND } };
    expect(preCheck(command, fixtureProject(), [PETS, KIND])).toBe(true);
    expect(said.mock.calls).toEqual([[`${KIND} has run already.`]]);
    said.mockRestore();
  });
});
