export { messageOf } from '../postgres';

/** The configuration is missing, incomplete or unusable. The message is one line, without a password. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
