import { types } from 'node:util';
import { serverMessageOf, sqlStateOf } from '../postgres';
import { EndedError } from './failures';
import { inVocabulary } from './in-vocabulary';
import { shortened } from './sql-text';
import type { Waiting } from './watch';

/** The migration that a message is about. */
export interface Subject {
  /** The name of its file. */
  readonly name: string;
  readonly direction: 'up' | 'down';
}

/**
 * The error for a migration that has failed: the server's own words, the statement, the file, and what was left.
 *
 * @param outcome what is true of the database now
 */
export function failureOf({ name, direction }: Subject, error: unknown, outcome: string): Error {
  // Of a module that is not found, Node.js lists who has required it, this package included.
  const words = (serverMessageOf(error) || String(error)).replace(/\nRequire stack:[^]*/, '');
  const sql = statementOf(error);
  const where = `${direction} of ${name}${placeIn(name, error)}`;
  const what = sql === undefined ? `In ${where}.` : `In ${where}, statement: ${shortened(sql)}.`;
  const hint = hintFor(sqlStateOf(error), words);
  return new Error([`${words.replace(/\.$/, '')}.`, what, ...hint, outcome].join(' '), {
    // With the code of the server's error, it would be taken for an attempt at a lock.
    cause: types.isNativeError(error) ? error.stack : error,
  });
}

/** The statement that Sequelize attaches to an error. */
function statementOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('sql' in error)) return undefined;
  return typeof error.sql === 'string' ? error.sql : undefined;
}

/** ` (line 12)`, where the stack of an error knows it. */
function placeIn(name: string, error: unknown): string {
  const stack = types.isNativeError(error) ? (error.stack ?? '') : '';
  const [, after = ''] = stack.split(`${name}:`);
  const line = Number.parseInt(after, 10);
  return line ? ` (line ${String(line)})` : '';
}

function hintFor(state: string | undefined, words: string): string[] {
  if (state === '25P03' || words.includes('idle-in-transaction')) {
    return [
      'The server has ended its session, because it sent nothing for a minute: something like execSync has blocked this ' +
        'process, and perhaps waits for a lock of this very migration. Write "module.exports.transaction = false" in it.',
    ];
  }
  if (
    /Cannot read propert.* of undefined \(reading '(\w*[tT]able|\w*Column|\w*Index|sequelize|bulk\w+)'\)/.test(
      words,
    )
  )
    return ['sequelize-cli calls up(queryInterface, Sequelize).'];
  return [];
}

/** Why a migration was ended for which a session of its own process waits. */
export function waitsForItself({ session, lock }: Waiting): EndedError {
  const table = lock ? ` on ${lock.relation.name}` : '';
  return new EndedError(
    `The migration waits for itself: a connection of its own (${session}) waits for a lock${table} that the transaction ` +
      'of this migration holds. Send its statements through queryInterface.sequelize, or write ' +
      '"module.exports.transaction = false" in it, and each statement is a transaction',
  );
}

/**
 * Why a migration was ended for which another session has waited for too long, and what to write in its place.
 *
 * @param sent the statements of the migration
 */
export function keepsOthersWaiting(
  { session, lock, waitedMs }: Waiting,
  sent: readonly string[],
): EndedError {
  const table = lock ? lock.relation.name : 'a row';
  const lines = lock ? inVocabulary(sent, lock.relation.name) : [];
  const code = [
    'module.exports = migration(__filename, {',
    '  up(schema) {',
    ...lines.map((line) => `    ${line}`),
    '  },',
    '});',
  ].join('\n');
  const declared =
    lines.length > 0
      ? `The same, without a wait for others, is declared like this:\n\n${code}\n\nOr split`
      : 'Split';
  return new EndedError(
    `Another session has waited for ${table} for ${String(waitedMs)} ms (${session}), because this migration locks it ` +
      `until it ends, and was not about to. ${declared} the file, so that what takes long is in one of its own, before ` +
      'or after what locks. MIGRATION_LOCK_TIMEOUT is how long others may wait, in milliseconds',
  );
}
