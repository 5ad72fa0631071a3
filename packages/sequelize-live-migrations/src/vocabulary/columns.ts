import type { DataType, Utils } from 'sequelize';

/** What happens to the referencing rows when a referenced row is deleted, or its key updated (manual, CREATE TABLE). */
export const REFERENTIAL_ACTIONS = ['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT'] as const;
export type ReferentialAction = (typeof REFERENTIAL_ACTIONS)[number];

/** What a migration may declare of a column: Sequelize's own names and meanings. */
export interface ColumnAttributes {
  readonly type: DataType;
  /** As in Sequelize, a column accepts nulls unless this is false. */
  readonly allowNull?: boolean;
  /** A constant, or `literal('an SQL expression')`. */
  readonly defaultValue?: string | number | boolean | object | InstanceType<typeof Utils.Literal>;
  /**
   * Not Sequelize's: `literal('an SQL expression')` over the row, for the rows in which an existing column is null
   * when it is to be NOT NULL. Where it is left out, or is null itself, they get the default.
   */
  readonly backfill?: InstanceType<typeof Utils.Literal>;
  /** Left out: the comment stays as it is. */
  readonly comment?: string;
  readonly primaryKey?: boolean;
  readonly autoIncrement?: boolean;
  /** With `autoIncrement`: an identity column in place of one with a sequence of its own. */
  readonly autoIncrementIdentity?: boolean;
  /** Not Sequelize's: a generated column, `literal('an SQL expression')` over the other columns of its row. */
  readonly generatedAs?: InstanceType<typeof Utils.Literal>;
  /** Its values are unique: a constraint, which PostgreSQL names after the table and the column. */
  readonly unique?: boolean;
  readonly references?: { readonly model: string; readonly key: string };
  readonly onUpdate?: ReferentialAction;
  readonly onDelete?: ReferentialAction;
}

export const COLUMN_ATTRIBUTES: readonly (keyof ColumnAttributes)[] = [
  'type',
  'allowNull',
  'defaultValue',
  'backfill',
  'comment',
  'primaryKey',
  'autoIncrement',
  'autoIncrementIdentity',
  'generatedAs',
  'unique',
  'references',
  'onUpdate',
  'onDelete',
];
