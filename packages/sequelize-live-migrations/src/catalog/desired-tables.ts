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
  subjectOf,
} from '../vocabulary';
import { quoteIdentifier, quoteIdentifiers, quoteLiteral } from '../postgres';

/**
 * The SQL that builds, in `pg_temp`, everything the intents speak of, so that PostgreSQL itself can say what
 * it makes of a type, a default or an index. Nothing in it touches a real table: even the parents of foreign
 * keys are temporary, because a foreign key to a real one would lock it against writes.
 */
export class DesiredTables {
  /** The stated columns of every table that is spoken of. */
  private readonly tables = new Map<string, Map<string, ColumnAttributes>>();
  private readonly indexes: AddIndex[] = [];
  /** The tables that are stated whole. */
  private readonly whole = new Set<string>();

  constructor(
    private readonly sequelize: Sequelize,
    changes: readonly Change[],
  ) {
    changes.forEach((change) => this.add(change));
  }

  /** The names of all tables that the intents speak of, parents of foreign keys included. */
  get tableNames(): string[] {
    const parents = this.allColumns().flatMap(({ attributes }) => attributes.references?.model ?? []);
    return [...new Set([...this.tables.keys(), ...parents])];
  }

  /** The names of the enum types that the columns spoken of are to have. */
  get enumNames(): string[] {
    return this.allColumns().flatMap(
      ({ table, column, attributes }) => enumNameOf(table, column, attributes) ?? [],
    );
  }

  /** The statements, in an order in which they can be run. `live` knows the columns that are there already. */
  sql(live: Catalog): string[] {
    return [
      ...this.enumTypes(),
      // Of columns that are there, but made by a migration that is itself still to be run.
      ...[...live.enums.values()]
        .filter(({ name }) => !this.enumNames.includes(name))
        .map(createTemporaryEnum),
      ...[...this.tables.keys()].flatMap((table) => this.createTable(table, live)),
      ...this.foreignKeys(),
      ...this.indexes.map(buildIndex),
    ];
  }

  private add(change: Change): void {
    const statement = subjectOf(change);
    const columns = this.tables.get(statement.table) ?? new Map<string, ColumnAttributes>();
    this.tables.set(statement.table, columns);
    // An index that goes, goes by its name: nothing is compared with it.
    const isToBeThere = change === statement;
    if (statement.kind === 'addIndex') {
      if (isToBeThere) this.indexes.push(statement);
    } else if (statement.kind === 'createTable') {
      for (const [column, attributes] of Object.entries(statement.attributes))
        columns.set(column, attributes);
      if (isToBeThere) this.indexes.push(...statement.indexes);
      this.whole.add(statement.table);
    } else {
      columns.set(statement.column, statement.attributes);
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

  /** The wanted columns; where a table is only added to, also what is there, which an index or a foreign key may need. */
  private createTable(table: string, live: Catalog): string[] {
    const desired = this.tables.get(table) ?? new Map<string, ColumnAttributes>();
    const found = this.whole.has(table) ? undefined : live.tables.get(table);
    const there = (found?.columns ?? []).filter(({ name }) => !desired.has(name));
    const declared = [...desired].filter(([, { primaryKey }]) => primaryKey).map(([column]) => column);
    const keys = found?.primaryKey?.columns ?? declared;
    // Added as it will be added to the live table, so that PostgreSQL shows whether that rewrites it.
    const columnsThere = live.tables.get(table)?.columns.map(({ name }) => name);
    const isAdded = (column: string) => columnsThere?.includes(column) === false && !keys.includes(column);
    const columnsSql = (isChosen: (column: string) => boolean) =>
      [...desired]
        .filter(([column]) => isChosen(column))
        .map(([column, attributes]) => this.column(table, column, attributes));
    const parts = [
      ...columnsSql((column) => !isAdded(column)),
      ...there.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`),
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
      // The parent is made here unless the intents made it; an existing one is only known by its key.
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

/** Sequelize 6 knows how, but its type declarations do not say so. */
interface TypeNormalizer {
  normalizeDataType(type: DataType): { toSql(): string };
}

function hasTypeNormalizer(sequelize: object): sequelize is TypeNormalizer {
  return 'normalizeDataType' in sequelize && typeof sequelize.normalizeDataType === 'function';
}

/** `TIMESTAMP WITH TIME ZONE` for `DataTypes.DATE`: the SQL that this Sequelize's dialect has for a type. */
function dialectType(sequelize: Sequelize, type: DataType): string {
  if (typeof type === 'string') return type;
  if (!hasTypeNormalizer(sequelize)) {
    throw new Error('Sequelize 6 is needed: this version has no normalizeDataType.');
  }
  return sequelize.normalizeDataType(type).toSql();
}
