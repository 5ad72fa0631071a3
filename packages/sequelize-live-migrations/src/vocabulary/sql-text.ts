/** Strings, bodies of functions and comments. */
const QUOTED = /\$(\w*)\$[\s\S]*?\$\1\$|'(?:[^']|'')*'|--.*|\/\*[\s\S]*?\*\//g;

const NOT_IN_A_TRANSACTION = /\bCONCURRENTLY\b|(?:^|;)\s*(?:BEGIN|START|COMMIT|ROLLBACK|VACUUM)\b/i;

/** What of some SQL cannot be in a transaction; undefined where all of it can. */
export function notInTransaction(text: string): string | undefined {
  const [found] = NOT_IN_A_TRANSACTION.exec(text.replace(QUOTED, '')) ?? [];
  return found?.replace(/[;\s]/g, '');
}

/** What tables, columns and indexes may build on, and what locks none of them when it is created. */
const DEFINITION =
  /^CREATE\s+(OR\s+REPLACE\s+)?(TRUSTED\s+)?(FUNCTION|PROCEDURE|AGGREGATE|EXTENSION|TYPE|DOMAIN|COLLATION|OPERATOR|SEQUENCE|CAST|TEXT\s+SEARCH|SCHEMA)\b/i;

/** Whether some SQL does nothing else than to create functions, types, extensions and the like. */
export function onlyDefines(text: string): boolean {
  const statements = text
    .replace(QUOTED, ' ')
    .split(';')
    .map((statement) => statement.trim());
  return statements.every((statement) => statement === '' || DEFINITION.test(statement));
}
