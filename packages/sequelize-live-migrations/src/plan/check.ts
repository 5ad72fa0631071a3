import {
  type Catalog,
  columnNamed,
  indexNamed,
  isReferredTo,
  isUniqueOverAll,
  referencesSame,
  type Table,
} from '../catalog';
import type { Namesake, Place } from '../place';
import { identifiersIn } from '../postgres';
import type { Change } from '../vocabulary';
import { referringLocally } from './citus/conflicts';
import {
  difference,
  type Difference,
  foreignKeyInWords,
  indexDifferences,
  indexInWords,
  tableDifferences,
} from './draft/compare';
import { type OnlyMigrationsDeclare, onlyMigrationsDeclare } from './only-migrations-declare';
import { isKeptAside } from './recognised/kept-aside-comment';

interface Catalogs {
  /** As it is found in the database. */
  readonly live: Catalog;
  /** As the models declare it. */
  readonly desired: Catalog;
}

interface Checked extends Catalogs {
  /** The changes of the migrations that have run: what no model can declare is no difference where these declare it. */
  readonly migrated: readonly Change[];
  /** In which there may be what has the name of a table, and is none. */
  readonly place: Place;
}

/**
 * Every difference between the live and the desired tables: what is missing, what is different, and what is extra. A
 * migration reconciles some of these and leaves the others; here, all of them count. What is kept aside is none.
 */
export function check({ live, desired, migrated, place }: Checked): Difference[] {
  const declaredOnly = onlyMigrationsDeclare(migrated);
  const tables = [...desired.tables.values()].flatMap((table) => {
    const whole = live.tables.get(table.name);
    const found = whole && withoutKeptAside(whole);
    const only = declaredOnly(table.name);
    return found
      ? [
          ...tableDifferences(table, asPlain(found, only.generated)),
          ...deferrabilities(table, found),
          ...missingUniques(table, found),
          ...comments(table, found),
          ...missingIndexes(table, asPlainIndexes(found, only.covering)),
          ...extras(table, found, only),
          ...localBesideDistributed(live, found, place),
        ]
      : [
          {
            what: `table ${table.name}`,
            expected: 'that it is there',
            found: foundInstead(table, place.namesakes),
          },
        ];
  });
  return [...tables, ...enumDifferences({ live, desired }), ...keptTables({ live, desired })];
}

/** A table without the columns that are kept aside, and without what belongs to these. */
export function withoutKeptAside(table: Table): Table {
  const kept = table.columns.filter(({ comment }) => isKeptAside(comment)).map(({ name }) => name);
  if (kept.length === 0) return table;
  const isOfThese = ({ definition }: { definition: string }) =>
    identifiersIn(definition).some((name) => kept.includes(name));
  return {
    ...table,
    columns: table.columns.filter(({ name }) => !kept.includes(name)),
    indexes: table.indexes.filter((index) => !isOfThese(index)),
    constraints: table.constraints.filter((constraint) => !isOfThese(constraint)),
    foreignKeys: table.foreignKeys.filter(({ columns }) => !columns.some((column) => kept.includes(column))),
  };
}

/** A table whose generated columns are plain ones, which is all that a model can say of them. */
function asPlain(table: Table, generated: ReadonlySet<string>): Table {
  const columns = table.columns.map((column) =>
    generated.has(column.name) ? { ...column, generated: null, default: null } : column,
  );
  return { ...table, columns };
}

/** A table whose indexes have no other columns than those of their keys. */
function asPlainIndexes(table: Table, covering: ReadonlySet<string>): Table {
  const indexes = table.indexes.map((index) =>
    covering.has(index.name)
      ? { ...index, definition: index.definition.replace(/ INCLUDE \([^)]*\)/, '') }
      : index,
  );
  return { ...table, indexes };
}

/** `a view of that name` */
function foundInstead({ name }: Table, namesakes: readonly Namesake[]): string {
  const namesake = namesakes.find((other) => other.name === name);
  return namesake ? `a ${namesake.kind} of that name` : 'no such table';
}

/** The unique constraints that are not there, under whatever name, nor an index that does the same. */
function missingUniques(desired: Table, found: Table): Difference[] {
  const there = uniquesOf(found);
  return desired.constraints
    .filter(({ definition }) => !there.includes(definition))
    .map(({ definition }) => ({
      what: `table ${found.name}`,
      expected: definition,
      found: found.constraints.some((other) => other.definition === definition)
        ? 'that a partition is without it'
        : 'no such constraint',
    }));
}

/** The definitions of the unique constraints of a table, and those that its unique indexes could be. */
function uniquesOf({ constraints, indexes }: Table): string[] {
  const ofIndexes = indexes.filter((index) => isUniqueOverAll(index) && index.valid);
  return [
    ...constraints.filter(({ type, valid }) => type === 'u' && valid).map(({ definition }) => definition),
    ...ofIndexes.map(({ keys }) => `UNIQUE (${keys.join(', ')})`),
  ];
}

