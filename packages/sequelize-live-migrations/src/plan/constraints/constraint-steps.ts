import { addConstraintSql, type Constraint, type Table } from '../../catalog';
import { quoteIdentifier } from '../../postgres';
import { alterStep, alterTable } from '../draft/alter';
import type { Step } from '../draft/step';

/** The step that adds a constraint as `NOT VALID`. */
export function addNotValid({ name }: Table, constraint: Constraint): Step {
  const add = addConstraintSql(name, { ...constraint, valid: false });
  return alterStep(name, `add constraint ${constraint.name}, NOT VALID`, add);
}

/**
 * The step that validates a constraint which is `NOT VALID`. It reads all rows, in a transaction of its own, under a lock
 * that does not block writes (manual, ALTER TABLE, Notes).
 */
export function validateConstraint(
  { name: table }: Pick<Table, 'name'>,
  constraint: string,
  purpose: string,
): Step {
  const validate = `VALIDATE CONSTRAINT ${quoteIdentifier(constraint)}`;
  return { ...alterTable(table, purpose, validate, 'SHARE UPDATE EXCLUSIVE'), transaction: 'alone' };
}

/** `age >= 0` of `CHECK (age >= 0)` */
export function conditionOf({ definition }: Constraint): string {
  return definition.replace(/^CHECK \(([\s\S]*)\)( NO INHERIT)?$/, '$1');
}
