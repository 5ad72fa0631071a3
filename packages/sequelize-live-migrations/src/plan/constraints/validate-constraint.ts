import type { Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import type { Step } from '../draft/step';

/**
 * The step that validates a constraint which is `NOT VALID`. It reads all rows, in a transaction of its own, under a lock
 * that does not block writes (manual, ALTER TABLE, Notes).
 */
export function validateConstraint({ name: table }: Table, constraint: string, purpose: string): Step {
  return {
    purpose,
    sql: `ALTER TABLE ${quoteIdentifier(table)} VALIDATE CONSTRAINT ${quoteIdentifier(constraint)}`,
    locks: [{ table, mode: 'SHARE UPDATE EXCLUSIVE' }],
    transaction: 'alone',
  };
}