/** The foreign keys that are checked at another time than the models declare. */
function deferrabilities(desired: Table, found: Table): Difference[] {
  return desired.foreignKeys.flatMap((key) => {
    const live = found.foreignKeys.find((other) => referencesSame(other, key));
    return live ? difference(`foreign key ${live.name}`, key.deferrable, live.deferrable) : [];
  });
}

/** The foreign keys of a local table to distributed ones, which do nothing. */
function localBesideDistributed({ tables }: Catalog, found: Table, place: Place): Difference[] {
  return found.foreignKeys.flatMap((key) => {
    const parent = tables.get(key.references.table);
    return parent ? referringLocally(place, found, parent, key) : [];
  });
}

/** The comments that are declared. Others belong to whoever wrote them. */
function comments(desired: Table, found: Table): Difference[] {
  const compare = (what: string, expected: string | null, comment: string | null | undefined) =>
    expected === null
      ? []
      : difference(what, `comment ${expected}`, comment ? `comment ${comment}` : 'no comment');
  return [
    ...compare(`table ${desired.name}`, desired.comment, found.comment),
    ...desired.columns.flatMap(({ name, comment }) => {
      const column = columnNamed(found, name);
      return column ? compare(`column ${desired.name}.${name}`, comment, column.comment) : [];
    }),
  ];
}

function missingIndexes(desired: Table, found: Table): Difference[] {
  return desired.indexes.flatMap((index) => {
    const what = `index ${index.name}`;
    const live = indexNamed(found, index.name);
    if (!live) return [{ what, expected: indexInWords(index), found: 'no such index' }];
    return [...indexDifferences(index, live), ...difference(what, 'valid', live.valid ? 'valid' : 'invalid')];
  });
}

function extras(desired: Table, found: Table, only: OnlyMigrationsDeclare): Difference[] {
  const extra = (what: string, description: string) => ({ what, expected: 'nothing', found: description });
  const isIn = (objects: readonly { name: string }[], { name }: { name: string }) =>
    objects.some((object) => object.name === name);
  const keys = desired.foreignKeys.map((key) => key.columns.join());
  const uniques = uniquesOf(desired);
  return [
    ...found.columns
      .filter((column) => !isIn(desired.columns, column))
      .map(({ name, type }) => extra(`column ${found.name}.${name}`, `type ${type}`)),
    ...found.indexes
      .filter((index) => !isIn(desired.indexes, index) && !only.covering.has(index.name))
      .map((index) => extra(`index ${index.name}`, indexInWords(index))),
    ...found.foreignKeys
      .filter(({ columns }) => !keys.includes(columns.join()) && !only.foreignKeys.has(columns.join()))
      .map((key) => extra(`table ${found.name}`, foreignKeyInWords(key))),
    ...found.foreignKeys
      .filter(({ valid }) => !valid)
      .map(({ name }) => ({ what: `foreign key ${name}`, expected: 'validated', found: 'not valid' })),
    ...found.constraints
      .filter(({ type, name }) => type === 'c' && !only.checks.has(name))
      .map(({ name }) => extra(`table ${found.name}`, `check constraint ${name}`)),
    ...found.constraints
      .filter(({ type, definition }) => type !== 'c' && !uniques.includes(definition))
      .filter(({ name }) => !isReferredTo(found, name))
      .map(({ name, definition }) => extra(`table ${found.name}`, `constraint ${name} ${definition}`)),
  ];
}

function enumDifferences({ live, desired }: Catalogs): Difference[] {
  return [...desired.enums.values()].flatMap(({ name, labels }) => {
    const found = live.enums.get(name);
    return difference(
      `enum type ${name}`,
      labels.join(', '),
      found ? found.labels.join(', ') : 'no such type',
    );
  });
}

/** The tables that were created in the place of one that is kept aside, or that only have such a name. */
function keptTables({ live: { tables }, desired }: Catalogs): Difference[] {
  return [...tables.values()]
    .filter(({ name, comment }) => !desired.tables.has(name) && !isKeptAside(comment))
    .map(({ name }) => ({
      what: `table ${name}`,
      expected: 'nothing',
      found: 'a table that was kept aside, or replaced',
    }));
}

/** What is kept aside, as its comments say: no difference, but good to know. */
export function keptAsideNotes({ tables }: Catalog): string[] {
  const note = (what: string, comment: string | null) => {
    const [first = ''] = comment?.split('\n\n') ?? [];
    return isKeptAside(comment) ? [`${what}: ${first}`] : [];
  };
  return [...tables.values()].flatMap((table) => [
    ...note(`table ${table.name}`, table.comment),
    ...table.columns.flatMap(({ name, comment }) => note(`column ${table.name}.${name}`, comment)),
  ]);
}
