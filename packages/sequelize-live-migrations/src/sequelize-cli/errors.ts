/** A command that must not be run as it stands. The message says what was probably meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
