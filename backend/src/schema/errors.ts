/**
 * A migration met something that it must not guess about. Thrown while planning, so before anything was done;
 * the message says what was found, where, and what to do.
 */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/**
 * What an error says, in one line and without the stack: for one of the server's, what the server said, its
 * detail and its hint, which Sequelize puts behind words of its own ("Validation error").
 */
export function messageOf(error: unknown): string {
  if (!isRecord(error)) return String(error);
  const said = isRecord(error['original']) ? error['original'] : error;
  const hint = said['code'] === INSUFFICIENT_PRIVILEGE ? PRIVILEGES : said['hint'];
  const parts = [said['message'], said['detail'], hint].filter((part) => typeof part === 'string');
  return parts.map((part) => part.trim().replace(/\.$/, '')).join('. ');
}

const INSUFFICIENT_PRIVILEGE = '42501';
const PRIVILEGES =
  'The role that migrates owns the tables, and may create in their schema: GRANT USAGE, CREATE ON SCHEMA … TO …';

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
