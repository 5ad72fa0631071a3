import type { Umzug } from 'umzug';
import { createInLayout, describeWithCitus, type Layout } from '../support/citus';
import { startSequelizeCli, succeed } from '../support/cli';
import { dropDatabases, type TestDatabase } from '../support/database';
import { FIRST_FIVE_PROJECT, MESSAGES, migrate } from '../support/first-five';
import { recordsOf, schemaOf } from '../support/schema';
import { numberFrom } from '../support/soak';

// A run on Citus that is cut or killed, with statements of it on the workers: the same command again finishes the work.

const CUTS = numberFrom('SOAK_CUTS', 3);

jest.setTimeout(3_600_000); // the soak takes its time
afterEach(() => dropDatabases());

const DUMP = '3-created-by-sequelize-sync';
const IN_PROJECT = { cwd: FIRST_FIVE_PROJECT };

async function stateOf(database: TestDatabase) {
  const rows = await database.query("SELECT to_regclass('conversation_messages') AS oid");
  return {
    schema: await schemaOf(database),
    records: await recordsOf(database),
    messages: rows[0]?.['oid'] ? await database.query('SELECT * FROM conversation_messages ORDER BY id') : [],
  };
}

/** The sessions of a run; those of Citus itself, and the one that asks, go on. */
const CUT = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    AND application_name NOT LIKE 'citus%'`;

/** Runs the work with its connection cut before statement `n`; how many statements it had sent by then. */
async function cutBefore(n: number, database: TestDatabase, work: (umzug: Umzug) => Promise<unknown>) {
  let sent = 0;
  const ended = migrate(database, work, async () => {
    sent += 1;
    if (sent === n) await database.query(CUT);
  });
  const isFailed = await ended.then(
    () => false,
    () => true,
  );
  return { sent, isFailed };
}

const WORK: Record<string, (umzug: Umzug) => Promise<unknown>> = {
  'db:migrate': (umzug) => umzug.up(),
  'db:migrate:undo --to NAME': async (umzug) => {
    const executed = await umzug.executed();
    if (executed.some(({ file }) => file === MESSAGES)) await umzug.down(MESSAGES);
  },
  'db:migrate:undo:all': (umzug) => umzug.down({ to: 0 }),
};

const LAYOUTS: readonly Layout[] = ['reference', 'schema', 'distributed after 0'];
const CASES = LAYOUTS.flatMap((layout) => Object.keys(WORK).map((line) => [layout, line] as const));

async function begin(layout: Layout, line: string): Promise<TestDatabase> {
  const database = await createInLayout(layout, DUMP);
  if (line !== 'db:migrate') await migrate(database, (umzug) => umzug.up());
  return database;
}

describeWithCitus('cut short on Citus', () => {
  it.each(CASES)('%s: %s, cut at any statement, is finished by the same command', async (layout, line) => {
    const work = WORK[line] ?? fail;
    const undisturbed = await begin(layout, line);
    const { sent: statements } = await cutBefore(-1, undisturbed, work);
    const expected = await stateOf(undisturbed);
    let cuts = 0;
    const distance = Math.max(1, Math.floor(statements / CUTS));
    for (let n = distance; n <= statements; n += distance) {
      const database = await begin(layout, line);
      const { isFailed } = await cutBefore(n, database, work);
      cuts += isFailed ? 1 : 0;
      await migrate(database, work);
      expect({ n, ...(await stateOf(database)) }).toEqual({ n, ...expected });
      await dropDatabases(database);
    }
    expect(cuts).toBeGreaterThan(0);
  });

  it.each(LAYOUTS)('%s: db:migrate, killed, is finished by the same command', async (layout) => {
    const undisturbed = await begin(layout, 'db:migrate');
    await migrate(undisturbed, (umzug) => umzug.up());
    const expected = await stateOf(undisturbed);
    for (const lines of [1, 6]) {
      const database = await begin(layout, 'db:migrate');
      const child = startSequelizeCli('db:migrate', database.url, IN_PROJECT);
      let said = 0;
      child.stdout.on('data', (chunk) => {
        said += String(chunk).split('\n').length - 1;
        if (said >= lines) child.kill('SIGKILL');
      });
      await new Promise((resolve) => child.once('close', resolve));
      await succeed('db:migrate', database.url, IN_PROJECT);
      expect({ lines, ...(await stateOf(database)) }).toEqual({ lines, ...expected });
    }
  });
});

function fail(): Promise<never> {
  return Promise.reject(new Error('There is no such work.'));
}
