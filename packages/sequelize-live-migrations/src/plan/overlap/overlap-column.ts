import { type ColumnUses, columnNamed } from '../../catalog';
import { quoteLiterals } from '../../postgres';
import type { OverlapColumn } from '../../vocabulary';
import type { Draft } from '../draft/draft';
import { type Overlap, overlapBetween, overlapOf } from '../recognised/overlap';
import { isRenameNeeded } from '../rename/rename-needed';
import { beginOverlap } from './begin';
import { carryOver } from './carry';
import { overlapConflicts } from './conflicts';
import { addTarget } from './target';
import { filledNotices, usersOf } from './users';

/**
 * Plans that a column has another name as well: a second column, which triggers keep equal to it. The column and the triggers
 * are one transaction, so no row is ever written without them; then the rows from before are filled, and then the indexes
 * and constraints of the first column are made for the second one. Where an interrupted run has left off, it goes on.
 */
export async function planOverlapColumn(draft: Draft, change: OverlapColumn): Promise<void> {
  const { table: name, from, to } = change;
  const table = await draft.table(name);
  const there = overlapOf(table, from);
  if (there && (there.target === to || there.source === to)) {
    await carryOver(draft, there, false);
    return;
  }
  const rename = { ...change, kind: 'renameColumn' } as const;
  const source = columnNamed(table, from);
  if (!(await isRenameNeeded(draft, rename, `column ${name}.${from}`)) || !source) return;
  const uses = await draft.live.usesOf(table, source);
  const conflicts = overlapConflicts(draft, table, source, uses, change);
  if (draft.refuse(...conflicts)) return;
  const overlap = overlapBetween(name, from, to);
  if (!(await addTarget(draft, table, source, overlap, uses))) return;
  await beginOverlap(draft, overlap, uses);
  notices(draft, overlap, uses);
}

function notices(draft: Draft, overlap: Overlap, uses: ColumnUses): void {
  const { table, source, target } = overlap;
  const both = `columns ${table}.${source} and ${table}.${target}`;
  const args = quoteLiterals([table, source]);
  draft.notice(
    `${both} are equal, whichever of them a release of the application writes. When none writes ${source} any more, a later ` +
      `migration ends that: schema.removeColumn(${args}, { … })`,
  );
  filledNotices(draft, overlap, uses);
  const using = usersOf(uses, source);
  if (using.length > 0) {
    draft.notice(
      `${using.join(', ')} goes on with ${source}: before that is removed, replace it by one with ${target}`,
    );
  }
}
