import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { sessionId } from './live-database';
import { SlowestWaits, type Wait } from './waits';

// A small live service, as a process of its own: four connections that read, update and insert, each statement
// timed. Its parent sends 'start' to have it forget what it has seen, and 'report' to be told.

/** What the service has noticed since it was told to start. */
export interface Noticed {
  readonly statements: number;
  readonly longestMs: number;
  readonly failures: readonly string[];
  /** What a picture needs of all its statements. */
  readonly waits: readonly Wait[];
}

const PAUSE_MS = 2;
const [url = '', rows = '1'] = process.argv.slice(2);

const nothing: Omit<Noticed, 'waits'> = { statements: 0, longestMs: 0, failures: [] };
let [noticed, waits, startedAt] = [nothing, new SlowestWaits(), performance.now()];

const anyRow = () => String(1 + Math.floor(Math.random() * Math.max(1, Number(rows))));

/** The older service's statements, which work on the schema before and after each of the migrations. */
const kinds: readonly (() => string)[] = [
  () => `SELECT * FROM user_sessions WHERE session_id = ${sessionId(anyRow())}`,
  () => `UPDATE user_sessions SET last_active = now() WHERE session_id = ${sessionId(anyRow())}`,
  () => `UPDATE sections SET "updatedAt" = now() WHERE id = ${anyRow()}`,
  () =>
    `WITH made AS (INSERT INTO user_sessions (session_id, project_name) VALUES (gen_random_uuid(), 'New') RETURNING session_id)
     INSERT INTO sections (session_id, name, "createdAt", "updatedAt") SELECT session_id, 'goals', now(), now() FROM made`,
  () => `SELECT * FROM sections WHERE session_id = ${sessionId(anyRow())}`,
];

async function serve(): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'the service' });
  await client.connect();
  for (let n = 0; ; n += 1) {
    const sql = kinds[n % kinds.length]?.() ?? '';
    const start = performance.now();
    const failure = await client.query(sql).then(
      () => [],
      (error: unknown) => [String(error)],
    );
    const took = performance.now() - start;
    noticed = {
      statements: noticed.statements + 1,
      longestMs: Math.max(noticed.longestMs, took),
      failures: [...noticed.failures, ...failure],
    };
    waits.remember({ beganMs: start - startedAt, tookMs: took });
    await sleep(PAUSE_MS);
  }
}

process.on('message', (message) => {
  if (message === 'report') process.send?.({ ...noticed, waits: waits.all() });
  else [noticed, waits, startedAt] = [nothing, new SlowestWaits(), performance.now()];
});
process.on('disconnect', () => process.exit());

for (let connection = 0; connection < 4; connection += 1) void serve();
