import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { ROOT } from '../test/support/build';
import { succeed } from '../test/support/cli';
import type { TestDatabase } from '../test/support/database';
import { eventually } from '../test/support/eventually';
import { drawLatency, type Panel, type Run } from './latency-chart';
import {
  type Blocker,
  type Change,
  HELD_MS,
  type Measure,
  measureOn,
  type Result,
  row,
  runAll,
} from './longest-wait';

const PLAIN = path.join(__dirname, 'plain');

/** The picture that `npm run bench -- stall` draws. */
const PICTURE = path.join(ROOT, 'backend/docs/stall.svg');

/**
 * `npm run bench -- stall [MILLIONS [RUNS]]`: the longest wait of a live application during the five migrations, beside
 * plain sequelize-cli with the same changes, and beside the naive way; then the same with a blocking session. Also draws
 * these migrations beside plain sequelize-cli over time.
 */
export async function benchStall([millions = '1', runs = '3']: readonly string[]): Promise<void> {
  const measure = await measureOn(millions, runs);
  console.log(
    `the longest wait of the application, with ${millions} million rows in each table; medians of ${runs} runs`,
  );
  const panels = [await compareUnblocked(measure), await compareBlocked(measure)];
  const which = runs === '1' ? 'one run each' : `of ${runs} runs each, the one with the median longest wait`;
  fs.writeFileSync(PICTURE, drawLatency(caption(`${millions} million rows in each table; ${which}`), panels));
  console.log(`drawn in ${path.relative(ROOT, PICTURE)}`);
}

async function compareUnblocked(measure: Measure): Promise<Panel> {
  const noChange = await measure(() => sleep(3000));
  const ours = await measure(migrations);
  const plain = await measure(plainMigrations);
  console.table([
    row('no change', noChange),
    row('these migrations', ours),
    row('plain sequelize-cli', plain),
    row('the naive way', await measure(naiveStatements)),
  ]);
  return { title: 'No blocking session', shadedMs: 0, ours: typical(ours), plain: typical(plain) };
}

async function compareBlocked(measure: Measure): Promise<Panel> {
  const seconds = String(HELD_MS / 1000);
  console.log(`the same, while for ${seconds} s another session is blocking`);
  const ours = await measure(migrations, openLocks);
  const plain = await measure(plainMigrations, openLocks);
  console.table([
    row('a lock: these migrations', ours),
    row('a lock: plain sequelize-cli', plain),
    row('an old transaction: these migrations', await measure(migrations, oldTransaction)),
    row('an autovacuum: these migrations', await measure(migrations, autovacuum)),
    row('an autovacuum: plain sequelize-cli', await measure(plainMigrations, autovacuum)),
  ]);
  const title = `Another session holds a lock for ${seconds} s (shaded)`;
  return { title, shadedMs: HELD_MS, ours: typical(ours), plain: typical(plain) };
}

const caption = (runs: string) => ({
  title: 'What a live application notices while the five migrations run',
  subtitle: `The longest wait of a database statement under way at each moment. A dot marks where the migrations end.\n${runs}.`,
});

/** The run with the median longest wait; of an even number, the lower of the two in the middle. */
function typical(results: readonly Result[]): Run {
  const sorted = [...results].sort((a, b) => a.longestMs - b.longestMs);
  const run = sorted[Math.floor((sorted.length - 1) / 2)];
  if (!run) throw new Error('There is nothing to show without a run.');
  return run;
}

const migrations: Change = ({ url }) => succeed('db:migrate', url);

/** The same changes in hand-written migrations: each statement by itself, as Sequelize writes it. */
const plainMigrations: Change = async ({ url, query }) => {
  await query(`CREATE TABLE "SequelizeMeta" (name varchar(255) PRIMARY KEY);
    INSERT INTO "SequelizeMeta" VALUES ('1-baseline.js')`);
  await succeed('db:migrate', url, { cwd: PLAIN });
};

const naiveStatements: Change = ({ query }) =>
  runAll(query, [
    "CREATE TYPE enum_user_sessions_status AS ENUM ('active', 'completed', 'archived')",
    'ALTER TABLE user_sessions ADD COLUMN status enum_user_sessions_status',
    "ALTER TABLE user_sessions ALTER status SET DEFAULT 'active'",
    "UPDATE user_sessions SET status = 'active' WHERE status IS NULL",
    'ALTER TABLE user_sessions ALTER status SET NOT NULL',
    'CREATE INDEX user_sessions_status ON user_sessions (status)',
    'ALTER TABLE sections ADD COLUMN version integer',
    'ALTER TABLE sections ALTER version SET DEFAULT 1',
    'UPDATE sections SET version = 1 WHERE version IS NULL',
    'ALTER TABLE sections ALTER version SET NOT NULL',
  ]);

/** A transaction that has read both tables and stays open: it holds ACCESS SHARE locks. */
const openLocks: Blocker = (database) =>
  openTransaction(database, 'BEGIN; SELECT FROM user_sessions LIMIT 1; SELECT FROM sections LIMIT 1');

/** A transaction that has not read the tables, but has an old snapshot, for which a concurrent build waits. */
const oldTransaction: Blocker = (database) =>
  openTransaction(database, 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');

async function openTransaction({ url }: TestDatabase, sql: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  return () => client.end();
}

/** A real autovacuum of user_sessions, slowed down so that it would take minutes. */
const autovacuum: Blocker = async ({ query }) => {
  await query("ALTER SYSTEM SET autovacuum_naptime = '1s'");
  await query('SELECT pg_reload_conf()');
  await query(`ALTER TABLE user_sessions SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10,
    autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)`);
  const running = "SELECT FROM pg_stat_progress_vacuum WHERE relid = 'user_sessions'::regclass";
  await eventually('autovacuum works on user_sessions', async () => (await query(running)).length > 0);
  return () => query('ALTER SYSTEM RESET autovacuum_naptime');
};
