import path from 'node:path';
import { ROOT } from '../support/build';
import { run } from '../support/cli';
import { createMigratedDatabase, dropDatabases, type TestDatabase } from '../support/database';
import { migrate } from '../support/migrator';
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

it('says which migrations have not run, because that is most often why it differs', async () => {
  const database = await createMigratedDatabase();
  await migrate(database, (umzug) => umzug.down('20250724-align-conversation-messages.js'));
  expect(await dbCheck(database)).toMatchObject({ code: 0, stderr: '' }); // its undo changes nothing
  await database.query('ALTER TABLE conversation_messages ALTER content DROP NOT NULL');
  const { code, stderr } = await dbCheck(database);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^On database live_migrations_run_\w+ these migrations have not run: 20250724-align-conversation-messages\.js\. Type npx sequelize-cli db:migrate, and check again\.\n$/,
  );
});
