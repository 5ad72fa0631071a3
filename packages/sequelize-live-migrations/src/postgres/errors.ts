import { quoteIdentifier } from './identifiers';

/** The error codes of the server that this package makes decisions by (PostgreSQL manual, Appendix A). */
export const SQLSTATE = {
  lockNotAvailable: '55P03',
  deadlockDetected: '40P01',
  queryCanceled: '57014',
  readOnlyTransaction: '25006',
  insufficientPrivilege: '42501',
  cannotConnectNow: '57P03',
  invalidCatalogName: '3D000',
  tooManyConnections: '53300',
  dependentObjectsStillExist: '2BP01',
  undefinedTable: '42P01',
  duplicatePreparedStatement: '42P05',
  duplicateTable: '42P07',
  duplicateColumn: '42701',
  duplicateObject: '42710',
  undefinedObject: '42704',
  invalidSqlStatementName: '26000',
} as const;

/** The code of the server's error that caused an error, if one did. */
export function sqlStateOf(error: unknown): string | undefined {
  if (!isRecord(error)) return undefined;
  const { code } = error;
  if (typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code)) return code; // not EPIPE, which is Node.js's
  return sqlStateOf(error['original']) ?? sqlStateOf(error['cause']);
}

/** An error's message, without the stack. */
export function messageOf(error: unknown): string {
  return isRecord(error) && typeof error['message'] === 'string' ? error['message'] : String(error);
}

/** Errors of the connection itself have a code of Node.js or of the server's classes 08 and 57P, or none. */
export function isConnectionLost(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined) return /^(08|57P|25P03)/.test(state);
  return /connection (terminated|ended)|not queryable|ECONNRESET|EPIPE/i.test(messageOf(error));
}

/**
 * An error's message in one line, without the stack. For an error of the server: its message, its detail and its
 * hint, in place of which Sequelize's errors have words of their own ("Validation error").
 */
export function serverMessageOf(error: unknown): string {
  if (!isRecord(error)) return String(error);
  const source = isRecord(error['original']) ? error['original'] : error;
  const hint =
    source['code'] === SQLSTATE.insufficientPrivilege ? privileges(source['message']) : source['hint'];
  const parts = [source['message'], source['detail'], hint].filter((part) => typeof part === 'string');
  return parts.map((part) => part.trim().replace(/\.$/, '')).join('. ');
}

/** The server's message alone, without its detail, and without advice of ours. */
export function serverWordsOf(error: unknown): string {
  if (!isRecord(error)) return String(error);
  const { original, cause, message } = error;
  return isRecord(original) || isRecord(cause) ? serverWordsOf(original ?? cause) : String(message);
}

/** What the role lacks that may not do something. */
function privileges(message: unknown): string | undefined {
  if (String(message).includes('row-level security')) {
    return (
      'The role that migrates has to see all rows, or it would fill and count only some: ' +
      'ALTER ROLE … BYPASSRLS, or ALTER TABLE … NO FORCE ROW LEVEL SECURITY'
    );
  }
  if (String(message).includes('temporary tables')) return undefined; // it is no owner's right
  const [, schema = '…'] = /for schema (.+)$/.exec(String(message)) ?? [];
  return (
    'The role that migrates has to own the tables, and to be granted CREATE in their schema: ' +
    `GRANT USAGE, CREATE ON SCHEMA ${schema === '…' ? schema : quoteIdentifier(schema)} TO …`
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
