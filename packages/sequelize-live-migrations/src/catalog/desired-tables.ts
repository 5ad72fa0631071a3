import { Utils, type DataType, type Sequelize } from 'sequelize';
import type { Catalog, EnumType } from './model';
import {
  type AddIndex,
  type ColumnAttributes,
  enumLabelsOf,
  enumNameOf,
  foreignKeyName,
  type Change,
  primaryKeyName,
  forwardOf,
} from '../vocabulary';
import { quoteIdentifier, quoteIdentifiers, quoteLiteral } from '../postgres';

/**
 * The SQL that creates, in `pg_temp`, all that some changes declare, so that PostgreSQL itself prints the types, the
 * defaults and the indexes. It touches no real table: even the tables that foreign keys reference are temporary,
 * because a foreign key to a real table would block writes to that table.
 */
export class DesiredTables {
  /** The declared columns, by table. */
  private readonly tables = new Map<string, Map<string, ColumnAttributes>>();
  private readonly indexes: AddIndex[] = [];
  /** The tables that are declared with all their columns, by `createTable`. */
  private readonly whole = new Set<string>();

  constructor(
    private readonly sequelize: Sequelize,
    changes: readonly Change[],
  ) {
    changes.forEach((change) => this.add(change));
  }

  /** The names of all tables that the changes are about, and of those that their foreign keys reference. */
  get tableNames(): string[] {
    const parents = this.allColumns().flatMap(({ attributes }) => attributes.references?.model ?? []);
    return [...new Set([...this.tables.keys(), ...parents])];
  }

  /** The names of the declared columns' enum types. */
  get enumNames(): string[] {
    return this.allColumns().flatMap(
      ({ table, column, attributes }) => enumNameOf(table, column, attributes) ?? [],
    );
  }

  /** The statements in the order in which to run them. `live` has the columns that exist already. */
  sql(live: Catalog): string[] {
    return [
      ...this.enumTypes(),
      // Of columns that exist in a dry run only: an earlier pending migration is to create them.
      ...[...live.enums.values()]
        .filter(({ name }) => !this.enumNames.includes(name))
        .map(createTemporaryEnum),
      ...[...this.tables.keys()].flatMap((table) => this.createTable(table, live)),
      ...this.foreignKeys(),
      ...this.indexes.map(buildIndex),
    ];
  }

  private add(change: Change): void {
    const forward = forwardOf(change);
    const columns = this.tables.get(forward.table) ?? new Map<string, ColumnAttributes>();
    this.tables.set(forward.table, columns);
    // An index is removed by name: nothing is compared with it, so it is not created here.
    const isReversal = change !== forward;
    if (forward.kind === 'addIndex') {
      if (!isReversal) this.indexes.push(forward);
    } else if (forward.kind === 'createTable') {
      for (const [column, attributes] of Object.entries(forward.attributes)) columns.set(column, attributes);
      if (!isReversal) this.indexes.push(...forward.indexes);
      this.whole.add(forward.table);
    } else {
      columns.set(forward.column, forward.attributes);
    }
  }

  private allColumns() {
    return [...this.tables].flatMap(([table, columns]) =>
      [...columns].map(([column, attributes]) => ({ table, column, attributes })),
    );
  }

  private enumTypes(): string[] {
    return this.allColumns().flatMap(({ table, column, attributes }) => {
      const name = enumNameOf(table, column, attributes);
      const labels = enumLabelsOf(attributes) ?? [];
      return name ? [createTemporaryEnum({ name, labels })] : [];
    });
  }

