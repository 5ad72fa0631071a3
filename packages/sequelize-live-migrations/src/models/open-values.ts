import { literal } from 'sequelize';
import type { Change } from '../vocabulary';
import { type Call, changesOf, type Proposal } from './call';

/**
 * Stands in a migration for the value that its author has to say. It is no SQL on purpose: until it is replaced, the
 * migration is refused before anything is done.
 */
export const TO_BE_SAID = literal('…');

/** Whether the value of a new column for the rows that are there is still to be said. */
export function isToBeSaid({ args }: Call): boolean {
  return args.some(isOpen);
}

function isOpen(argument: unknown): argument is object {
  return (
    typeof argument === 'object' && argument !== null && Reflect.get(argument, 'backfill') === TO_BE_SAID
  );
}

/** The same statement with a value, an SQL expression over the row. */
function withValue({ method, args }: Call, value: string): Call {
  return {
    method,
    args: args.map((argument) => (isOpen(argument) ? { ...argument, backfill: literal(value) } : argument)),
  };
}

/** The changes that some statements declare. A value that is still to be said can be any. */
export function changesWithAnyValue(calls: readonly Call[]): readonly Change[] {
  return changesOf(calls.map((statement) => withValue(statement, 'NULL')));
}

/** The same proposal with that value, of which nothing has to be said any more. */
export function filledWith(proposal: Proposal, value: string): Proposal {
  return { ...proposal, up: proposal.up.map((statement) => withValue(statement, value)), notes: [] };
}
