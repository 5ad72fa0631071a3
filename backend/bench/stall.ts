import { fork, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { ROOT } from '../test/support/build';
import { createDatabase, dropDatabases, type TestDatabase } from '../test/support/database';
import { eventually } from '../test/support/eventually';
import { startTestServer, stopTestServer } from '../test/support/server';
import { drawLatency, type Panel, type Run } from './latency-chart';
import { createLiveDatabase } from './live-database';
import { median } from './measure';
import type { Measurements } from './service';

const CLI = path.join(ROOT, 'node_modules/sequelize-cli/lib/sequelize');
const PLAIN = path.join(__dirname, 'plain');
const HELD_MS = 6000;

/** Something that changes the schema while the application works. */
export type Change = (database: TestDatabase) => Promise<unknown>;

/** Starts something that blocks a change, and returns how to end it. */
type Blocker = (database: TestDatabase) => Promise<() => Promise<unknown>>;

/** The picture that `npm run bench -- stall` draws. */
const PICTURE = path.join(ROOT, 'backend/docs/stall.svg');

/** Measures the waits of an application during a change, in several runs. */
type Measure = (what: string, change: Change, blocker?: Blocker) => Promise<Measured>;

/**
 * `npm run bench -- stall [MILLIONS [RUNS]]`: the longest wait of a live application during the five migrations, beside
 * plain sequelize-cli with the same changes, and beside the naive way; then the same with a blocking session. Also draws
 * these migrations beside plain sequelize-cli over time.
 */
export async function benchStall([millions = '1', runs = '3']: readonly string[]): Promise<void> {
  const rows = Math.round(Number(millions) * 1_000_000);
  await startTestServer(ROOT);
  try {
    const original = await createLiveDatabase(rows);
    const measure: Measure = async (what, change, blocker) => {
      const results: Result[] = [];
      for (let run = 0; run < Number(runs); run += 1) {
        const database = await createDatabase(original);
        results.push(await measureStall(database, rows, change, blocker));
        await dropDatabases(database);
      }
      return { row: row(what, results), typical: typical(results) };
    };
    console.log(
      `the longest wait of the application, with ${millions} million rows in each table; medians of ${runs} runs`,
    );
    const panels = [await compareUnblocked(measure), await compareBlocked(measure)];
    const which =
      runs === '1' ? 'one run each' : `of ${runs} runs each, the one with the median longest wait`;
    fs.writeFileSync(
      PICTURE,
      drawLatency(caption(`${millions} million rows in each table; ${which}`), panels),
    );
    console.log(`drawn in ${path.relative(ROOT, PICTURE)}`);
  } finally {
    await dropDatabases();
    await stopTestServer();
  }
}

async function compareUnblocked(measure: Measure): Promise<Panel> {
  const noChange = await measure('no change', () => sleep(3000));
  const ours = await measure('these migrations', migrations);
  const plain = await measure('plain sequelize-cli', plainMigrations);
  print([noChange, ours, plain, await measure('the naive way', naiveStatements)]);
  return { title: 'No blocking session', shadedMs: 0, ours: ours.typical, plain: plain.typical };
}

async function compareBlocked(measure: Measure): Promise<Panel> {
  const seconds = String(HELD_MS / 1000);
  console.log(`the same, while for ${seconds} s another session is blocking`);
  const ours = await measure('a lock: these migrations', migrations, openLocks);
  const plain = await measure('a lock: plain sequelize-cli', plainMigrations, openLocks);
  print([
    ours,
    plain,
    await measure('an old transaction: these migrations', migrations, oldTransaction),
    await measure('an autovacuum: these migrations', migrations, autovacuum),
    await measure('an autovacuum: plain sequelize-cli', plainMigrations, autovacuum),
  ]);
  const title = `Another session holds a lock for ${seconds} s (shaded)`;
  return { title, shadedMs: HELD_MS, ours: ours.typical, plain: plain.typical };
}

const caption = (runs: string) => ({
  title: 'What a live application notices while the five migrations run',
  subtitle: `The longest wait of a database statement under way at each moment. A dot marks where the migrations end.\n${runs}.`,
});

interface Result extends Run {
  readonly seconds: number;
  readonly statements: number;
}

interface Measured {
  readonly row: ReturnType<typeof row>;
  readonly typical: Run;
}

export function print(measured: readonly Pick<Measured, 'row'>[]): void {
  console.table(measured.map((each) => each.row));
}

/** The run with the median longest wait; of an even number, the lower of the two in the middle. */
function typical(results: readonly Result[]): Run {
  const sorted = [...results].sort((a, b) => a.longestMs - b.longestMs);
  const run = sorted[Math.floor((sorted.length - 1) / 2)];
  if (!run) throw new Error('There is nothing to show without a run.');
  return run;
}

/** The figures of several runs, to print. */
export function row(what: string, results: readonly Result[]) {
  const middle = (of: (result: Result) => number) => median(results.map(of));
  return {
    what,
    'longest wait ms': Math.round(middle(({ longestMs }) => longestMs)),
    'at worst': Math.round(Math.max(...results.map(({ longestMs }) => longestMs))),
    'took s': middle(({ seconds }) => seconds).toFixed(1),
    'statements a second': Math.round(middle(({ statements, seconds }) => statements / seconds)),
  };
}

/** The waits of an application during a change. */
export async function measureStall(
  database: TestDatabase,
  rows: number,
  change: Change,
  blocker?: Blocker,
): Promise<Result> {
  const application = fork(path.join(__dirname, 'service.ts'), [database.url, String(rows)], {
    execArgv: ['--require', 'ts-node/register/transpile-only'],
  });
  try {
    await sleep(1500); // until it works
    const end = await blocker?.(database);
    application.send('start');
    const start = performance.now();
    const ended = end && sleep(HELD_MS).then(end);
    await change(database);
    const endedMs = performance.now() - start;
    await ended;
    const seconds = (performance.now() - start) / 1000;
    const { failures, ...measurements } = await new Promise<Measurements>((resolve) => {
      application.once('message', (message: Measurements) => resolve(message));
      application.send('report');
    });
    if (failures.length > 0) throw new Error(`The application failed: ${String(failures[0])}`);
    return { ...measurements, seconds, endedMs };
  } finally {
    application.disconnect();
  }
}

const migrations: Change = ({ url }) => migrate(ROOT, url);

/** The same changes in hand-written migrations: each statement by itself, as Sequelize writes it. */
const plainMigrations: Change = async ({ url, query }) => {
  await query(`CREATE TABLE "SequelizeMeta" (name varchar(255) PRIMARY KEY);
    INSERT INTO "SequelizeMeta" VALUES ('1-baseline.js')`);
  await migrate(PLAIN, url);
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

export async function runAll(query: TestDatabase['query'], statements: readonly string[]): Promise<void> {
  for (const statement of statements) await query(statement);
}

export function migrate(cwd: string, url: string): Promise<void> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [CLI, 'db:migrate'], { cwd, env: { PATH, HOME, DATABASE_URL: url } });
  let output = '';
  const collect = (chunk: unknown) => {
    output += String(chunk);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((resolve, reject) => {
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(output))));
  });
}

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
