import { wordsIn } from './renamed-sql';

/**
 * Some SQL in which tables of a schema are named without it, so that others of their names that come first in the
 * `search_path` are meant. Not a parser: the name of the schema, a dot and the name of a table are taken for that.
 */
export function withoutSchema(sql: string, schema: string, tables: ReadonlySet<string>): string {
  const words = wordsIn(sql);
  let unqualified = '';
  let done = 0;
  for (const [n, { name, start, end }] of words.entries()) {
    const next = words[n + 1];
    if (name !== schema || next === undefined || !tables.has(next.name)) continue;
    if (!/^\s*\.\s*$/.test(sql.slice(end, next.start)) || /\.\s*$/.test(sql.slice(0, start))) continue;
    unqualified += sql.slice(done, start);
    done = next.start;
  }
  return unqualified + sql.slice(done);
}
