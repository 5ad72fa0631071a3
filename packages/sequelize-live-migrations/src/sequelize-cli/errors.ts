/** A command that must not run as it was typed. The message says what was probably meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
