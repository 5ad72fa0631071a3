import { type Column, columnNamed, type ColumnUses, isIdentity, type Table } from '../../catalog';
import { quoteLiteral, quoteLiterals } from '../../postgres';
import type { Change, OverlapColumn } from '../../vocabulary';
import type { Difference } from '../draft/compare';
import type { Draft } from '../draft/draft';
import { isLossless, mostOf, newColumnInstead } from '../draft/types';
import { type Converting, otherOf, type Overlap, overlapOf } from '../recognised/overlap';
import { isOfOverlap, FIRST, LAST } from './triggers';

/** Why a column cannot have two names for a while, each with what to do. */
export function overlapConflicts(
  draft: Draft,
  table: Table,
  column: Column,
  uses: ColumnUses,
  { from, to }: OverlapColumn,
): Difference[] {
  const expected = `that it can have the name ${to} as well`;
  const args = quoteLiterals([table.name, from, to]);
  const atOnce = `rename it at once, when the previous release is not running any more: schema.renameColumn(${args})`;
  const reasons = [
    ...reasonsInTable(draft, table, column),
    ...reasonsOfKey(table, column),
    ...reasonsInUses(uses, table),
    ...uses.referringTables.map((other) => `a foreign key of ${other} refers to it`),
  ];
  return reasons.map((reason) => ({
    what: `column ${table.name}.${from}`,
    expected,
    found: `${reason}; or ${atOnce}`,
  }));
}

/** Why a column of another type cannot be prepared beside a column, each with what to do. */
export async function conversionConflicts(
  draft: Draft,
  table: Table,
  column: Column,
  uses: ColumnUses,
  { target, conversion }: Converting,
): Promise<Difference[]> {
  const reasons = [
    ...(isLossless(conversion) ? [] : [notLossless(table, column, conversion.to)]),
    ...(columnNamed(table, target) ? [`there is another column ${target}`] : []),
    ...(isIdentity(column) && mostOf(conversion.to) === undefined
      ? ['its values are those of an identity, which is an integer']
      : []),
    ...reasonsInTable(draft, table, column),
    ...reasonsInUses(uses, table),
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
  const referring = draft.live.referrersOf(table).filter(({ referenced }) => referenced.includes(name));
  const reasons: string[] = [];
  for (const relation of new Set(referring.map((referrer) => referrer.relation))) {
    const child = await draft.find(relation);
    const why = child ? 'which is partitioned' : `which is in another schema than ${table.name}`;
    if (!child || draft.live.isPartitioned(child))
      reasons.push(`a foreign key of ${relation} refers to it, ${why}`);
  }
  return reasons;
}

/** Why a column cannot be there twice, as its table says. */
function reasonsInTable(draft: Draft, table: Table, column: Column): string[] {
  const { name, generated } = column;
  const other = overlapOf(table, name);
  const before = other && otherOf(other, name);
  return [
    ...(before === undefined
      ? []
      : [`it has the name ${before} as well: end that first, with a removeColumn`]),
    ...(draft.place.citus?.tables.has(table.name) === true
      ? ['the table is one of Citus, which has no triggers on them']
      : []),
    ...(draft.live.isPartitioned(table)
      ? ['the table is partitioned, and its indexes cannot be built concurrently']
      : []),
    ...(generated === null || isIdentity(column) ? [] : ['its values are generated']),
  ];
}

/** Why a key cannot have two names. */
function reasonsOfKey(table: Table, column: Column): string[] {
  const { name, serial } = column;
  return [
    ...(table.primaryKey?.columns.includes(name)
      ? ['it is in the primary key, of which a table has only one']
      : []),
    ...(serial ? ['its default is a sequence of its own'] : []),
    ...(isIdentity(column) ? ['its values are generated'] : []),
  ];
}

/** Why a column cannot be there twice, as what stands on it says. */
function reasonsInUses(uses: ColumnUses, table: Table): string[] {
  const late = uses.triggers.filter(
    (trigger) => trigger.isBeforeRow && !isOfOverlap(trigger) && isOutside(trigger.name),
  );
  return [
    ...(uses.isInherited ? ['the table has a parent or children'] : []),
    ...uses.rules.map((rule) => `the table has the rule ${rule}`),
    ...uses.generatedColumns.map(
      (other) => `the column ${other} is generated from it: it would stay as it is`,
    ),
    ...uses.constraints.map(
      ({ name, definition }) => `the constraint ${name}, ${definition}, cannot be there twice`,
    ),
    ...(uses.replicaIdentity === null
      ? []
      : [`the index ${uses.replicaIdentity} is the replica identity of the table`]),
    ...late.map(
      ({ name }) =>
        `the trigger ${name} would come before or after the two that keep both columns equal, since triggers are fired in ` +
        `the order of their names: ALTER TRIGGER ${JSON.stringify(name)} ON ${table.name} RENAME TO …`,
    ),
  ];
}

/** Whether a trigger would not be between those of an overlap, in the order of bytes. */
function isOutside(name: string): boolean {
  const bytes = Buffer.from(name);
  return Buffer.compare(bytes, Buffer.from(FIRST)) < 0 || Buffer.compare(bytes, Buffer.from(LAST)) > 0;
}

/** The overlap of a column that a change would make different from the other one; undefined where it is in none. */
export async function overlapChangedBy(draft: Draft, change: Change): Promise<Overlap | undefined> {
  const column = changedColumn(change);
  const table = column === undefined || !('table' in change) ? undefined : await draft.find(change.table);
  const overlap = table && column !== undefined ? overlapOf(table, column) : undefined;
  // A column for which another type is prepared may change: what the other one needs of that, it gets at the end.
  return overlap?.conversion && change.kind === 'changeColumn' ? undefined : overlap;
}

function changedColumn(change: Change): string | undefined {
  if (change.kind === 'renameColumn') return change.from;
  return change.kind === 'changeColumn' ? change.column : undefined;
}

/** That a column is not changed while it has two names. */
export function changedInOverlap({ table, source, target, conversion }: Overlap): Difference {
  const args = quoteLiterals([table, source]);
  if (conversion) {
    const type = quoteLiteral(conversion.to);
    return {
      what: `column ${table}.${source}`,
      expected: 'another name for it',
      found: `that ${conversion.to} is prepared for it. Finish that first: schema.changeColumn(${args}, { type: ${type}, … })`,
    };
  }
  return {
    what: `column ${table}.${target}`,
    expected: 'a change of it',
    found: `that it is ${source} as well. End that first: schema.removeColumn(${args}, { … })`,
  };
}
