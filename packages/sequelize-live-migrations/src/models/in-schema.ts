import type { Call, Proposal } from './call';

/** The same, about tables of a schema: undefined for that of the migration log. */
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
