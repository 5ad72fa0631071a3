import fc from 'fast-check';
import { createDatabase, createDatabaseLike, dropDatabases, type TestDatabase } from '../support/database';
import { createFirstFiveDatabase, migrate } from '../support/first-five';
import { recordsOf, schemaOf } from '../support/schema';
import { numberFrom } from '../support/soak';
import { wildDatabase } from '../support/wild-database';

afterAll(() => dropDatabases());

const RUNS = numberFrom('SOAK_DATABASES', 6);
/** With this one, four of six databases differ harmlessly, and two do not. */
const SEED = 17;

/** What is not ours: the service's other tables, and what the generator has put beside. */
const OTHERS = /questions|responses|prd_documents|extra_/;

const all = (database: TestDatabase) => migrate(database, (umzug) => umzug.up());

/** What the service must find again, whatever a migration has done to the columns that it adds. */
async function rowsOf(database: TestDatabase) {
  const messages = await database.query("SELECT to_regclass('conversation_messages') AS oid");
  return {
    sessions: await database.query(
      'SELECT session_id, user_id, created_at, last_active, current_section, project_name FROM user_sessions ORDER BY 1',
    ),
    sections: await database.query('SELECT id, session_id, name, section_content FROM sections ORDER BY 1'),
    messages: messages[0]?.['oid']
      ? await database.query(
          'SELECT to_jsonb(m) - $$metadata$$ - $$created_at$$ AS row FROM conversation_messages m ORDER BY 1',
        )
      : [],
  };
}

it('any database that differs harmlessly ends in the one schema with its rows; any other is refused, and left', async () => {
  const target = await schemaOf(await createFirstFiveDatabase());

  await fc.assert(
    fc.asyncProperty(wildDatabase, async ({ sql, harm, ahead: [declared, ahead] = ['', ''] }) => {
      const database = await createDatabase();
      await database.query(sql);
      const rows = await rowsOf(database);
      if (harm === undefined) {
        await all(database);
        const found = (await schemaOf(database)).filter((line) => !OTHERS.test(line));
        expect(found).toEqual(target.map((line) => line.replace(declared, ahead)).sort());
      } else {
        await expect(all(database)).rejects.toThrow('Nothing of this migration was done');
        const refused = [await schemaOf(database), await recordsOf(database)];
        await expect(all(database)).rejects.toThrow('Nothing of this migration was done');
        expect([await schemaOf(database), await recordsOf(database)]).toEqual(refused);
      }
      expect(await rowsOf(database)).toEqual(rows);
      await dropDatabases(database);
    }),
    { numRuns: RUNS, seed: numberFrom('SOAK_SEED', SEED), endOnFailure: RUNS > 100 },
  );
}, 3_600_000);

it('a view in place of a table is refused, and left', async () => {
  const database = await createDatabaseLike('1-before-the-migrations');
  await database.query('CREATE VIEW conversation_messages AS SELECT session_id FROM user_sessions');
  await expect(all(database)).rejects.toThrow(
    'conversation_messages is a view, and this migration needs a table of that name. Nothing of this migration was done.',
  );
  expect(await schemaOf(database)).toContain('conversation_messages session_id uuid');
});
