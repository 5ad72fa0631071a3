import { type Column, columnNamed, type ColumnUses, type Table } from '../catalog';
import { quoteIdentifier, quoteLiteral } from '../postgres';
import type { Difference } from './compare';
import { isLossless } from './conversions';
import type { Draft } from './draft';
import type { Converting } from './overlap';
import { reasonsInTable, reasonsInUses } from './overlap-conflicts';

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
    ...reasonsInTable(draft, table, column),
    ...(uses ? reasonsInUses(uses, table) : []),
    ...(await reasonsInReferring(draft, table, uses)),
  ];
  return reasons.map((reason) => ({
    what: `column ${table.name}.${column.name}`,
    expected: `that ${conversion.to} can be prepared for it`,
    found: `type ${column.type}; ${reason}`,
  }));
}

function notLossless({ name: table }: Table, { name: column }: Column, type: string): string {
  const backfill = JSON.stringify(`${quoteIdentifier(column)}::${type}`);
  const args = [table, `new_${column}`].map(quoteLiteral).join(', ');
  return (
    'an overlap is for a number that gets a larger range or more digits. Add a column of the new type, ' +
    `schema.addColumn(${args}, { …, allowNull: false, backfill: literal(${backfill}) }), let the application write both, and ` +
    `remove ${column} with a later release`
  );
}

/** Foreign keys that cannot refer to the other column as well: a new one has to be NOT VALID, and to be inspected. */
async function reasonsInReferring(
  draft: Draft,
  table: Table,
  uses: ColumnUses | undefined,
): Promise<string[]> {
  const reasons: string[] = [];
  for (const name of uses?.referringTables ?? []) {
    const [, plain = name] = /^"(.*)"$/.exec(name) ?? [];
    const child = await draft.find(plain.replaceAll('""', '"'));
    if (!child)
      reasons.push(`a foreign key of ${name} refers to it, which is in another schema than ${table.name}`);
    else if (draft.isPartitioned(child))
      reasons.push(`a foreign key of ${name} refers to it, which is partitioned`);
  }
  return reasons;
}
