import { sequelizeCli } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { MIGRATIONS } from '../support/migrations';
import { recordsOf } from '../support/schema';

afterAll(() => dropDatabases());

it('eight db:migrate at the same instant on an empty database: all exit 0, each migration applied once', async () => {
  const database = await createDatabase();
  const runs = await Promise.all(Array.from({ length: 8 }, () => sequelizeCli('db:migrate', database.url)));
  expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(Array(8).fill({ code: 0, stderr: '' }));
  const applied = runs.flatMap(({ stdout }) => stdout.match(/^== .*: migrated/gm) ?? []);
  expect(applied).toHaveLength(MIGRATIONS.length);
  expect(new Set(applied).size).toBe(MIGRATIONS.length);
  expect(await recordsOf(database)).toEqual(MIGRATIONS);
});
