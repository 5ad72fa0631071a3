import { quoteIdentifier } from '../../postgres';
import type { Step } from '../draft/step';

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
