import { type Column, type ColumnUses, columnNamed, columnSql, isBoundTo, type Table } from '../catalog';
import { quoteIdentifier, quoteLiteral } from '../postgres';
import type { OverlapColumn } from '../vocabulary';
import type { Draft } from './draft';
import { alterStep, type Overlap, overlapBetween, overlapOf } from './overlap';
import { beginOverlap } from './overlap-begin';
import { carryOver } from './overlap-carry';
import { grantAlike } from './overlap-grants';
import { overlapConflicts } from './overlap-conflicts';
import { isOfOverlap } from './overlap-triggers';
import { isRenameNeeded } from './rename-needed';

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
  const source = columnNamed(table, from);
  const hasNewName = columnNamed(table, to) !== undefined;
  const what = `column ${name}.${from}`;
  if (!isRenameNeeded(draft, { what, to, hasOldName: source !== undefined, hasNewName }) || !source) return;
  const uses = await draft.usesOf(table, source);
  const conflicts = overlapConflicts(draft, table, source, uses, change);
  draft.refuse(...conflicts);
  if (conflicts.length > 0) return;
  const overlap = overlapBetween(name, from, to);
  if (!(await addTarget(draft, table, source, overlap, uses))) return;
  await beginOverlap(draft, overlap, uses);
  notices(draft, overlap, uses);
}

/**
 * Adds the column beside the other one, with the privileges on that.
 *
 * @returns false where that would rewrite the table, so that it is refused
 */
async function addTarget(
  draft: Draft,
  table: Table,
  source: Column,
  { target }: Overlap,
  uses: ColumnUses | undefined,
): Promise<boolean> {
  const bare = { ...source, name: target, default: null, notNull: false };
  const collation = uses?.collation ? ` COLLATE ${uses.collation}` : '';
  const added = `ALTER TABLE ${quoteIdentifier(table.name)} ADD COLUMN ${columnSql(bare)}${collation}`;
  const { tables } = await draft.declare({ statements: [added], parents: new Map() });
  if (tables.get(table.name)?.file !== table.file) {
    draft.refuse({
      what: `column ${table.name}.${target}`,
      expected: `type ${source.type}`,
      found:
        'a domain with constraints, for which PostgreSQL writes the whole table, while nobody else can use it',
    });
    return false;
  }
  const purpose = `add column ${table.name}.${target} beside ${table.name}.${source.name}`;
  draft.add(alterStep(table.name, purpose, [added]));
  draft.add(...grantAlike(table.name, source.name, target, uses?.grants ?? []));
  return true;
}

function notices(draft: Draft, { table, source, target }: Overlap, uses: ColumnUses | undefined): void {
  const both = `columns ${table}.${source} and ${table}.${target}`;
  const args = [table, source].map(quoteLiteral).join(', ');
  draft.notice(
    `${both} are equal, whichever of them a release of the application writes. When none writes ${source} any more, a later ` +
      `migration ends that: schema.removeColumn(${args}, { … })`,
  );
  const triggers = uses?.triggers.filter((trigger) => !isOfOverlap(trigger)) ?? [];
  const fired = triggers.filter(({ firesOnUpdate, enabled }) => firesOnUpdate && enabled !== 'D');
  if (fired.length > 0) {
    const names = fired.map(({ name }) => name).join(', ');
    draft.notice(`filling ${table}.${target} updates each row, which fires ${names}`);
  }
  const bound = triggers.filter((trigger) => isBoundTo(trigger, source));
  const using = [...(uses?.dependents ?? []), ...bound.map(({ name }) => `trigger ${name}`)];
  if (using.length > 0) {
    draft.notice(
      `${using.join(', ')} goes on with ${source}: before that is removed, replace it by one with ${target}`,
    );
  }
}
