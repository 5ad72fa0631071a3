import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../test/support/build';
import { createDatabase, dropDatabases } from '../test/support/database';
import { startTestServer, stopTestServer } from '../test/support/server';
import { createLiveDatabase } from './live-database';
import { type Change, measureStall, migrate, row } from './stall';

const PROJECT = path.join(__dirname, 'bulk');

/**
 * `npm run bench -- bulk [MILLIONS [RUNS]]`: the longest wait of a live application, which writes the same rows, during a
 * bulkUpdate of all of them, beside the plain statement.
 */
export async function benchBulk([millions = '1', runs = '3']: readonly string[]): Promise<void> {
  const rows = Math.round(Number(millions) * 1_000_000);
  await startTestServer(ROOT);
  try {
    const original = await createLiveDatabase(rows);
    const table: object[] = [];
    for (const [what, change] of CHANGES) {
      const results: Awaited<ReturnType<typeof measureStall>>[] = [];
      for (let run = 0; run < Number(runs); run += 1) {
        const database = await createDatabase(original);
        results.push(await measureStall(database, rows, change));
        await dropDatabases(database);
      }
      table.push(row(what, results));
    }
    console.log(
      `the longest wait of the application while ${millions} million rows are updated; medians of ${runs} runs`,
    );
    console.table(table);
  } finally {
    await dropDatabases();
    await stopTestServer();
  }
}

const UPDATE = "UPDATE user_sessions SET user_id = 'somebody' WHERE user_id LIKE 'user %'";

const CHANGES: readonly (readonly [string, Change])[] = [
  ['no change', () => sleep(3000)],
  ['bulkUpdate', ({ url }) => migrate(PROJECT, url)],
  ['the plain statement', ({ query }) => query(UPDATE)],
];
