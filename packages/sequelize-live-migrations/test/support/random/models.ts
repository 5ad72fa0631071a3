import {
  DataTypes,
  type IndexesOptions,
  literal,
  type ModelAttributeColumnOptions,
  Op,
  type Sequelize,
} from 'sequelize';
import type { NameChange } from '../../../src/models';

// Models as plain data, which can be changed at random, and is made into models as often as need be.

export interface Column {
  name: string;
  type: keyof typeof TYPES;
  length: number;
  labels: string[];
  notNull: boolean;
  hasDefault: boolean;
  comment: string | undefined;
  unique: boolean;
  references: { table: string; onDelete: string } | undefined;
}

interface Index {
  name: string;
  columns: string[];
  kind: 'plain' | 'descending' | 'partial' | 'expression';
}

export interface Table {
  name: string;
  columns: Column[];
  indexes: Index[];
}

/** Each type with a constant for a default, and an expression over a row, which is another one for each. */
const TYPES = {
  string: { default: "it's", value: "'row ' || id" },
  text: { default: '', value: "'row ' || id" },
  integer: { default: 7, value: 'id' },
  decimal: { default: 0, value: 'id' },
  boolean: { default: true, value: 'id % 2 = 0' },
  jsonb: { default: { a: ['b'] }, value: "jsonb_build_object('id', id)" },
  tags: { default: ['a'], value: 'ARRAY[id::text]' },
  date: { default: literal('CURRENT_TIMESTAMP'), value: 'now()' },
  uuid: { default: literal('gen_random_uuid()'), value: 'gen_random_uuid()' },
  enum: { default: 'first', value: "'first'" },
} as const;
export const TYPE_NAMES = Object.keys(TYPES).filter((name): name is keyof typeof TYPES => name in TYPES);

/** The tables that some models declare. Names are never used again, as those of real models hardly are. */
export class RandomModels {
  readonly tables: Table[] = [];
  readonly renames: NameChange[] = [];
  private names = 0;

  newName(prefix: string): string {
    this.names += 1;
    return `${prefix}${String(this.names)}`;
  }

  readonly define = (sequelize: Sequelize): void => {
    for (const { name, columns, indexes } of this.tables) {
      const attributes = columns.map((column) => [column.name, attributeOf(column)] as const);
      sequelize.define(name, Object.fromEntries(attributes), {
        tableName: name,
        timestamps: false,
        indexes: indexes.map(indexOf),
      });
    }
  };

  isRename({ kind, from, to }: NameChange): boolean {
    return this.renames.some((one) => one.kind === kind && one.from === from && one.to === to);
  }

  /** An expression for the values of a column in the rows of its table. */
  valueOf(table: string, column: string): string {
    const found = this.tables.find(({ name }) => name === table)?.columns.find(({ name }) => name === column);
    return found ? TYPES[found.type].value : 'NULL';
  }

  /** The statements that insert a row into each table that has none. */
  rowsSql(): string[] {
    return this.tables.flatMap(({ name, columns }) => {
      const given = columns.filter(({ references }) => !references);
      const values = given.map(({ type }) => TYPES[type].value);
      const list = (parts: readonly string[]) => parts.map((part) => `, ${part}`).join('');
      return [
        `INSERT INTO ${name} (id${list(given.map((column) => column.name))})
         SELECT id${list(values)} FROM generate_series(1, 1) AS id WHERE NOT EXISTS (SELECT FROM ${name})`,
      ];
    });
  }

  /** Those that fill the nulls of columns that are there and are to have none. */
  fillSql(found: readonly string[]): string[] {
    return this.tables.flatMap(({ name, columns }) =>
      columns
        .filter(
          (column) => column.notNull && found.some((line) => line.startsWith(`${name} ${column.name} `)),
        )
        .map(
          (column) =>
            `UPDATE ${name} SET ${column.name} = ${TYPES[column.type].value} WHERE ${column.name} IS NULL`,
        ),
    );
  }
}

function attributeOf(column: Column): ModelAttributeColumnOptions {
  const { notNull, hasDefault, comment, unique, references } = column;
  return {
    type: typeOf(column),
    allowNull: !notNull,
    ...(hasDefault ? { defaultValue: TYPES[column.type].default } : {}),
    ...(comment === undefined ? {} : { comment }),
    ...(unique ? { unique } : {}),
    ...(references
      ? { references: { model: references.table, key: 'id' }, onDelete: references.onDelete }
      : {}),
  };
}

function typeOf({ type, length, labels }: Column): ModelAttributeColumnOptions['type'] {
  switch (type) {
    case 'string':
      return DataTypes.STRING(length);
    case 'text':
      return DataTypes.TEXT;
    case 'integer':
      return DataTypes.INTEGER;
    case 'decimal':
      return DataTypes.DECIMAL(10, 2);
    case 'boolean':
      return DataTypes.BOOLEAN;
    case 'jsonb':
      return DataTypes.JSONB;
    case 'tags':
      return DataTypes.ARRAY(DataTypes.TEXT);
    case 'date':
      return DataTypes.DATE;
    case 'uuid':
      return DataTypes.UUID;
    case 'enum':
      return DataTypes.ENUM(...labels);
  }
}

function indexOf({ name, columns, kind }: Index): IndexesOptions {
  const [first = ''] = columns;
  switch (kind) {
    case 'plain':
      return { name, fields: columns };
    case 'descending':
      return { name, fields: [{ name: first, order: 'DESC' }] };
    case 'partial':
      return { name, fields: columns, where: { [first]: { [Op.ne]: null } } };
    case 'expression':
      return { name, fields: [literal(`(${first} IS NULL)`)] };
  }
}
