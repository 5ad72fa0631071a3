import { keptAsideNames, originalName, replacedName, type Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { alterTableSql } from '../draft/alter';
import type { Draft } from '../draft/draft';

// What is kept aside takes the names of its indexes and constraints along: something of its own name may be created in its
// place, with indexes and constraints of the same names.

/** An index or a constraint. */
export interface Owned {
  readonly name: string;
  readonly kind: 'index' | 'constraint';
  /** The statement that renames it. */
  readonly renameSql: (to: string) => string;
}

/** The indexes of a table, those of its constraints included: their names are taken in the whole schema. */
export function ownedIndexes({ primaryKey, constraints, indexes }: Table): Owned[] {
  const owning = constraints.filter(({ type }) => type !== 'c');
  return [...(primaryKey ? [primaryKey] : []), ...owning, ...indexes].map(({ name }) => ({
    name,
    kind: 'index',
    renameSql: (to) => `ALTER INDEX ${quoteIdentifier(name)} RENAME TO ${quoteIdentifier(to)}`,
  }));
}

/** The checks and foreign keys of a table: their names are taken in the table only. */
export function ownedConstraints({ name: table, constraints, foreignKeys }: Table): Owned[] {
  const checks = constraints.filter(({ type }) => type === 'c');
  return [...checks, ...foreignKeys].map(({ name }) => ({
    name,
    kind: 'constraint',
    renameSql: (to) =>
      alterTableSql(table, `RENAME CONSTRAINT ${quoteIdentifier(name)} TO ${quoteIdentifier(to)}`),
  }));
}

/** All of them. */
export function ownedBy(table: Table): Owned[] {
  return [...ownedIndexes(table), ...ownedConstraints(table)];
}

/**
 * The statements that rename what belongs to something which is renamed. A name that would be too long stays, because the
 * one from before could not be known from it.
 *
 * @param original the name of that when it is not kept aside; @param to its next name
 */
export async function renameAlongSql(
  draft: Draft,
  original: string,
  to: string,
  owned: readonly Owned[],
): Promise<string[]> {
  const { name: migration } = draft.run;
  const namesFor = (name: string) => {
    if (to === original) return [originalName(name, migration)];
    const names = to === replacedName(original) ? [replacedName(name)] : keptAsideNames(name, migration);
    return names.filter((candidate) => originalName(candidate, migration) === name);
  };
  const indexes = owned.filter(({ kind }) => kind === 'index').flatMap(({ name }) => namesFor(name));
  const taken = new Set([
    ...namesIn([...(await draft.catalog()).tables.values()]),
    ...(await draft.live.takenElsewhere(indexes)),
  ]);
  return owned.flatMap(({ name, kind, renameSql }) => {
    if (kind === 'constraint' && draft.place.citus) return []; // Citus renames none
    const next = namesFor(name).find((candidate) => !taken.has(candidate));
    if (next === undefined) return [];
    taken.add(next);
    return [renameSql(next)];
  });
}

function namesIn(tables: readonly Table[]): Set<string> {
  return new Set(tables.flatMap((table) => [table.name, ...ownedBy(table).map(({ name }) => name)]));
}
