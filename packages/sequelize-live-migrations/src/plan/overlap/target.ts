import { type Column, type ColumnUses, columnSql, type Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { alterStep, alterTableSql } from '../draft/alter';
import type { Draft } from '../draft/draft';
import type { Step } from '../draft/step';
import type { Overlap } from '../recognised/overlap';

/**
 * Adds the second column of an overlap beside the first one, with the privileges on that.
 *
 * @returns false where that would rewrite the table, so that it is refused
 */
export async function addTarget(
  draft: Draft,
  table: Table,
  source: Column,
  { target, conversion }: Overlap,
  { collation, grants }: ColumnUses,
): Promise<boolean> {
  const type = conversion?.to ?? source.type;
  const bare = {
    ...source,
    name: target,
    type,
    default: null,
    serial: false,
    generated: null,
    notNull: false,
  };
  const added = alterTableSql(
    table.name,
    `ADD COLUMN ${columnSql(bare)}${collation === null ? '' : ` COLLATE ${collation}`}`,
  );
  const { tables } = await draft.declare({ statements: [added] });
  if (tables.get(table.name)?.file !== table.file) {
    draft.refuse({
      what: `column ${table.name}.${target}`,
      expected: `type ${type}`,
      found:
        'a domain with constraints, for which PostgreSQL writes the whole table, while nobody else can use it',
    });
    return false;
  }
  const purpose = `add column ${table.name}.${target} beside ${table.name}.${source.name}`;
  draft.add(alterStep(table.name, purpose, added));
  draft.add(...grantAlike(table.name, source.name, target, grants));
  return true;
}

/**
 * The step that grants on one column what is granted on another one.
 *
 * @param grants as `ColumnUses` has them
 */
export function grantAlike(table: string, column: string, other: string, grants: readonly string[]): Step[] {
  if (grants.length === 0) return [];
  return [
    {
      purpose: `grant on ${table}.${other} what is granted on ${table}.${column}`,
      sql: grants.map((grant) => grant.replace('%s', () => quoteIdentifier(other))).join(';\n'),
      onShadows: [],
    },
  ];
}
