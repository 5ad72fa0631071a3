import { fork } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, dropDatabases, type TestDatabase } from '../test/support/database';
import type { Run } from './latency-chart';
import { createLiveDatabase } from './live-database';
import { median } from './measure';
import type { Measurements } from './service';

// The longest wait of a live application while something changes the schema.

/** Something that changes the schema while the application works. */
export type Change = (database: TestDatabase) => Promise<unknown>;

/** Starts something that blocks a change, and returns how to end it. */
export type Blocker = (database: TestDatabase) => Promise<() => Promise<unknown>>;

/** How long a blocker blocks. */
export const HELD_MS = 6000;

/** What was measured in one run. */
export interface Result extends Run {
  readonly seconds: number;
  readonly statements: number;
}

/** Measures the waits of an application during a change, in several runs. */
export type Measure = (change: Change, blocker?: Blocker) => Promise<Result[]>;

/**
 * Measures on copies of a database with so many million rows in each table.
 *
 * @param more SQL for what that is to have as well
 */
export async function measureOn(millions: string, runs: string, more = 'SELECT'): Promise<Measure> {
  const rows = Math.round(Number(millions) * 1_000_000);
  const original = await createLiveDatabase(rows);
  await original.query(more);
  return async (change, blocker) => {
    const results: Result[] = [];
    for (let run = 0; run < Number(runs); run += 1) {
      const database = await createDatabase(original);
      results.push(await measureOnce(database, rows, change, blocker));
      await dropDatabases(database);
    }
    return results;
  };
}

/** Changes, each under the name of its row. */
export type Comparison = readonly (readonly [string, Change])[];

/**
 * Prints the longest wait of a live application during each of some changes, in `[MILLIONS [RUNS]]`.
 *
 * @param more SQL for what the database is to have as well
 */
export async function compareChanges(
  [millions = '1', runs = '3']: readonly string[],
  changes: Comparison,
  more?: string,
): Promise<void> {
  const measure = await measureOn(millions, runs, more);
  console.log(
    `the longest wait of the application, with ${millions} million rows in each table; medians of ${runs} runs`,
  );
  for (const [what, change] of changes) console.table([row(what, await measure(change))]);
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
async function measureOnce(
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

export async function runAll(query: TestDatabase['query'], statements: readonly string[]): Promise<void> {
  for (const statement of statements) await query(statement);
}
