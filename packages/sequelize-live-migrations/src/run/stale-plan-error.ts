/** Something that turned out to hold more than was thought, and from now on counts as holding it. */
export interface ReasonToKeep {
  /** Tables, or columns as `table.column`. */
  readonly subjects: readonly string[];
  readonly reason: string;
}

/**
 * A plan does not fit, because the database is not what it was made from. Thrown with its transaction rolled
 * back; the answer is to look again, and plan anew.
 */
export class StalePlanError extends Error {
  override readonly name = 'StalePlanError';

  /**
   * @param failure what to say where looking again does not help
   * @param why somebody has changed the schema since, or something was in doubt
   */
  constructor(
    readonly failure: Error,
    readonly why: 'changed' | ReasonToKeep,
  ) {
    super(failure.message, { cause: failure });
  }
}
