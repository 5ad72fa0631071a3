import type { Catalog, Table } from '../../catalog';
import { serverMessageOf, sqlStateOf, withoutSchema } from '../../postgres';
import { type Change, isRename } from '../../vocabulary';
import type { Draft } from '../draft/draft';
import { hasUnknown } from '../draft/step';
import { nameKeptAside } from '../kept-aside/keep-aside';
import { removedBy } from '../kept-aside/removed-by';
import { isRenamed } from '../rename/rename-needed';

/**
 * Has PostgreSQL check on the shadows what a migration says of rows: columns, types, labels, SQL. Nothing of it stays.
 *
 * @param what `rows of pets are not updated`
 * @param statements the change of rows on the shadows, which have no rows
 * @returns the shadows with what was declared; undefined where that uses what earlier SQL of the migration may make, of
 *   which nothing is known; `done` where something of it is not there any more, because the migration, in an interrupted
 *   run, has come to a later change already, or because a later migration has removed or renamed it
 * @throws the server's error where it does not accept it
 */
export async function declareRows(
  draft: Draft,
  what: string,
  statements: readonly string[],
): Promise<Catalog | 'done' | undefined> {
  try {
    return await declareSql(draft, statements);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const message = serverMessageOf(error);
    if (await isPast(draft, what, message)) return 'done';
    if (hasUnknown(draft.steps)) return undefined;
    throw error;
  }
}

/** Has PostgreSQL check SQL of a migration on the shadows, also where that names tables with their schema. */
export async function declareSql(draft: Draft, statements: readonly string[]): Promise<Catalog> {
  const shadows = new Set((await draft.catalog()).tables.keys());
  return draft.declare({
    statements: statements.map((sql) => withoutSchema(sql, draft.place.schema, shadows)),
  });
}

/** Whether the server's error is that something does not exist. */
export function isMissing(error: unknown): boolean {
  return IS_MISSING.includes(sqlStateOf(error) ?? '');
}

/** The codes of the server for a table, a column, a function, a type or a label that does not exist (manual, Appendix A). */
const IS_MISSING: readonly string[] = ['42P01', '42703', '42883', '42704', '22P02'];

/**
 * The table of a change of rows; undefined where that has been done, or has nothing to do any more, as in `declareRows`.
 *
 * @throws RefusedError where it does not exist
 */
export async function tableOfRows(draft: Draft, what: string, name: string): Promise<Table | undefined> {
  const table = await draft.find(name);
  if (table) return table;
  return (await isPast(draft, what, `there is no table ${name}`)) ? undefined : draft.table(name);
}

/** Whether what is missing has been renamed or removed after the change: by this migration, or by a later one. */
async function isPast(draft: Draft, what: string, missing: string): Promise<boolean> {
  if (await hasGoneOn(draft)) {
    draft.notice(`${what} again: an interrupted run has done that, and what came after it`);
    return true;
  }
  if (!draft.later.flatMap(goneWith).some((name) => missing.includes(name))) return false;
  draft.notice(`${what}, because of what a later migration, which has run, has changed: ${missing}`);
  return true;
}

/** Whether an interrupted run has come to one of the changes after a change: so that one is done. */
async function hasGoneOn(draft: Draft): Promise<boolean> {
  const catalog = await draft.catalog();
  for (const change of draft.neighbours.after) {
    if (isRename(change) && isRenamed(catalog, change)) return true;
    const removable = removedBy(draft, change);
    if (!removable) continue;
    const isPurged = 'undoes' in change && 'isPurged' in change.undoes;
    if (isPurged && !(await removable.find(removable.name))) return true;
    if ((await nameKeptAside(draft.run, removable)) !== undefined) return true;
  }
  return false;
}

/** The name that is not there any more after a change. */
function goneWith(change: Change): string[] {
  if (isRename(change)) return [change.from];
  if (change.kind === 'dropTable') return [change.undoes.table];
  return change.kind === 'removeColumn' ? [change.undoes.column] : [];
}
