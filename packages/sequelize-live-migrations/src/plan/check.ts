import { type Catalog, columnNamed, indexNamed, KEPT_ASIDE, type Table } from '../catalog';
import {
  difference,
  type Difference,
  foreignKeyInWords,
  indexDifferences,
  indexInWords,
  tableDifferences,
} from './compare';

interface Catalogs {
  /** As it is found in the database. */
  readonly live: Catalog;
  /** As the models declare it. */
  readonly desired: Catalog;
}

/**
 * Every difference between the live and the desired tables: what is missing, what is different, and what is extra. A
 * migration reconciles some of these and leaves the others; here, all of them count.
 */
export function check({ live, desired }: Catalogs): Difference[] {
  const tables = [...desired.tables.values()].flatMap((table) => {
    const found = live.tables.get(table.name);
    return found
      ? [
          ...tableDifferences(table, found),
          ...missingUniques(table, found),
          ...comments(table, found),
          ...missingIndexes(table, found),
          ...extras(table, found),
        ]
      : [{ what: `table ${table.name}`, expected: 'that it is there', found: 'no such table' }];
  });
  return [...tables, ...enumDifferences({ live, desired }), ...keptTables({ live, desired })];
}

/** The unique constraints that are not there, under whatever name, nor an index that does the same. */
function missingUniques(desired: Table, found: Table): Difference[] {
  const there = [
    ...found.constraints.filter(({ type }) => type === 'u').map(({ definition }) => definition),
    ...found.indexes
      .filter(({ unique, predicate, valid }) => unique && predicate === null && valid)
      .map(({ keys }) => `UNIQUE (${keys.join(', ')})`),
  ];
  return desired.constraints
    .filter(({ definition }) => !there.includes(definition))
    .map(({ definition }) => ({
      what: `table ${found.name}`,
      expected: definition,
      found: 'no such constraint',
    }));
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

function extras(desired: Table, found: Table): Difference[] {
  const extra = (what: string, description: string) => ({ what, expected: 'nothing', found: description });
  const isIn = (objects: readonly { name: string }[], { name }: { name: string }) =>
    objects.some((object) => object.name === name);
  const keys = desired.foreignKeys.map((key) => key.columns.join());
  return [
    ...found.columns
      .filter((column) => !isIn(desired.columns, column))
      .map(({ name, type, comment }) =>
        extra(
          `column ${found.name}.${name}`,
          name.startsWith(KEPT_ASIDE) && comment ? comment : `type ${type}`,
        ),
      ),
    ...found.indexes
      .filter((index) => !isIn(desired.indexes, index))
      .map((index) => extra(`index ${index.name}`, indexInWords(index))),
    ...found.foreignKeys
      .filter(({ columns }) => !keys.includes(columns.join()))
      .map((key) => extra(`table ${found.name}`, foreignKeyInWords(key))),
    ...found.foreignKeys
      .filter(({ valid }) => !valid)
      .map(({ name }) => ({ what: `foreign key ${name}`, expected: 'validated', found: 'not valid' })),
    ...found.constraints
      .filter(({ type }) => type === 'c')
      .map(({ name }) => extra(`table ${found.name}`, `check constraint ${name}`)),
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

/** The tables that an undo has kept aside, or that were created in the place of one that was. */
function keptTables({ live: { tables }, desired }: Catalogs): Difference[] {
  return [...tables.values()]
    .filter(({ name }) => !desired.tables.has(name))
    .map(({ name, comment }) => ({
      what: `table ${name}`,
      expected: 'nothing',
      found: comment ?? 'a table that was kept aside, or replaced',
    }));
}
