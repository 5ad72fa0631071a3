/** The configuration is missing, incomplete or unusable. The message is one line, without a secret. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
