import { columnNamed } from '../../catalog';
import { quoteLiteral, quoteLiterals } from '../../postgres';
import type { ConvertColumn } from '../../vocabulary';
import { declaredColumn } from '../declared/as-declared';
import { declareColumns } from '../declared/declarations';
import { containsType } from '../draft/types';
import type { Draft } from '../draft/draft';
import { conversionOf, type Converting, convertingBetween, copyName } from '../recognised/overlap';
import { addTriggers } from './begin';
import { carryOver } from './carry';
import { conversionConflicts } from './conflicts';
import { planEndOverlap } from './end';
import { addTarget } from './target';
import { filledNotices } from './users';

/**
 * Plans that a column of another type is ready to take the place of a column: it has the values of all rows, by a trigger
 * those that are written, and all indexes and constraints of that column, also the foreign keys that refer to it. Nobody
 * reads it. Where an interrupted run has left off, it goes on.
 */
export async function planConvertColumn(draft: Draft, change: ConvertColumn): Promise<void> {
  const { table: name, column } = change;
  const table = await draft.table(name);
  const what = `column ${name}.${column}`;
  const source = columnNamed(table, column);
  if (!source) {
    draft.refuse({ what, expected: 'that it is there', found: 'no such column' });
    return;
  }
  const type = await declaredType(draft, change);
  if (source.type === type || containsType(source.type, type)) return;
  const there = conversionOf(table, column);
  if (there && there.conversion.to !== type) {
    draft.refuse({ what, expected: `type ${type}`, found: `that ${there.conversion.to} is prepared for it` });
    return;
  }
  if (there) {
    await carryOver(draft, there, false);
    return;
  }
  const overlap = convertingBetween(name, column, copyName(column), { from: source.type, to: type });
  const uses = await draft.live.usesOf(table, source);
  const conflicts = await conversionConflicts(draft, table, source, uses, overlap);
  if (draft.refuse(...conflicts)) return;
  if (!(await addTarget(draft, table, source, overlap, uses))) return;
  await addTriggers(draft, overlap);
  await carryOver(draft, overlap, true);
  if (!isMadeHere(draft, change)) draft.notice(preparedNotice(overlap));
  filledNotices(draft, overlap, uses);
}

/** The type as PostgreSQL prints it. */
async function declaredType(draft: Draft, { table, column, type }: ConvertColumn): Promise<string> {
  const declaration = { table, column, attributes: { type } };
  return declaredColumn(await declareColumns(draft, table, [declaration]), declaration).type;
}

/** Whether the same migration makes the change that it prepares. */
function isMadeHere({ run }: Draft, { table, column }: ConvertColumn): boolean {
  return run.changes.some(
    (change) => change.kind === 'changeColumn' && change.table === table && change.column === column,
  );
}

function preparedNotice({ table, source, conversion: { from, to } }: Converting): string {
  const args = quoteLiterals([table, source]);
  const isRead = from.startsWith('numeric') ? '' : ', which node-postgres returns as a string';
  return (
    `column ${table}.${source} stays ${from}, and is ready to be ${to}: when each release that runs can read that${isRead}, a ` +
    `later migration makes it so, briefly: schema.changeColumn(${args}, { type: ${quoteLiteral(to)}, … })`
  );
}

/** Undoes that: the column of the other type is dropped, which nobody has read. */
export async function planEndConversion(draft: Draft, { table, column }: ConvertColumn): Promise<void> {
  const found = await draft.find(table);
  if (!found || !conversionOf(found, column)) return;
  await planEndOverlap(draft, { table, from: column, to: copyName(column) });
}
