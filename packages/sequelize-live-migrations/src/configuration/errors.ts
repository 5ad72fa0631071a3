import { types } from 'node:util';

/** The configuration is missing, incomplete or unusable. The message is one line, without a secret. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** What an error says, without the stack. */
export function messageOf(error: unknown): string {
  return types.isNativeError(error) ? error.message : String(error);
}
