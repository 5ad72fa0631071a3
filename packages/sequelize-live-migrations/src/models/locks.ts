import type { Step } from '../plan';
import { blocksWrites, TABLE_LOCK_MODES } from '../postgres';

/**
 * Which locks the steps of a plan take on tables that are there already, in the words of the comment of a migration.
 *
 * @param created the tables that the migration creates, which nobody else uses yet
 */
export function locksInWords(steps: readonly Step[], created: readonly string[]): string {
  const locks = steps.flatMap((step) => step.locks ?? []).filter(({ table }) => !created.includes(table));
  const blocking = [...TABLE_LOCK_MODES].reverse().filter(blocksWrites);
  const brief = blocking.flatMap((mode) => {
    const tables = new Set(locks.filter((lock) => lock.mode === mode).map(({ table }) => table));
    return tables.size > 0 ? [`${mode} on ${inWords([...tables])}`] : [];
  });
  const long = [
    ...(steps.some(({ transaction }) => transaction === 'none') ? ['indexes are built concurrently'] : []),
    ...(steps.some(({ next }) => next !== undefined) ? ['rows are filled in batches'] : []),
    ...(steps.some(({ purpose }) => purpose.startsWith('validate')) ? ['constraints are validated'] : []),
  ];
  const first = brief.length > 0 ? `${inWords(brief)}, briefly.` : 'none that blocks reads or writes.';
  const rest = long.length > 0 ? ` What takes long blocks neither reads nor writes: ${inWords(long)}.` : '';
  return `Locks: ${first}${rest}`;
}

/** `a, b and c` */
export function inWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
