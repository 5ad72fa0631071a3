import type { Umzug } from 'umzug';
import { createDatabase, createDatabaseLike, dropDatabases, type TestDatabase } from '../support/database';
import { createFirstFiveDatabase, migrate } from '../support/first-five';
import { recordsOf, schemaOf } from '../support/schema';
import { numberFrom } from '../support/soak';

// The connection is cut before a statement, at one boundary after the other: the same command again finishes
// the work. Every so manyth in `npm run test:all`, every one in `npm run test:soak`.

const CUTS = numberFrom('SOAK_CUTS', 3);

jest.setTimeout(3_600_000); // the soak takes its time

afterAll(() => dropDatabases());

async function stateOf(database: TestDatabase) {
  const rows = await database.query("SELECT to_regclass('conversation_messages') AS oid");
  const select = 'SELECT * FROM conversation_messages ORDER BY id';
  return {
    schema: await schemaOf(database),
    records: await recordsOf(database),
    messages: rows[0]?.['oid'] ? await database.query(select) : [],
  };
}

const CUT = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`;

/** Runs the work with its connection cut before statement `n`; how many statements it had sent by then. */
async function cutBefore(n: number, database: TestDatabase, work: (umzug: Umzug) => Promise<unknown>) {
  let sent = 0;
  const ended = migrate(database, work, async () => {
    sent += 1;
    if (sent === n) await database.query(CUT);
  });
  const failed = await ended.then(
    () => false,
    () => true,
  );
  return { sent, failed };
}

const NAME = '20250723-create-conversation-messages.js';

const commands: Record<
  string,
  { work: (umzug: Umzug) => Promise<unknown>; start: () => Promise<TestDatabase> }
> = {
  'db:migrate': {
    work: (umzug) => umzug.up(),
    start: () => createDatabaseLike('3-created-by-sequelize-sync'),
  },
  'db:migrate:undo --to NAME': {
    // As sequelize-cli does it: a second run finds that it was done, where it was.
    work: async (umzug) => {
      const executed = await umzug.executed();
      if (executed.some(({ file }) => file === NAME)) await umzug.down(NAME);
    },
    start: () => createFirstFiveDatabase(),
  },
  'db:migrate:undo:all': {
    work: (umzug) => umzug.down({ to: 0 }),
    start: () => createFirstFiveDatabase(),
  },
};

it.each(Object.entries(commands))(
  '%s, cut at any statement, is finished by the same command',
  async (_, { work, start }) => {
    const original = await start();
    const undisturbed = await createDatabase(original);
    const { sent: statements } = await cutBefore(-1, undisturbed, work);
    const expected = await stateOf(undisturbed);
    let cuts = 0;
    const distance = Math.max(1, Math.floor(statements / CUTS));
    for (let n = distance; n <= statements; n += distance) {
      const database = await createDatabase(original);
      const { failed } = await cutBefore(n, database, work);
      cuts += failed ? 1 : 0;
      await migrate(database, work);
      expect({ n, ...(await stateOf(database)) }).toEqual({ n, ...expected });
      await dropDatabases(database);
    }
    expect(cuts).toBeGreaterThan(0);
  },
);