  /** The desired columns; of a table that is not created, also the existing ones, which an index or a key may need. */
  private createTable(table: string, live: Catalog): string[] {
    const desired = this.tables.get(table) ?? new Map<string, ColumnAttributes>();
    const found = this.whole.has(table) ? undefined : live.tables.get(table);
    const existing = (found?.columns ?? []).filter(({ name }) => !desired.has(name));
    const declaredKey = [...desired].filter(([, { primaryKey }]) => primaryKey).map(([column]) => column);
    const keys = found?.primaryKey?.columns ?? declaredKey;
    // Added by ALTER TABLE, as to the live table, so that PostgreSQL shows whether that rewrites the table.
    const liveColumns = live.tables.get(table)?.columns.map(({ name }) => name);
    const isAdded = (column: string) => liveColumns?.includes(column) === false && !keys.includes(column);
    const columnsSql = (isChosen: (column: string) => boolean) =>
      [...desired]
        .filter(([column]) => isChosen(column))
        .map(([column, attributes]) => this.column(table, column, attributes));
    const parts = [
      ...columnsSql((column) => !isAdded(column)),
      ...existing.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`),
      ...(keys.length > 0
        ? [`CONSTRAINT ${quoteIdentifier(primaryKeyName(table))} PRIMARY KEY (${quoteIdentifiers(keys)})`]
        : []),
    ];
    return [
      `CREATE TEMPORARY TABLE ${quoteIdentifier(table)} (${parts.join(', ')})`,
      ...columnsSql(isAdded).map((sql) => `ALTER TABLE pg_temp.${quoteIdentifier(table)} ADD COLUMN ${sql}`),
    ];
  }

  private column(table: string, column: string, attributes: ColumnAttributes): string {
    const notNull = attributes.allowNull === false || attributes.primaryKey ? ' NOT NULL' : '';
    const type = this.typeSql(enumNameOf(table, column, attributes), attributes);
    return `${quoteIdentifier(column)} ${type}${this.defaultSql(table, column, attributes)}${notNull}`;
  }

  private typeSql(enumName: string | undefined, { type, autoIncrement }: ColumnAttributes): string {
    if (enumName) return `pg_temp.${quoteIdentifier(enumName)}`;
    const sql = dialectType(this.sequelize, type);
    return autoIncrement ? `${SERIAL_PREFIX[sql] ?? ''}serial` : sql;
  }

  private defaultSql(table: string, column: string, { defaultValue }: ColumnAttributes): string {
    if (defaultValue === undefined) return '';
    if (defaultValue instanceof Utils.Literal) return ` DEFAULT ${String(defaultValue.val)}`;
    if (typeof defaultValue === 'function' || defaultValue instanceof Utils.SequelizeMethod) {
      throw new Error(
        `${table}.${column}: DataTypes.NOW, UUIDV4 and fn() are not defaults of the database. ` +
          "Write literal('CURRENT_TIMESTAMP') or literal('gen_random_uuid()').",
      );
    }
    const constant = typeof defaultValue === 'object' ? JSON.stringify(defaultValue) : String(defaultValue);
    return ` DEFAULT ${quoteLiteral(constant)}`;
  }

  private foreignKeys(): string[] {
    const desired = this.allColumns().filter(({ attributes }) => attributes.references);
    return desired.flatMap(({ table, column, attributes }) => {
      const { references, onUpdate = 'NO ACTION', onDelete = 'NO ACTION' } = attributes;
      if (!references) return [];
      const parent = quoteIdentifier(references.model);
      const key = quoteIdentifier(references.key);
      // Unless the changes create the referenced table: one with the referenced column, and nothing else.
      const type = this.typeSql(enumNameOf(table, column, attributes), attributes);
      return [
        `CREATE TEMPORARY TABLE IF NOT EXISTS ${parent} (${key} ${type} PRIMARY KEY)`,
        `ALTER TABLE pg_temp.${quoteIdentifier(table)} ADD CONSTRAINT ${quoteIdentifier(foreignKeyName(table, column))} ` +
          `FOREIGN KEY (${quoteIdentifier(column)}) REFERENCES pg_temp.${parent} (${key}) ` +
          `ON UPDATE ${onUpdate} ON DELETE ${onDelete}`,
      ];
    });
  }
}

const SERIAL_PREFIX: Readonly<Record<string, string>> = { BIGINT: 'big', SMALLINT: 'small' };

function createTemporaryEnum({ name, labels }: Pick<EnumType, 'name' | 'labels'>): string {
  return `CREATE TYPE pg_temp.${quoteIdentifier(name)} AS ENUM (${labels.map(quoteLiteral).join(', ')})`;
}

function buildIndex({ table, name, unique, columns }: AddIndex): string {
  const create = unique ? 'CREATE UNIQUE INDEX' : 'CREATE INDEX';
  return `${create} ${quoteIdentifier(name)} ON pg_temp.${quoteIdentifier(table)} (${quoteIdentifiers(columns)})`;
}

/** A method of Sequelize 6 that its type declarations leave out. */
interface TypeNormalizer {
  normalizeDataType(type: DataType): { toSql(): string };
}

function hasTypeNormalizer(sequelize: object): sequelize is TypeNormalizer {
  return 'normalizeDataType' in sequelize && typeof sequelize.normalizeDataType === 'function';
}

/** The SQL of a type in the dialect of a Sequelize instance: `TIMESTAMP WITH TIME ZONE` for `DataTypes.DATE`. */
function dialectType(sequelize: Sequelize, type: DataType): string {
  if (typeof type === 'string') return type;
  if (!hasTypeNormalizer(sequelize)) {
    throw new Error('Sequelize 6 is needed: this version has no normalizeDataType.');
  }
  return sequelize.normalizeDataType(type).toSql();
}
