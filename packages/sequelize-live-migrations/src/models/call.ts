import { type Change, Schema } from '../vocabulary';

/** A method of `Schema` that declares a change. */
type Method = Exclude<keyof Schema, 'changes'>;

/** A statement of a migration: a method of `Schema`, and its arguments. Data, so that it can be done and be written. */
export interface Call {
  readonly method: Method;
  readonly args: readonly unknown[];
}

export function call<M extends Method>(method: M, ...args: Parameters<Schema[M]>): Call {
  return { method, args };
}

/** SQL, for what no method declares. */
export function sqlProposal(sql: Parameters<Schema['sql']>[0], ...notes: readonly string[]): Proposal {
  return { up: [call('sql', sql)], notes };
}

/** The changes that some statements declare. @throws where one of them declares something that is not known */
export function changesOf(calls: readonly Call[]): readonly Change[] {
  const schema = new Schema();
  for (const { method, args } of calls) {
    const declare: unknown = Reflect.get(schema, method);
    if (typeof declare === 'function') Reflect.apply(declare, schema, args);
  }
  return schema.changes;
}

/** One thing that a migration changes, for the models and the migrations to agree. */
export interface Proposal {
  /** None where it is only to be said. */
  readonly up: readonly Call[];
  /** What to know, and to decide, before it runs. */
  readonly notes: readonly string[];
  /** What to write instead, where the models do not say which of the two is meant. */
  readonly instead?: readonly Call[];
  /** What removes what it takes the place of: to be said where an undo could not know otherwise what that was. */
  readonly replaces?: Call;
  /** Whether an undo leaves it as it is: types, labels and comments. */
  readonly isLeft?: boolean;
}

/** The same proposal, about tables of a schema: undefined for that of the migration log. */
export function inSchemaNamed(schema: string | undefined, proposal: Proposal): Proposal {
  if (schema === undefined) return proposal;
  const { up, instead } = proposal;
  const calls = (all: readonly Call[]) => all.map((one) => callIn(schema, one));
  return { ...proposal, up: calls(up), ...(instead ? { instead: calls(instead) } : {}) };
}

/** The first argument of each method is a table, but for SQL, which names it by itself. */
function callIn(schema: string, { method, args: [table, ...rest] }: Call): Call {
  return { method, args: [method === 'sql' ? table : { tableName: table, schema }, ...rest] };
}
