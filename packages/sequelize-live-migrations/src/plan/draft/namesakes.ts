import type { Namesake } from '../../place';
import { quoteQualified } from '../../postgres';
import { type Change, enumNamesOf, parentsOf, tablesOf } from '../../vocabulary';
import type { Draft } from './draft';
import { RefusedError } from './refused-error';
import { hasUnknown } from './step';

/**
 * Refuses a change that is about a table, or needs an enum type, whose name something else has: a view, a foreign table, a
 * sequence. Not where SQL of this migration runs before, which may remove that: then it is only known when it has run.
 *
 * @throws RefusedError with what it is, and what to type
 */
export function assertNoNamesake(draft: Draft, change: Change): void {
  if (hasUnknown(draft.steps)) return;
  const tables = [...tablesOf(change), ...parentsOf(change)].filter((table) => !draft.isRemovedLater(table));
  for (const [names, expected] of [
    [tables, 'a table'],
    [enumNamesOf([change]), 'an enum type'],
  ] as const) {
    const found = draft.place.namesakes.find(({ name }) => names.includes(name));
    if (found) throw conflict(draft, found, expected);
  }
}

function conflict({ place }: Draft, { name, kind }: Namesake, expected: string): RefusedError {
  const { database, schema } = place;
  const article = kind === 'index' ? 'an' : 'a';
  const qualified = quoteQualified(schema, name);
  return new RefusedError(
    `In database ${database}, schema ${schema}, ${name} is ${article} ${kind}, and this migration needs ${expected} of that name. ` +
      `Nothing of this migration was done. Rename it, ALTER ${kind.toUpperCase()} ${qualified} RENAME TO …; or name ` +
      'another one in the migration; and run the same command again.',
  );
}
