/** Tables and columns that turned out to have data, and are treated so in the next plan. */
export interface ReasonToKeep {
  /** Tables, or columns as `table.column`. */
  readonly subjects: readonly string[];
  readonly reason: string;
}

/**
 * A plan does not match the database any more. Thrown after the transaction was rolled back; the caller inspects and
 * plans again.
 */
export class StalePlanError extends Error {
  override readonly name = 'StalePlanError';

  /**
   * @param failure the error to report where planning again does not help
   * @param why another session has changed the schema, or a precondition has failed
   */
  constructor(
    readonly failure: Error,
    readonly why: 'changed' | ReasonToKeep,
  ) {
    super(failure.message, { cause: failure });
  }
}
