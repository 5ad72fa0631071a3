import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { succeed } from '../test/support/cli';
import { compareChanges, type Comparison } from './longest-wait';

const PROJECT = path.join(__dirname, 'bulk');

/**
 * `npm run bench -- bulk [MILLIONS [RUNS]]`: the longest wait of a live application, which writes the same rows, during a
 * bulkUpdate of all of them, beside the plain statement.
 */
export async function benchBulk(options: readonly string[]): Promise<void> {
  await compareChanges(options, CHANGES);
}

const UPDATE = "UPDATE user_sessions SET user_id = 'somebody' WHERE user_id LIKE 'user %'";

const CHANGES: Comparison = [
  ['no change', () => sleep(3000)],
  ['bulkUpdate', ({ url }) => succeed('db:migrate', url, { cwd: PROJECT })],
  ['the plain statement', ({ query }) => query(UPDATE)],
];
