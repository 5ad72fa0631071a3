/**
 * Another session has changed the tables since a plan was made. Thrown after the transaction was rolled back; the caller
 * plans again.
 */
export class TablesChangedError extends Error {
  override readonly name = 'TablesChangedError';

  /** @param failure the error to report where planning again does not help */
  constructor(readonly failure: Error) {
    super(failure.message, { cause: failure });
  }
}
