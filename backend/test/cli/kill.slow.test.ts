import fc from 'fast-check';
import { startSequelizeCli, succeed } from '../support/cli';
import { createDatabase, createDatabaseLike, dropDatabases } from '../support/database';
import { eventually } from '../support/eventually';
import { BASELINE, FIRST_FIVE, migrate, STATUS } from '../support/first-five';
import { DUMP, IN_PROJECT, stateOf, undisturbedState } from '../support/killed-runs';
import { recordsOf } from '../support/schema';
import { closeSessions, openSession, untilSomebodyWaits, waitingSessions } from '../support/session';
import { numberFrom } from '../support/soak';

let undisturbed: Awaited<ReturnType<typeof stateOf>>;

beforeAll(async () => {
  undisturbed = await undisturbedState();
});

afterEach(() => closeSessions());
afterAll(() => dropDatabases());

/** The first moment at which a run has begun to change something, and the last: between them kills are tried. */
const MOMENTS = fc.record({
  signal: fc.constantFrom<NodeJS.Signals>('SIGKILL', 'SIGTERM'),
  afterMs: fc.integer({ min: 300, max: 1500 }),
});

it('db:migrate, killed at any moment, is finished by the same command: same schema, same rows', async () => {
  const moments = fc.sample(MOMENTS, {
    numRuns: numberFrom('SOAK_KILLS', 1),
    seed: numberFrom('SOAK_SEED', 1),
  });
  for (const { signal, afterMs } of moments) {
    const database = await createDatabaseLike(DUMP);
    const child = startSequelizeCli('db:migrate', database.url, IN_PROJECT);
    setTimeout(() => child.kill(signal), afterMs);
    await new Promise((resolve) => child.once('close', resolve));
    await succeed('db:migrate', database.url, IN_PROJECT);
    expect({ signal, afterMs, ...(await stateOf(database)) }).toEqual({ signal, afterMs, ...undisturbed });
    await dropDatabases(database);
  }
}, 3_600_000);

it.each(['db:migrate', 'db:migrate:undo --to 20250723-add-status-to-user-sessions'])(
  'no statement of a killed %s is at work a second later, and the same command goes on from there',
  async (line) => {
    const database = await createDatabase();
    const isUndo = line.includes('undo');
    await migrate(database, (umzug) => umzug.up({ to: isUndo ? STATUS : BASELINE }));
    const reader = await openSession(database);
    await reader.query('BEGIN; LOCK TABLE "SequelizeMeta" IN SHARE MODE'); // who writes to it waits for this one to end

    const child = startSequelizeCli(line, database.url, IN_PROJECT);
    await untilSomebodyWaits(database);
    child.kill('SIGKILL');
    // The second is the promise. However slow this process is, the server has it to notice that its client is gone.
    const isGone = async () => (await waitingSessions(database)).length === 0;
    await eventually('no statement of the killed run is at work', isGone, { timeoutMs: 1000 });

    await reader.query('COMMIT');
    await succeed(line, database.url, IN_PROJECT);
    expect(await recordsOf(database)).toHaveLength(isUndo ? 1 : FIRST_FIVE.length);
  },
);
