import { type Column, enumTypeOf, keptAsideNames, originalName } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { type ColumnDeclaration, declaredEnum } from '../../vocabulary';
import { columnsOfType, type TypedColumn } from '../declared/enum-types';
import type { Draft } from '../draft/draft';
import { isKeptAside, keptAsideBy } from '../recognised/kept-aside-comment';

// The enum type of a column that is kept aside keeps its name, until another column is to have a type of that name with
// other labels: then it is renamed, which locks no table, and what is restored gets it back under the name from before.

/**
 * Makes the name of a column's enum type free where only what is kept aside has that type, and gives the type of what is
 * restored its name again. Where anything else has it, nothing is done: then the labels conflict, or the types stay.
 *
 * @param kept the column that is restored; undefined where there is none
 */
export async function planEnumName(
  draft: Draft,
  declaration: ColumnDeclaration,
  kept: Column | undefined,
): Promise<void> {
  const type = declaredEnum(declaration);
  if (!type || declaration.kind === 'changeColumn') return;
  const catalog = await draft.catalog();
  if (!kept) {
    const labels = catalog.enums.get(type.name)?.labels;
    if (labels && labels.join('\n') !== type.labels.join('\n')) await moveAside(draft, type.name);
    return;
  }
  const own = enumTypeOf(catalog, kept)?.name;
  const name = own === undefined ? undefined : originalName(own, draft.run.name);
  if (own === undefined || name === undefined || name === own || !name.startsWith('enum_')) return;
  if (catalog.enums.has(name)) await moveAside(draft, name);
  if (!(await isTaken(draft, name))) renameType(draft, own, name, 'whose column is restored');
}

/** Gives an enum type another name, if nothing but what is kept aside has columns of it. */
async function moveAside(draft: Draft, name: string): Promise<void> {
  const users = columnsOfType(await draft.catalog(), name);
  const [first] = users.map(keeperOf);
  if (first === undefined || !users.every(isAside) || (await draft.live.hasColumnsElsewhere(name))) return;
  // A name that would be too long is cut, and the one from before could not be known from it.
  const names = keptAsideNames(name, first).filter((aside) => originalName(aside, first) === name);
  for (const aside of names) {
    if (await isTaken(draft, aside)) continue;
    const columns = users.map(({ table, column }) => `${table.name}.${column.name}`).join(', ');
    renameType(draft, name, aside, `of ${columns}, which is kept aside`);
    return;
  }
}

function isAside({ table, column }: TypedColumn): boolean {
  return isKeptAside(table.comment) || isKeptAside(column.comment);
}

/** The migration that has kept a column aside, or its table. */
function keeperOf({ table, column }: TypedColumn): string | undefined {
  return [column, table].flatMap(({ comment }) => keptAsideBy(comment ?? '')?.migration ?? [])[0];
}

/** Whether a type has a name, on the shadows or in the database. */
async function isTaken(draft: Draft, name: string): Promise<boolean> {
  const { enums } = await draft.catalog();
  return enums.has(name) || (await draft.live.isTypeElsewhere(name));
}

function renameType(draft: Draft, from: string, to: string, why: string): void {
  const step = {
    purpose: `rename enum type ${from}, ${why}, to ${to}`,
    sql: `ALTER TYPE ${quoteIdentifier(from)} RENAME TO ${quoteIdentifier(to)}`,
  };
  draft.addRenamedType(step, from, to);
}
