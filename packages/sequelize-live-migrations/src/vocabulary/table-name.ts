import { assertKnown, assertName } from './assertions';
import { type Change, forwardOf } from './changes';
import { inverseOf } from './inverse';

/** A table as Sequelize names it: in the schema of the migration log, or in another one. */
export type TableName = string | { readonly tableName: string; readonly schema?: string };

/** The parts of the name of a table; without a schema, it is in that of the migration log. */
export interface TableParts {
  readonly name: string;
  readonly schema: string | undefined;
}

/** @throws where something is no name of a table */
export function partsOf(method: string, table: TableName): TableParts {
  const isQualified = typeof table === 'object';
  if (isQualified) assertKnown(`${method}: a table`, table, ['tableName', 'schema']);
  const { tableName: name, schema } = isQualified ? table : { tableName: table, schema: undefined };
  assertName(method, name);
  if (schema !== undefined) assertName(`${method} of ${name}: schema`, schema);
  return { name, schema };
}

/** The change, about a table in a schema. */
export function inSchema(change: Change, schema: string | undefined): Change {
  const forward = forwardOf(change);
  if (schema === undefined || forward.kind === 'sql') return change;
  const inIt = { ...forward, schema };
  return 'undoes' in change ? inverseOf(inIt) : inIt;
}

/** The schema of the tables that changes are about; undefined for that of the migration log. */
export function schemaOf(changes: readonly Change[]): string | undefined {
  const schemas = changes
    .map(forwardOf)
    .flatMap((change) => ('schema' in change ? (change.schema ?? []) : []));
  return schemas[0];
}
