import {
  type AddForeignKey,
  type Change,
  type CreateTable,
  type ForwardChange,
  forwardOf,
  isForeignKey,
} from './changes';
import type { ColumnAttributes } from './columns';
import { foreignKeyName } from './default-names';

/** The table that a change is about; undefined where that is not known, of SQL. */
export function tableOf(change: Change): string | undefined {
  const forward = forwardOf(change);
  return 'table' in forward ? forward.table : undefined;
}

/** The tables that a change is about, by the names that they have before it and after it; none of SQL. */
export function tablesOf(change: Change): string[] {
  const forward = forwardOf(change);
  if (forward.kind === 'renameTable') return [forward.from, forward.to];
  return 'table' in forward ? [forward.table] : [];
}

/** The tables that the foreign keys of a change refer to. */
export function parentsOf(change: Change): string[] {
  return foreignKeysOf(change).map(({ references }) => references.table);
}

/** The foreign keys that a change declares: by itself, or with its columns. */
export function foreignKeysOf(change: Change): AddForeignKey[] {
  const forward = forwardOf(change);
  return isForeignKey(forward)
    ? [forward]
    : columnsOf(change).flatMap((declaration) => foreignKeyOf(declaration) ?? []);
}

/** The foreign key of a column that is declared with `references`: the same as one that is declared by itself. */
export function foreignKeyOf(declaration: ColumnDeclaration): AddForeignKey | undefined {
  const { table, namedFor = table, column, columnNamedFor = column, attributes } = declaration;
  const { references, onUpdate = 'NO ACTION', onDelete = 'NO ACTION' } = attributes;
  if (!references) return undefined;
  const name = foreignKeyName(namedFor, columnNamedFor);
  const parent = { table: references.model, fields: [references.key] };
  const key = { kind: 'addConstraint', type: 'foreign key', table, name } as const;
  return { ...key, fields: [column], references: parent, onUpdate, onDelete };
}

/** The tables that some changes create. */
export function tablesCreatedBy(changes: readonly Change[]): string[] {
  return changes.flatMap((change) => (change.kind === 'createTable' ? [change.table] : []));
}

/** A column as a change declares it. */
export interface ColumnDeclaration {
  /** The kind of the change; left out for a column of a table. */
  readonly kind?: Change['kind'];
  readonly table: string;
  /** The name of the table in the names of its foreign keys; left out: its own. */
  readonly namedFor?: string;
  /** Likewise its own name before a later migration renamed it. */
  readonly columnNamedFor?: string;
  readonly column: string;
  readonly attributes: ColumnAttributes;
  /** It was deleted for good, and comes back without its values. */
  readonly isPurged?: true;
}

/** The columns that a change declares. */
export function columnsOf(change: Change): ColumnDeclaration[] {
  const forward = forwardOf(change);
  if (forward.kind === 'createTable') return columnsOfTable(forward);
  if (!('attributes' in forward)) return [];
  const { table, namedFor = table, column, columnNamedFor = column, attributes } = forward;
  return [{ table, namedFor, column, columnNamedFor, attributes }];
}

/** The columns of a table that is declared. */
export function columnsOfTable({
  table,
  namedFor = table,
  columnsNamedFor = {},
  attributes: columns,
}: Pick<CreateTable, 'table' | 'namedFor' | 'columnsNamedFor' | 'attributes'>): ColumnDeclaration[] {
  return Object.entries(columns).map(([column, attributes]) => {
    const { [column]: columnNamedFor = column } = columnsNamedFor;
    return { table, namedFor, column, columnNamedFor, attributes };
  });
}

/** A table with those of its columns, indexes and constraints that pass a test. */
export function tableOfParts(change: CreateTable, isPart: (part: ForwardChange) => boolean): CreateTable {
  const { table } = change;
  const attributes = Object.entries(change.attributes).filter(([column, ofColumn]) =>
    isPart({ kind: 'addColumn', table, column, attributes: ofColumn }),
  );
  return {
    ...change,
    attributes: Object.fromEntries(attributes),
    indexes: change.indexes.filter(isPart),
    constraints: change.constraints.filter(isPart),
  };
}
