import { bareSql, statementsOf } from '../postgres';

const NOT_IN_A_TRANSACTION = /\bCONCURRENTLY\b|(?:^|;)\s*(?:BEGIN|START|COMMIT|ROLLBACK|VACUUM)\b/i;

/** What of some SQL cannot be in a transaction; undefined where all of it can. */
export function notInTransaction(text: string): string | undefined {
  const [found] = NOT_IN_A_TRANSACTION.exec(bareSql(text)) ?? [];
  return found?.replace(/[;\s]/g, '');
}

/** What tables, columns and indexes may build on, and what locks none of them when it is created. */
const DEFINITION =
  /^CREATE (OR REPLACE )?(TRUSTED )?(FUNCTION|PROCEDURE|AGGREGATE|EXTENSION|TYPE|DOMAIN|COLLATION|OPERATOR|SEQUENCE|CAST|TEXT SEARCH|SCHEMA)\b/;

/** Whether some SQL does nothing else than to create functions, types, extensions and the like. */
export function onlyDefines(text: string): boolean {
  return statementsOf(text).every(({ words }) => words === '' || DEFINITION.test(words));
}
