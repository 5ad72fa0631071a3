import { types } from 'node:util';

/** The configuration is missing, incomplete or unusable. The message is one line, without a password. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** An error's message, without the stack. */
export function messageOf(error: unknown): string {
  return types.isNativeError(error) ? error.message : String(error);
}
