import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { sessionId } from './live-database';
import { SlowestWaits, type Wait } from './waits';

// A small live application, as a process of its own: four connections that read, update and insert, and measure each
// statement. Its parent sends 'start' to reset the measurements, and 'report' to receive them.

/** What the application has measured since 'start'. */
export interface Measurements {
  readonly statements: number;
  readonly longestMs: number;
  readonly failures: readonly string[];
  /** The waits to draw. */
  readonly waits: readonly Wait[];
}

const PAUSE_MS = 2;
const [url = '', rows = '1'] = process.argv.slice(2);

const nothing: Omit<Measurements, 'waits'> = { statements: 0, longestMs: 0, failures: [] };
let measured = nothing;
let waits = new SlowestWaits();
let startedAt = performance.now();

const anyRow = () => String(1 + Math.floor(Math.random() * Math.max(1, Number(rows))));

/** The statements of the previous release, which work before and after each of the migrations. */
const kinds: readonly (() => string)[] = [
  () => `SELECT * FROM user_sessions WHERE session_id = ${sessionId(anyRow())}`,
  () => `UPDATE user_sessions SET last_active = now() WHERE session_id = ${sessionId(anyRow())}`,
  () => `UPDATE sections SET "updatedAt" = now() WHERE id = ${anyRow()}`,
  () =>
    `WITH made AS (INSERT INTO user_sessions (session_id, project_name) VALUES (gen_random_uuid(), 'New') RETURNING session_id)
     INSERT INTO sections (session_id, name, "createdAt", "updatedAt") SELECT session_id, 'goals', now(), now() FROM made`,
  () => `SELECT * FROM sections WHERE session_id = ${sessionId(anyRow())}`,
];

async function work(): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'the application' });
  await client.connect();
  for (let n = 0; ; n += 1) {
    const sql = kinds[n % kinds.length]?.() ?? '';
    const start = performance.now();
    const failure = await client.query(sql).then(
      () => [],
      (error: unknown) => [String(error)],
    );
    const took = performance.now() - start;
    measured = {
      statements: measured.statements + 1,
      longestMs: Math.max(measured.longestMs, took),
      failures: [...measured.failures, ...failure],
    };
    waits.remember({ beganMs: start - startedAt, tookMs: took });
    await sleep(PAUSE_MS);
  }
}

process.on('message', (message) => {
  if (message === 'report') {
    process.send?.({ ...measured, waits: waits.all() });
    return;
  }
  measured = nothing;
  waits = new SlowestWaits();
  startedAt = performance.now();
});
process.on('disconnect', () => process.exit());

for (let connection = 0; connection < 4; connection += 1) void work();
