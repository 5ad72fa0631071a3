import { Shadows, type Subject, withKeptAside } from '../catalog';
import {
  inRolledBackTransaction,
  keepTemporarySchema,
  relationNamed,
  type Run,
  withLockRetries,
} from '../session';

/**
 * Inspects tables, in a transaction that is rolled back. It locks them in ACCESS SHARE mode, which blocks neither reads
 * nor writes.
 *
 * @param work plans or compares on the shadows of the tables
 * @throws the server's error for a type, a default or an index that PostgreSQL does not accept
 */
export async function withShadows<T>(
  run: Run,
  subject: Subject,
  work: (shadows: Shadows) => Promise<T>,
): Promise<T> {
  const names = withKeptAside([...subject.tables, ...subject.parents], []);
  const relations = names.map((name) => relationNamed(name));
  const lock = { relations, mode: 'ACCESS SHARE', outcome: 'Nothing of this migration was done.' } as const;
  await keepTemporarySchema(run.sequelize);
  return withLockRetries(run, lock, (timeoutMs) =>
    inRolledBackTransaction(run, timeoutMs, async (query, queryPrepared) =>
      work(await Shadows.of(query, queryPrepared, subject)),
    ),
  );
}
