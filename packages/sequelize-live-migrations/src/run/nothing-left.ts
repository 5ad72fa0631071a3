import { type Change, forwardOf, isRename, tableOf } from '../vocabulary';

/**
 * `column pets.age is not added: a later migration, which has run, removes it`: what is said of a change of which later
 * migrations have left nothing to do.
 */
export function nothingLeftOf(change: Change): string {
  const later = 'a later migration, which has run,';
  switch (change.kind) {
    case 'createTable':
      return `table ${change.table} is not created: ${later} drops it`;
    case 'addColumn':
      return `column ${change.table}.${change.column} is not added: ${later} removes it`;
    case 'changeColumn':
      return `column ${change.table}.${change.column} is not changed: ${later} removes it`;
    case 'bulkUpdate':
      return `rows of ${change.table} are not updated: ${later} drops that table`;
    case 'bulkDelete':
      return `rows of ${change.table} are not deleted: ${later} drops that table`;
    case 'bulkInsert':
      return `rows of ${change.table} are not inserted: ${later} drops that table`;
    default:
      return `${change.kind} of ${subjectOf(change)} does nothing: ${later} has removed or replaced what it is about`;
  }
}

/** `pets.name` of a change to that column, or index, or constraint */
function subjectOf(change: Change): string {
  const forward = forwardOf(change);
  const table = tableOf(change) ?? '';
  if (isRename(forward)) return forward.kind === 'renameTable' ? table : `${table}.${forward.from}`;
  if ('column' in forward) return `${table}.${forward.column}`;
  return 'name' in forward ? `${table}.${forward.name}` : table;
}
