/** The codes of the server's errors that somebody here decides by (PostgreSQL manual, Appendix A). */
export const SQLSTATE = {
  lockNotAvailable: '55P03',
  deadlockDetected: '40P01',
  queryCanceled: '57014',
  readOnlyTransaction: '25006',
  insufficientPrivilege: '42501',
  dependentObjectsStillExist: '2BP01',
  duplicateTable: '42P07',
  duplicateColumn: '42701',
  duplicateObject: '42710',
} as const;

/** The code of the server's error that is behind this one, if one is. */
export function sqlStateOf(error: unknown): string | undefined {
  if (!isRecord(error)) return undefined;
  const { code } = error;
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code;
  return sqlStateOf(error['original']) ?? sqlStateOf(error['cause']);
}

/**
 * What an error says, in one line and without the stack: for one of the server's, what the server said, its
 * detail and its hint, which Sequelize puts behind words of its own ("Validation error").
 */
export function serverMessageOf(error: unknown): string {
  if (!isRecord(error)) return String(error);
  const said = isRecord(error['original']) ? error['original'] : error;
  const hint = said['code'] === SQLSTATE.insufficientPrivilege ? PRIVILEGES : said['hint'];
  const parts = [said['message'], said['detail'], hint].filter((part) => typeof part === 'string');
  return parts.map((part) => part.trim().replace(/\.$/, '')).join('. ');
}

const PRIVILEGES =
  'The role that migrates owns the tables, and may create in their schema: GRANT USAGE, CREATE ON SCHEMA … TO …';

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
