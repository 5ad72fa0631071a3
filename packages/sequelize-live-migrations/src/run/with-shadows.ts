import { Shadows, type Subject, withKeptAside } from '../catalog';
import { serverMessageOf, SQLSTATE, sqlStateOf } from '../postgres';
import {
  type Connection,
  inRolledBackTransaction,
  prepareSession,
  relationNamed,
  type Run,
  withLockRetries,
} from '../session';
import { NOTHING_DONE } from './outcomes';

/**
 * Inspects tables, in a transaction that is rolled back. It locks them in ACCESS SHARE mode, which blocks neither reads
 * nor writes.
 *
 * @param work plans or compares on the shadows of the tables
 * @param before statements to run first, in the same transaction: what others will have done by then
 * @throws the server's error for a type, a default or an index that PostgreSQL does not accept
 */
export async function withShadows<T>(
  run: Run,
  subject: Subject,
  work: (shadows: Shadows) => Promise<T>,
  before: readonly string[] = [],
): Promise<T> {
  const names = withKeptAside([...subject.tables, ...subject.parents], []);
  const relations = names.map((name) => relationNamed(name, subject.schema));
  const lock = { relations, mode: 'ACCESS SHARE', outcome: NOTHING_DONE } as const;
  return withLockRetries(run, lock, (timeoutMs) =>
    inRolledBackTransaction(run, timeoutMs, prepare, async (query) => {
      if (before.length > 0) await query(before.join(';\n'));
      return work(await Shadows.of(query, subject));
    }),
  );
}

const prepare = (connection: Connection) => prepareSession(connection).catch(explainNoShadows);

/** @throws with what the role or the server lacks, where no temporary tables can be created */
function explainNoShadows(error: unknown): never {
  if (!NO_TEMPORARY_TABLES.includes(sqlStateOf(error) ?? '')) throw error;
  throw new Error(
    `${serverMessageOf(error)}. To plan and to compare, PostgreSQL creates temporary copies of the tables, ` +
      'in a transaction that is rolled back. The role needs the privilege for that (GRANT TEMPORARY ON DATABASE … TO …), ' +
      'on a server that accepts writes: not on a standby, and not with default_transaction_read_only. Nothing was done.',
    { cause: error },
  );
}

const NO_TEMPORARY_TABLES: readonly string[] = [SQLSTATE.insufficientPrivilege, SQLSTATE.readOnlyTransaction];
