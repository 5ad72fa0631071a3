import { createDatabaseLike, dropDatabases, type TestDatabase } from '../support/database';
import { migrate } from '../support/first-five';
import { schemaOf } from '../support/schema';

afterAll(() => dropDatabases());

const all = (database: TestDatabase) => migrate(database, (umzug) => umzug.up());

it('a view in place of a table is refused, and left', async () => {
  const database = await createDatabaseLike('1-before-the-migrations');
  await database.query('CREATE VIEW conversation_messages AS SELECT session_id FROM user_sessions');
  await expect(all(database)).rejects.toThrow(
    'conversation_messages is a view, and this migration needs a table of that name. Nothing of this migration was done.',
  );
  expect(await schemaOf(database)).toContain('conversation_messages session_id uuid');
});
