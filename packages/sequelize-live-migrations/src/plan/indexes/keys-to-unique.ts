import { columnNamed, type Referrer, type Table } from '../../catalog';
import { quoteIdentifier, quoteLiteral } from '../../postgres';
import type { Draft } from '../draft/draft';
import { isKeptAside } from '../recognised/kept-aside-comment';
import type { Step } from '../draft/step';

/**
 * Clears the way for the removal of a unique constraint or index, on which foreign keys depend. That of a column or a table
 * which is kept aside goes before it; the migration that restores that adds it again. Refused where another one is there.
 *
 * @param what of the table, for a refusal: `constraint pets_name_key`
 * @returns whether the way is clear
 */
export async function dropKeysTo(draft: Draft, table: Table, name: string, what: string): Promise<boolean> {
  const referrers = draft.live.referrersOf(table).filter(({ index }) => index === name);
  const inUse: Referrer[] = [];
  for (const referrer of referrers) {
    const child = await draft.find(referrer.relation);
    const key = child?.foreignKeys.find((one) => one.name === referrer.name);
    if (child && key && isAside(child, key.columns)) {
      draft.add(dropKeyAside(table, referrer));
    } else inUse.push(referrer);
  }
  draft.refuse(...inUse.map((referrer) => keyConflict(table, what, referrer)));
  return inUse.length === 0;
}

function dropKeyAside(table: Table, { name, relation }: Referrer): Step {
  return {
    purpose: `drop foreign key ${name} of what is kept aside`,
    sql: `ALTER TABLE ${quoteIdentifier(relation)} DROP CONSTRAINT ${quoteIdentifier(name)}`,
    locks: [relation, table.name].map((locked) => ({ table: locked, mode: 'ACCESS EXCLUSIVE' })),
  };
}

function isAside(table: Table, columns: readonly string[]): boolean {
  const comments = columns.map((column) => columnNamed(table, column)?.comment ?? null);
  return [table.comment, ...comments].some(isKeptAside);
}

function keyConflict(table: Table, what: string, { relation, name, columns, referenced, sql }: Referrer) {
  const [column = '', ...others] = referenced;
  const parent = others.length === 0 ? `field: ${quoteLiteral(column)}` : `fields: ${list(referenced)}`;
  const isHere = sql === relation || sql === quoteIdentifier(relation);
  const removal = isHere
    ? `schema.removeConstraint(${quoteLiteral(relation)}, { type: 'foreign key', name: ${quoteLiteral(name)}, ` +
      `fields: ${list(columns)}, references: { table: ${quoteLiteral(table.name)}, ${parent} } })`
    : `schema.sql({ up: 'ALTER TABLE ${sql} DROP CONSTRAINT ${quoteIdentifier(name)}', … })`;
  return {
    what: `${what} of table ${table.name}`,
    expected: 'that no foreign key needs it',
    found: `the foreign key ${name} of ${relation}. Remove that before: ${removal}`,
  };
}

function list(names: readonly string[]): string {
  return `[${names.map(quoteLiteral).join(', ')}]`;
}
