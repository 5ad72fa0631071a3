import type { Subject } from '../catalog';
import { type Change, enumNamesOf, forwardOf, parentsOf, schemaOf, tablesOf } from '../vocabulary';

/**
 * What some changes are about: all that has to be inspected to plan them.
 *
 * @param earlier the changes of the migrations before them; `unknown` where there is no log of ours that tells which have run
 */
export function subjectOf(
  changes: readonly Change[],
  migrations: readonly string[] = [],
  earlier: readonly Change[] | 'unknown' = [],
): Subject {
  const schema = schemaOf(changes);
  const tables = [...new Set(changes.flatMap(tablesOf))];
  return {
    ...(schema === undefined ? {} : { schema }),
    tables,
    parents: [...new Set(changes.flatMap(parentsOf))],
    referred: mayConvert(changes, earlier) ? tables : tablesOfUniqueRemoved(changes),
    enums: enumNamesOf(changes),
    migrations,
  };
}

/** Whether a column may be converted to another type, with the foreign keys that refer to it, whatever its table is called. */
function mayConvert(changes: readonly Change[], earlier: readonly Change[] | 'unknown'): boolean {
  if (earlier === 'unknown')
    return changes.some((change) => change.kind !== 'addColumn' && 'column' in forwardOf(change));
  const prepared = [...earlier, ...changes]
    .map(forwardOf)
    .flatMap((change) => (change.kind === 'convertColumn' ? [change.column] : []));
  return changes.map(forwardOf).some((change) => 'column' in change && prepared.includes(change.column));
}

/** The tables of which unique constraints and indexes are removed: foreign keys may depend on these. */
function tablesOfUniqueRemoved(changes: readonly Change[]): string[] {
  return changes.flatMap((change) => {
    if (change.kind === 'removeConstraint' && change.undoes.type === 'unique') return [change.undoes.table];
    return change.kind === 'removeIndex' && change.undoes.options.unique ? [change.undoes.table] : [];
  });
}
