import fs from 'node:fs';
import path from 'node:path';
import { sequelizeCli, succeed } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { copyFixture, KIND, MIGRATIONS, removeCopies, TOYS } from '../support/fixture-project';
import { migrate } from '../support/migrator';
import { recordsOf, schemaOf } from '../support/schema';

afterAll(removeCopies);
afterAll(() => dropDatabases());

describe('the folder of the migrations', () => {
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

  it.each([
    ['exits.js', 'process.exit(0);', /-exits\.js cannot be loaded: it calls process\.exit/],
    ['exits.mjs', 'process.exit(0);', /-exits\.mjs cannot be loaded: it calls process\.exit/],
    [
      'both.mjs',
      "import fs from 'node:fs';\nmodule.exports = { up: fs };",
      /-both\.mjs cannot be loaded: .* write import, .* throughout; or require, module\.exports/,
    ],
    ['waits.mjs', 'await new Promise(() => {});', /a promise that never settles/],
  ])(
    'with a migration that ends it, or cannot, when it is loaded, %s: one message, no success',
    async (...of) => {
      const [name, text, why] = of;
      const [cwd, database] = [copyFixture(), await createDatabase()];
      fs.writeFileSync(path.join(cwd, 'migrations', `20250801-${name}`), text);
      const { code, stderr } = await sequelizeCli('db:migrate', database.url, { cwd });
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(why) });
      expect(stderr.match(/^ERROR/gm)).toHaveLength(1);
      expect(await recordsOf(database).catch(() => [])).toEqual([]);
    },
  );

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
});
