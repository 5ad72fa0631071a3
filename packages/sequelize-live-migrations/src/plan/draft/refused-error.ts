/**
 * The database conflicts with a migration. Thrown while planning, so before anything was done; the message says what
 * was found, where, and what to do.
 */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
