import { quoteIdentifier, quoteLiteral } from './identifiers';

/** How long a setting or a lock lasts. */
export type Scope = 'transaction' | 'session';

/** Puts `schema` first in the `search_path` of the transaction or session that runs it. */
export function searchPathSql(schema: string, scope: Scope = 'transaction'): string {
  const first = quoteLiteral(`${quoteIdentifier(schema)}, `);
  const isLocal = String(scope === 'transaction');
  return `SELECT set_config('search_path', ${first} || current_setting('search_path'), ${isLocal})`;
}

const TEMPORARY = 'pg_temp';

/**
 * A query with the temporary schema, which the transaction has put first in its `search_path`, moved to its end: types of
 * a name that is there and in another schema as well are those of the latter.
 */
export function withTemporaryLastSql(sql: string): string {
  const current = "current_setting('search_path')";
  const length = String(TEMPORARY.length + 2); // with a comma and a space
  const set = (path: string) => `SELECT set_config('search_path', ${path}, true)`;
  return [
    set(`substr(${current}, 1 + ${length}) || ', ${TEMPORARY}'`),
    sql,
    set(`'${TEMPORARY}, ' || left(${current}, -${length})`),
  ].join(';\n');
}
