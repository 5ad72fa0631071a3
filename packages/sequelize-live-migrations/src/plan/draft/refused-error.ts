import type { Place } from '../../place';

/**
 * The database conflicts with a migration. Thrown while planning, so before anything was done; the message says what
 * was found, where, and what to do.
 */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  /** The one that is refused, where several are planned and nothing has named it before. */
  migration?: string;
}

/** The error for a table that a change is about, and that does not exist. */
export function missingTable(name: string, { database, schema, elsewhere }: Place): RefusedError {
  const others = elsewhere.length > 0 ? ` (there is ${elsewhere.join(', ')})` : '';
  return new RefusedError(
    `Table ${name} does not exist in schema ${schema} of database ${database}${others}, ` +
      'though an earlier migration should have created it. Nothing of this migration was done. ' +
      'See with "npx sequelize-cli db:migrate:status" whether the earlier migrations have run on this database.',
  );
}
