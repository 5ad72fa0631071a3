import { succeed } from '../test/support/cli';
import { createDatabase, dropDatabases, type TestDatabase } from '../test/support/database';
import { createLiveDatabase } from './live-database';
import { median } from './measure';

const REPETITIONS = 3;

/**
 * `npm run bench -- growth [MILLIONS…]`: how long each migration and its undo take, on tables with so many million rows
 * and up to a million messages; in seconds, as sequelize-cli prints them.
 */
export async function benchGrowth(sizes: readonly string[]): Promise<void> {
  const chosen = sizes.length > 0 ? sizes : ['0', '0.1', '1'];
  const columns: Record<string, Record<string, string>> = {};
  for (const millions of chosen) {
    const original = await createLiveDatabase(Math.round(Number(millions) * 1_000_000));
    for (const [action, seconds] of await timesOn(original)) {
      columns[action] = { ...columns[action], [`${millions} million`]: seconds.toFixed(3) };
    }
    await dropDatabases(original);
  }
  console.log(`seconds for each migration, medians of ${String(REPETITIONS)} runs, by rows in each table`);
  console.table(columns);
}

async function timesOn(original: TestDatabase): Promise<Map<string, number>> {
  const times = new Map<string, number[]>();
  const measure = async (line: string, url: string, prefix = '') => {
    const { stdout } = await succeed(line, url);
    for (const [, name = '', did = '', seconds = ''] of stdout.matchAll(/== (\S+): (\w+ed) \(([\d.]+)s\)/g)) {
      const action = `${name} ${prefix}${did}`;
      times.set(action, [...(times.get(action) ?? []), Number(seconds)]);
    }
  };
  for (let run = 0; run < REPETITIONS; run += 1) {
    const database = await createDatabase(original);
    await measure('db:migrate', database.url);
    await database.query(
      `INSERT INTO conversation_messages (session_id, role, content) SELECT session_id, 'user', 'Hello' FROM user_sessions LIMIT 1000000`,
    );
    await measure('db:migrate:undo:all', database.url);
    await measure('db:migrate', database.url, 'again ');
    await dropDatabases(database);
  }
  return new Map([...times].map(([action, samples]) => [action, median(samples)]));
}
