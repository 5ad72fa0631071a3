import path from 'node:path';
import { ROOT } from '../support/build';
import { run } from '../support/cli';
import {
  createMigratedDatabase,
  createRole,
  dropDatabases,
  type TestDatabase,
  urlFor,
} from '../support/database';
import { migrate } from '../support/migrator';
import { SCHEMA } from '../support/schema';

afterAll(() => dropDatabases());

/** `npm run db:check`, without npm. */
const dbCheck = ({ url }: Pick<TestDatabase, 'url'>) =>
  run(process.execPath, [path.join(ROOT, 'packages/sequelize-live-migrations/bin.js'), 'check'], {
    env: { DATABASE_URL: url },
  });

it('needs a role that may make temporary tables, and no right to change or to read the others', async () => {
  const database = await createMigratedDatabase();
  const onlooker = await createRole('onlooker');
  const name = new URL(database.url).pathname.slice(1);
  await database.query(`GRANT USAGE ON SCHEMA ${SCHEMA} TO ${onlooker.name}`);
  const url = urlFor(onlooker, database.url);
  expect(await dbCheck({ url })).toMatchObject({ code: 0, stderr: '' });
  await database.query(`REVOKE TEMPORARY ON DATABASE ${name} FROM PUBLIC`);
  const { code, stderr } = await dbCheck({ url });
  expect(code).toBe(1);
  expect(stderr).toContain('GRANT TEMPORARY ON DATABASE');
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
