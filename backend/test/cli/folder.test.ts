import fs from 'node:fs';
import path from 'node:path';
import { sequelizeCli, succeed } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { MIGRATIONS } from '../support/migrations';
import { migrate } from '../support/migrator';
import { copyProject, removeCopies } from '../support/project';
import { recordsOf, schemaOf } from '../support/schema';

afterAll(removeCopies);
afterAll(() => dropDatabases());

describe('the folder of the migrations', () => {
  it.each([
    ['a module that sequelize-cli would pass over', 'new.mts', 'export {}'],
    ['a module that is no migration', '20250801-nothing.ts', 'export const up = 1;'],
  ])('with %s in it stops db:migrate by name, the database untouched', async (_, file, text) => {
    const [cwd, database] = [copyProject(), await createDatabase()];
    fs.writeFileSync(path.join(cwd, 'backend/src/migrations', file), text);
    const { code, stderr } = await sequelizeCli('db:migrate', database.url, { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain(file.replace('nothing.ts', 'nothing.js'));
    expect(stderr).toContain('Nothing was changed');
    expect(await schemaOf(database)).toEqual([]);
  });

  it('with a migration whose promise never settles: db:migrate fails, and what ran before it stays', async () => {
    const [cwd, database] = [copyProject(), await createDatabase()];
    fs.writeFileSync(
      path.join(cwd, 'backend/src/migrations/20250801-forgetful.ts'),
      'export const up = () => new Promise(() => undefined); export const down = up;',
    );
    const { code, stderr } = await sequelizeCli('db:migrate', database.url, { cwd });
    expect(stderr).toContain('a promise that never settles');
    expect(code).toBe(1);
    expect(await recordsOf(database)).toEqual(MIGRATIONS);
  });
});

describe('the record', () => {
  const FOREIGN = '20260101-from-a-newer-version.js';

  it('of migrations that this checkout does not have is warned of, and the work goes on', async () => {
    const database = await createDatabase();
    await migrate(database, (umzug) => umzug.up({ to: '20250723-add-version-to-sections.js' }));
    await database.query(`INSERT INTO "SequelizeMeta" VALUES ('${FOREIGN}')`);
    const before = await recordsOf(database);

    for (const line of ['db:migrate:undo', 'db:migrate:undo:all']) {
      const { code, stderr } = await sequelizeCli(line, database.url);
      expect(stderr).toContain(`ERROR: This checkout cannot undo ${FOREIGN}, which it does not have`);
      expect(code).toBe(1);
      expect(await recordsOf(database)).toEqual(before);
    }

    const { stdout, stderr } = await succeed('db:migrate', database.url);
    expect(stderr).toContain(
      `WARNING: The database has run migrations that this checkout does not have: ${FOREIGN}`,
    );
    expect(stdout).toContain(
      `Pending, though ${FOREIGN} has run already: 20250723-create-conversation-messages.js`,
    );
    expect(await recordsOf(database)).toHaveLength(6);

    const again = await succeed('db:migrate --to 20250723-add-version-to-sections', database.url);
    expect(again.stdout).toContain('20250723-add-version-to-sections.js has run already.');
  });
});
