import { byName, type Catalog, type EnumType, enumTypeOf, type Shadows } from '../catalog';
import { Draft, tablesDeclaration, withoutOtherNames } from '../plan';
import { quoteIdentifier } from '../postgres';
import { subjectOf, withShadows } from '../run';
import type { Run } from '../session';
import { bracketsOf, type ColumnAttributes, type CreateTable, declaredEnum, schemaOf } from '../vocabulary';
import { type DeferrableKey, withDeferrable } from './deferrable-keys';
import type { Catalogs } from './proposals';
import type { NameChange } from './renames';

/** What to compare with a database. */
export interface Comparison {
  /** What the models declare. */
  readonly tables: readonly CreateTable[];
  /** The schema of all of them; left out: that of the migration log. */
  readonly schema?: string | undefined;
  /** Other tables of the database to compare as well: the models may declare them no more. */
  readonly others?: readonly string[];
  /** When the foreign keys of the models are checked, where they say that. */
  readonly deferrable?: readonly DeferrableKey[];
  /** What is to be done to the tables of the database before they are compared. */
  readonly renames?: readonly NameChange[];
}

/**
 * The tables of a database and those that models declare, as PostgreSQL prints both. An enum type counts as that of its
 * column whatever name it has: it keeps the one that it has when the column is renamed.
 */
export async function catalogsOf<T>(
  run: Run,
  { tables, schema = schemaOf(tables), others = [], deferrable = [], renames = [] }: Comparison,
  work: (catalogs: Catalogs, place: Shadows['place']) => T,
): Promise<T> {
  const subject = subjectOf(tables);
  const inSchema = schema === undefined ? {} : { schema };
  const all = { ...subject, ...inSchema, tables: [...new Set([...subject.tables, ...others])] };
  return withShadows(run, all, async (shadows) => {
    const draft = new Draft(run.sequelize, shadows, COMPARISON);
    await withoutOtherNames(draft, (table) => columnsOf(tables, table));
    if (renames.length > 0) shadows.apply(renames.map(renameSql));
    const found = await shadows.catalog();
    const declared = tables.map((table) => underFoundNames(table, found));
    const enums = declared.flatMap(({ types }) => types);
    await addMissingLabels(shadows, found, enums);
    const known = [...subject.tables, ...subject.parents];
    const replaced = [...found.tables.keys()].filter((name) => !known.includes(name));
    const declaration = tablesDeclaration(
      run.sequelize,
      await shadows.catalog(),
      declared.map(({ table }) => table),
      replaced,
    );
    const desired = await shadows.declare(declaration);
    const types = new Map(enums.map((type) => [type.name, type]));
    const of = { declared: subject.tables, ...inSchema };
    const keys = deferrable.filter((key) => key.schema === schema);
    return work(
      {
        found: withReferrers(draft, found, subject.tables),
        desired: { ...withDeferrable(desired, keys), enums: types },
        ...of,
      },
      shadows.place,
    );
  });
}

/** So that columns can be declared with these as their defaults. */
async function addMissingLabels(shadows: Shadows, found: Catalog, enums: readonly EnumType[]): Promise<void> {
  for (const { name, labels } of enums) {
    const there = found.enums.get(name)?.labels ?? [];
    const missing = labels.filter((label) => !there.includes(label));
    if (there.length > 0 && missing.length > 0)
      await shadows.replaceEnum({ name, labels: [...there, ...missing] });
  }
}

/** Tables that are referred to by what no model can declare, and nothing else: tables without one, and keys of several columns. */
function withReferrers({ live }: Draft, catalog: Catalog, declared: readonly string[]): Catalog {
  const tables = [...catalog.tables.values()].map((table) => ({
    ...table,
    referrers: live
      .referrersOf(table)
      .filter(({ relation, columns }) => columns.length > 1 || !declared.includes(relation)),
  }));
  return { ...catalog, tables: byName(tables) };
}

/** In place of a migration. */
const COMPARISON = { name: 'comparison', direction: 'up', changes: [], later: [] } as const;

function columnsOf(tables: readonly CreateTable[], name: string): string[] {
  return Object.keys(tables.find(({ table }) => table === name)?.attributes ?? {});
}

/** A table with the enum types that its columns have, and those types. */
function underFoundNames(table: CreateTable, found: Catalog) {
  const live = found.tables.get(table.table);
  const types: { name: string; labels: readonly string[] }[] = [];
  const attributes = Object.entries(table.attributes).map(([column, declared]) => {
    const own = declaredEnum({ table: table.table, column, attributes: declared });
    if (!own) return [column, declared] as const;
    const there = live?.columns.find(({ name }) => name === column);
    const type = there && enumTypeOf(found, there)?.name;
    const isOther = type !== undefined && type !== own.name && type.startsWith('enum_');
    types.push({ ...own, ...(isOther ? { name: type } : {}) });
    const named: ColumnAttributes = isOther
      ? { ...declared, type: quoteIdentifier(type) + bracketsOf(declared) }
      : declared;
    return [column, named] as const;
  });
  return { table: { ...table, attributes: Object.fromEntries(attributes) }, types };
}

function renameSql({ kind, table, from, to }: NameChange): string {
  const [of, name, next] = [table, from, to].map((one) => quoteIdentifier(one));
  const what = kind === 'renameTable' ? '' : `COLUMN ${String(name)} `;
  return `ALTER TABLE ${String(of)} RENAME ${what}TO ${String(next)}`;
}
