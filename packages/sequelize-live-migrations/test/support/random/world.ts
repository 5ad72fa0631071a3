import { DataTypes } from 'sequelize';
import type { ColumnAttributes, ConstraintOptions, IndexOptions } from '../../../src/vocabulary';
import type { TestMigration } from '../migrations';

/** The tables, with rows, on which the migrations run. */
export const BASE = `CREATE TABLE owners (id integer PRIMARY KEY, name text);
  CREATE TYPE enum_pets_kind AS ENUM ('cat', 'dog');
  CREATE TABLE pets (id integer PRIMARY KEY, name character varying(20) DEFAULT 'Rex' NOT NULL, kind enum_pets_kind DEFAULT 'cat',
    age integer, owner integer REFERENCES owners (id));
  CREATE INDEX pets_age ON pets (age);
  INSERT INTO owners SELECT n, 'o' || n FROM generate_series(1, 3) AS n;
  INSERT INTO pets SELECT n, 'n' || n, 'dog', nullif(n, 2), nullif(n % 4, 0) FROM generate_series(1, 4) AS n`;

export const id: ColumnAttributes = { type: DataTypes.INTEGER, primaryKey: true };

/** Their columns. */
const OWNERS = { id, name: { type: DataTypes.TEXT } };
const PETS: Readonly<Record<string, ColumnAttributes>> = {
  id,
  name: { type: DataTypes.STRING(20), allowNull: false, defaultValue: 'Rex' },
  kind: { type: DataTypes.ENUM('cat', 'dog'), defaultValue: 'cat' },
  age: { type: DataTypes.INTEGER },
  owner: { type: DataTypes.INTEGER, references: { model: 'owners', key: 'id' } },
};

/** The migration before all others, which has made the tables. */
export const BASELINE: TestMigration = {
  name: '00.js',
  up: (schema) => {
    schema.createTable('owners', OWNERS);
    schema.createTable('pets', PETS);
    schema.addIndex('pets', ['age']);
  },
};

export interface Index {
  readonly name: string;
  readonly fields: readonly string[];
  readonly options: IndexOptions;
}

export interface Table {
  name: string;
  readonly columns: Map<string, ColumnAttributes>;
  readonly indexes: Index[];
  readonly constraints: ConstraintOptions[];
  /** The columns for which another type is prepared. */
  readonly prepared: Set<string>;
}

/** Numbers that choose among what is possible. */
export type Choices = readonly number[];

/** Draws the next number, as a choice among so many. */
export class Draw {
  private next = 0;

  constructor(private readonly choices: Choices) {}

  /** An element; undefined where there is none. */
  of<T>(elements: readonly T[]): T | undefined {
    const choice = this.choices[this.next % this.choices.length] ?? 0;
    this.next += 1;
    return elements[choice % Math.max(1, elements.length)];
  }
}

/** Columns of several types; the number is in the default of some. */
export const TYPES: readonly ((n: number) => ColumnAttributes)[] = [
  () => ({ type: DataTypes.INTEGER }),
  (n) => ({ type: DataTypes.INTEGER, allowNull: false, defaultValue: n }),
  () => ({ type: DataTypes.STRING(10) }),
  () => ({ type: DataTypes.TEXT, allowNull: false, defaultValue: 'x' }),
  () => ({ type: DataTypes.ENUM('a', 'b'), allowNull: false, defaultValue: 'a' }),
  () => ({ type: DataTypes.ARRAY(DataTypes.TEXT), defaultValue: [] }),
  () => ({ type: DataTypes.JSONB, allowNull: false, defaultValue: {} }),
  () => ({ type: DataTypes.INTEGER, unique: true }),
];

function tableOf(name: string, columns: Readonly<Record<string, ColumnAttributes>>, indexes: Index[]): Table {
  return { name, columns: new Map(Object.entries(columns)), indexes, constraints: [], prepared: new Set() };
}

/** What there is by now. */
export class World {
  readonly tables: Table[] = [
    tableOf('owners', OWNERS, []),
    tableOf('pets', PETS, [{ name: 'pets_age', fields: ['age'], options: {} }]),
  ];
  private count = 0;

  /** A name that nothing has had. */
  fresh(begin: string): string {
    this.count += 1;
    return `${begin}${String(this.count)}`;
  }

  add(table: Table): void {
    this.tables.push(table);
  }

  /** Renames a table in the foreign keys that refer to it. */
  renameReferred(name: string, to: string): void {
    for (const { columns } of this.tables) {
      for (const [column, attributes] of columns) {
        const { references } = attributes;
        if (references?.model === name)
          columns.set(column, { ...attributes, references: { ...references, model: to } });
      }
    }
  }
}
