import { byName, type Column, type EnumType, type Index, type LiveCatalog, type Table } from '../catalog';

// What a step does to the catalog. Each function returns a new catalog, and leaves the given one as it is.

/** The catalog with `table` in place of the one with the same name, or in addition. */
export function withTable(catalog: LiveCatalog, table: Table): LiveCatalog {
  return { ...catalog, tables: new Map(catalog.tables).set(table.name, table) };
}

/** The catalog with a table changed; as it was, where there is no such table. */
export function withTableChanged(
  catalog: LiveCatalog,
  name: string,
  change: (table: Table) => Partial<Table>,
): LiveCatalog {
  const table = catalog.tables.get(name);
  return table ? withTable(catalog, { ...table, ...change(table) }) : catalog;
}

/** The catalog with some properties of a column changed. */
export function withColumnChanged(
  catalog: LiveCatalog,
  table: string,
  column: string,
  change: Partial<Column>,
): LiveCatalog {
  return withTableChanged(catalog, table, ({ columns }) => ({
    columns: columns.map((old) => (old.name === column ? { ...old, ...change } : old)),
  }));
}

/** The catalog without the table `name`, its rows, and its dependencies on other tables and types. */
export function withoutTable(catalog: LiveCatalog, name: string): LiveCatalog {
  const others = [...catalog.tables.values()].filter((table) => table.name !== name);
  const tables = others.map((table) => ({
    ...table,
    dependents: table.dependents.filter(({ relation }) => relation !== name),
  }));
  const isGone = (key: string) => key === name || key.startsWith(`${name}.`);
  return withKeys({ ...catalog, tables: byName(tables) }, (key) => (isGone(key) ? [] : [key]));
}

/** The catalog without a column, its values, and the indexes that contain it. */
export function withoutColumn(catalog: LiveCatalog, table: string, column: string): LiveCatalog {
  const key = `${table}.${column}`;
  return withKeys(
    withTableChanged(catalog, table, ({ columns, indexes }) => ({
      columns: columns.filter(({ name }) => name !== column),
      indexes: indexes.filter((index) => !expressionsOf(index).some((text) => mentions(text, column))),
    })),
    (other) => (other === key ? [] : [other]),
  );
}

/** The catalog with a table under another name, also in all that references or depends on it. */
export function withTableRenamed(catalog: LiveCatalog, from: string, to: string): LiveCatalog {
  const renamed = (name: string) => (name === from ? to : name);
  const tables = [...catalog.tables.values()].map((table) => ({
    ...table,
    name: renamed(table.name),
    foreignKeys: table.foreignKeys.map((key) => ({
      ...key,
      references: { ...key.references, table: renamed(key.references.table) },
    })),
    dependents: table.dependents.map((dependent) => ({
      ...dependent,
      relation: renamed(dependent.relation),
    })),
  }));
  return withKeys({ ...catalog, tables: byName(tables) }, (key) => {
    const [table = '', ...column] = key.split('.');
    return [[renamed(table), ...column].join('.')];
  });
}

/** The catalog with a column under another name, also in the keys and indexes that contain it. */
export function withColumnRenamed(
  catalog: LiveCatalog,
  table: string,
  from: string,
  to: string,
): LiveCatalog {
  const renamed = (name: string) => (name === from ? to : name);
  const inText = (sql: string) => sql.replace(identifier(from), to);
  const changed = withTableChanged(catalog, table, ({ columns, primaryKey, foreignKeys, indexes }) => ({
    columns: columns.map((column) => ({ ...column, name: renamed(column.name) })),
    primaryKey: primaryKey && { ...primaryKey, columns: primaryKey.columns.map(renamed) },
    foreignKeys: foreignKeys.map((key) => ({ ...key, columns: key.columns.map(renamed) })),
    indexes: indexes.map((index) => ({
      ...index,
      keys: index.keys.map(inText),
      included: index.included.map(inText),
      predicate: index.predicate && inText(index.predicate),
    })),
  }));
  return withKeys(changed, (key) => [key === `${table}.${from}` ? `${table}.${to}` : key]);
}

/** The catalog with `type` in place of the one with the same name, or in addition. */
export function withEnum(catalog: LiveCatalog, type: EnumType): LiveCatalog {
  return { ...catalog, enums: new Map(catalog.enums).set(type.name, type) };
}

/** The catalog without the enum type `name`. */
export function withoutEnum(catalog: LiveCatalog, name: string): LiveCatalog {
  return { ...catalog, enums: byName([...catalog.enums.values()].filter((type) => type.name !== name)) };
}

/** The catalog with the names of tables and columns (`table.column`) changed in the enum types and the contents. */
function withKeys(catalog: LiveCatalog, change: (key: string) => string[]): LiveCatalog {
  const { withRows, withNulls, withOrphans, withValues, reasonsToKeep } = catalog.contents;
  const changed = (keys: ReadonlySet<string>) => new Set([...keys].flatMap(change));
  return {
    ...catalog,
    enums: byName(
      [...catalog.enums.values()].map((type) => ({ ...type, usedBy: type.usedBy.flatMap(change) })),
    ),
    contents: {
      withRows: changed(withRows),
      withNulls: changed(withNulls),
      withOrphans: changed(withOrphans),
      withValues: changed(withValues),
      reasonsToKeep,
    },
  };
}

function expressionsOf({ keys, included, predicate }: Index): string[] {
  return [...keys, ...included, ...(predicate === null ? [] : [predicate])];
}

function mentions(sql: string, column: string): boolean {
  return identifier(column).test(sql);
}

/** Matches an identifier in an expression that PostgreSQL has printed, in quotes or not. */
function identifier(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`"${escaped}"|(?<![\\w$"])${escaped}(?![\\w$"])`, 'g');
}
