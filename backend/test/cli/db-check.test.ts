import path from 'node:path';
import { ROOT } from '../support/build';
import { run } from '../support/cli';
import { createMigratedDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { SCHEMA, schemaOf } from '../support/schema';

afterAll(() => dropDatabases());

/** `npm run db:check`, without npm. */
const dbCheck = ({ url }: Pick<TestDatabase, 'url'>) =>
  run(process.execPath, [path.join(ROOT, 'packages/sequelize-live-migrations/bin.js'), 'check'], {
    env: { DATABASE_URL: url },
  });

it('a migrated database matches the models: one line, exit code 0', async () => {
  const { code, stdout, stderr } = await dbCheck(await createMigratedDatabase());
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    new RegExp(String.raw`^Database live_migrations_run_\w+, schema ${SCHEMA}, matches the \d+ models\.\n$`),
  );
});

it('each difference is a line, the exit code is 1, and the database is left as it is', async () => {
  const database = await createMigratedDatabase();
  await database.query('ALTER TABLE sections ALTER version TYPE bigint; DROP TABLE conversation_messages');
  const before = await schemaOf(database);
  const { code, stdout, stderr } = await dbCheck(database);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toBe(
    'table conversation_messages: expected that it is there, found no such table\n' +
      'column sections.version: expected type integer, found type bigint\n',
  );
  expect(await schemaOf(database)).toEqual(before);
});
