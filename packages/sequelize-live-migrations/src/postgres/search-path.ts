import { quoteIdentifier, quoteLiteral } from './identifiers';

/** How long a setting or a lock lasts. */
export type Scope = 'transaction' | 'session';

/** Puts `schema` first in the `search_path` of the transaction or session that runs it. */
export function searchPathSql(schema: string, scope: Scope = 'transaction'): string {
  const first = quoteLiteral(`${schema === 'pg_temp' ? schema : quoteIdentifier(schema)}, `);
  const isLocal = String(scope === 'transaction');
  return `SELECT set_config('search_path', ${first} || current_setting('search_path'), ${isLocal})`;
}
