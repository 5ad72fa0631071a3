import type { Utils } from 'sequelize';
import { indexName } from './default-names';
import type { Condition } from './rows';

/** A part of an index: a column, an expression, or a column with its sort order or collation. */
export type IndexField =
  | string
  | InstanceType<typeof Utils.Fn>
  | InstanceType<typeof Utils.Literal>
  | {
      readonly name: string;
      readonly order?: 'ASC' | 'DESC';
      readonly collate?: string;
      /** The operator class of this field alone. */
      readonly operator?: string;
    };

/** Options of Sequelize's `addIndex`. */
export interface IndexOptions {
  /** Left out: the table and the columns, as Sequelize names it. Needed where a field is an expression. */
  readonly name?: string;
  readonly unique?: boolean;
  /** The condition of a partial index. */
  readonly where?: Condition;
  /** The method: `btree` (the default), `gin`, `gist`, `brin`, `hash`, … */
  readonly using?: string;
  /** The operator class of the fields. */
  readonly operator?: string;
  /** Not Sequelize's: columns that the index has and that are no part of its key (manual, CREATE INDEX, INCLUDE). */
  readonly include?: readonly string[];
}

export const INDEX_OPTIONS: readonly (keyof IndexOptions)[] = [
  'name',
  'unique',
  'where',
  'using',
  'operator',
  'include',
];
export const FIELD_OPTIONS: readonly string[] = ['name', 'order', 'collate', 'operator'];

/** The name that an index has by its options, or by its columns. */
export function nameOfIndex(
  table: string,
  fields: readonly IndexField[],
  { name }: IndexOptions,
): string | undefined {
  if (name !== undefined) return name;
  const columns = fields.map((field) =>
    typeof field === 'string' ? field : 'name' in field ? field.name : undefined,
  );
  const isComplete = columns.every((column) => column !== undefined);
  return isComplete ? indexName(table, columns) : undefined;
}
