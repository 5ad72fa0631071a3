import { type Column, columnNamed, type ColumnUses, isIdentity, type Table } from '../../catalog';
import type { Difference } from '../draft/compare';
import type { Draft } from '../draft/draft';
import { isLossless, mostOf, newColumnInstead } from '../recognised/conversions';
import type { Converting } from '../recognised/overlap';
import { reasonsInTable, reasonsInUses } from './conflicts';

/** Why a column of another type cannot be prepared beside a column, each with what to do. */
export async function conversionConflicts(
  draft: Draft,
  table: Table,
  column: Column,
  uses: ColumnUses | undefined,
  { target, conversion }: Converting,
): Promise<Difference[]> {
  const reasons = [
    ...(isLossless(conversion) ? [] : [notLossless(table, column, conversion.to)]),
    ...(columnNamed(table, target) ? [`there is another column ${target}`] : []),
    ...(isIdentity(column) && mostOf(conversion.to) === undefined
      ? ['its values are those of an identity, which is an integer']
      : []),
    ...reasonsInTable(draft, table, column),
    ...(uses ? reasonsInUses(uses, table) : []),
    ...(await reasonsInReferring(draft, table, column)),
  ];
  return reasons.map((reason) => ({
    what: `column ${table.name}.${column.name}`,
    expected: `that ${conversion.to} can be prepared for it`,
    found: `type ${column.type}; ${reason}`,
  }));
}

function notLossless({ name: table }: Table, { name: column }: Column, type: string): string {
  return `an overlap is for a number that gets a larger range or more digits. ${newColumnInstead(table, column, type)}`;
}

/** Foreign keys that cannot refer to the other column as well: a new one has to be NOT VALID, and to be inspected. */
async function reasonsInReferring(draft: Draft, table: Table, { name }: Column): Promise<string[]> {
  const referring = draft.referrersOf(table).filter(({ referenced }) => referenced.includes(name));
  const reasons: string[] = [];
  for (const relation of new Set(referring.map((referrer) => referrer.relation))) {
    const child = await draft.find(relation);
    const why = child ? 'which is partitioned' : `which is in another schema than ${table.name}`;
    if (!child || draft.isPartitioned(child))
      reasons.push(`a foreign key of ${relation} refers to it, ${why}`);
  }
  return reasons;
}
