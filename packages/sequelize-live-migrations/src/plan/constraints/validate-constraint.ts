import type { Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { alterTable } from '../draft/alter';
import type { Step } from '../draft/step';

/**
 * The step that validates a constraint which is `NOT VALID`. It reads all rows, in a transaction of its own, under a lock
 * that does not block writes (manual, ALTER TABLE, Notes).
 */
export function validateConstraint({ name: table }: Table, constraint: string, purpose: string): Step {
  const validate = `VALIDATE CONSTRAINT ${quoteIdentifier(constraint)}`;
  return { ...alterTable(table, purpose, validate, 'SHARE UPDATE EXCLUSIVE'), transaction: 'alone' };
}
