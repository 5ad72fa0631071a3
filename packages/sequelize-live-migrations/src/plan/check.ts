import { type Catalog, indexNamed, KEPT_ASIDE, type Table } from '../catalog';
import {
  difference,
  type Difference,
  foreignKeyInWords,
  indexDifferences,
  indexInWords,
  tableDifferences,
} from './compare';

interface Catalogs {
  readonly live: Catalog;
  readonly desired: Catalog;
}

/**
 * Every way in which the live tables are not the wanted ones: what is missing, what is otherwise, and what is
 * there besides. A convergence brings some of this into line and leaves the rest; here, all of it counts.
 */
export function check({ live, desired }: Catalogs): Difference[] {
  const tables = [...desired.tables.values()].flatMap((table) => {
    const found = live.tables.get(table.name);
    return found
      ? [...tableDifferences(table, found), ...missingIndexes(table, found), ...extras(table, found)]
      : [{ what: `table ${table.name}`, expected: 'that it is there', found: 'no such table' }];
  });
  return [...tables, ...enumDifferences({ live, desired }), ...leftTables({ live, desired })];
}

function missingIndexes(desired: Table, found: Table): Difference[] {
  return desired.indexes.flatMap((index) => {
    const what = `index ${index.name}`;
    const its = indexNamed(found, index.name);
    if (!its) return [{ what, expected: indexInWords(index), found: 'no such index' }];
    return [...indexDifferences(index, its), ...difference(what, 'valid', its.valid ? 'valid' : 'invalid')];
  });
}

function extras(desired: Table, found: Table): Difference[] {
  const nothing = (what: string, its: string) => ({ what, expected: 'nothing', found: its });
  const isWanted = (things: readonly { name: string }[], { name }: { name: string }) =>
    things.some((thing) => thing.name === name);
  const keys = desired.foreignKeys.map((key) => key.columns.join());
  return [
    ...found.columns
      .filter((column) => !isWanted(desired.columns, column))
      .map(({ name, type, comment }) =>
        nothing(
          `column ${found.name}.${name}`,
          name.startsWith(KEPT_ASIDE) && comment ? comment : `type ${type}`,
        ),
      ),
    ...found.indexes
      .filter((index) => !isWanted(desired.indexes, index))
      .map((index) => nothing(`index ${index.name}`, indexInWords(index))),
    ...found.foreignKeys
      .filter(({ columns }) => !keys.includes(columns.join()))
      .map((key) => nothing(`table ${found.name}`, foreignKeyInWords(key))),
    ...found.foreignKeys
      .filter(({ valid }) => !valid)
      .map(({ name }) => ({ what: `foreign key ${name}`, expected: 'validated', found: 'not valid' })),
    ...found.checks.map((name) => nothing(`table ${found.name}`, `check constraint ${name}`)),
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

/** What an undo has set aside, or a merge has replaced. */
function leftTables({ live: { tables }, desired }: Catalogs): Difference[] {
  return [...tables.values()]
    .filter(({ name }) => !desired.tables.has(name))
    .map(({ name, comment }) => ({
      what: `table ${name}`,
      expected: 'nothing',
      found: comment ?? 'a table that was set aside, or replaced',
    }));
}
