import type { Draft } from '../draft/draft';

/** Something to rename, and which of its names are there. */
interface Renaming {
  /** `column pets.name` */
  readonly what: string;
  readonly to: string;
  readonly hasOldName: boolean;
  readonly hasNewName: boolean;
  /** What is found where neither is there. */
  readonly neither?: string;
}

/**
 * Whether something has to be renamed. Where it has the new name already, or an undo has removed it before it was cut
 * short, there is nothing to do. Refused where both names are there, or neither.
 */
export function isRenameNeeded(draft: Draft, renaming: Renaming): boolean {
  const { what, to, hasOldName, hasNewName, neither = 'neither of them' } = renaming;
  if (hasOldName && !hasNewName) return true;
  if (!hasOldName && (hasNewName || draft.run.direction === 'down')) return false;
  draft.refuse({
    what,
    expected: `that it is there, and ${to} is not`,
    found: hasNewName ? 'both of them' : neither,
  });
  return false;
}
