import type { ForeignKey, Index, Table } from '../../catalog';
import type { Place } from '../../place';
import { listIn, unquoted } from '../../postgres';
import { type Difference, foreignKeyInWords, indexInWords } from '../draft/compare';
import type { Draft } from '../draft/draft';
import { callsFor, qualified, referringColumn } from './calls';

// What Citus does not accept, or accepts and does not heed: refused before anything is done.

/**
 * That a table refers to a distributed one, and is not distributed by the same values: where it is local, Citus accepts the
 * foreign key, which then does nothing.
 */
export function referringLocally(place: Place, table: Table, parent: Table, key: ForeignKey): Difference[] {
  if (parent.distributedBy === undefined) return [];
  const column = referringColumn(key, parent.distributedBy);
  if (column === undefined) return [withoutColumn(table, key, parent.distributedBy)];
  if (column === table.distributedBy) return [];
  if (table.distributedBy !== undefined) return [otherColumn(table, key, parent.distributedBy)];
  return [
    {
      what: `table ${table.name}`,
      expected: `that it is distributed together with ${parent.name}, to which it refers`,
      found:
        'a local table, whose foreign key does nothing: no row is deleted with the one that it refers to. At a quiet hour, ' +
        `because nobody can write to it meanwhile: ${callsFor(place, table, column, parent.name)}`,
    },
  ];
}

/**
 * That rows from before a table was distributed are on the coordinator: no query sees them, but whatever scans the table for a
 * constraint or an index does.
 */
export function localRowsIn({ place, steps }: Draft): Difference[] {
  const changed = new Set(steps.flatMap(({ locks = [] }) => locks.map(({ table }) => table)));
  return [...(place.citus?.withLocalRows ?? [])]
    .filter((table) => changed.has(table))
    .map((table) => ({
      what: `table ${table}`,
      expected: 'that the coordinator has no rows of it',
      found:
        'rows from before it was distributed, which no query sees, but validating a constraint does: ' +
        `SELECT truncate_local_data_after_distributing_table(${qualified(place, table)});`,
    }));
}

/** That a foreign key does not contain the column by which its parent is distributed. */
export function withoutColumn(table: Table, key: ForeignKey, distributedBy: string): Difference {
  return {
    what: `table ${table.name}`,
    expected: foreignKeyInWords(key),
    found:
      `that ${key.references.table} is distributed by ${distributedBy}, which a foreign key to it has to contain (Citus). Add the column ` +
      `to both sides, or have each node store all of that table: SELECT create_reference_table(…);`,
  };
}

/** That two tables are distributed by other columns than those of the foreign key between them. */
function otherColumn(table: Table, key: ForeignKey, distributedBy: string): Difference {
  const { name } = table;
  const parent = key.references.table;
  return {
    what: `table ${name}`,
    expected: foreignKeyInWords(key),
    found:
      `that ${name} is distributed by ${String(table.distributedBy)}, and ${parent} by ${distributedBy}: a foreign key between the two ` +
      `has to contain both (Citus). Distribute them by the same, or have each node store all of ${parent}: ` +
      'SELECT undistribute_table(…); SELECT create_reference_table(…);',
  };
}

/** That an index would be unique in each part of a distributed table only. */
export function uniqueInPartsOnly({ distributedBy }: Table, index: Index): Difference[] {
  if (!index.unique || distributedBy === undefined || isAmong(index.keys, distributedBy)) return [];
  const found = hasToBeIn(distributedBy);
  return [{ what: `index ${index.name}`, expected: indexInWords(index), found }];
}

function hasToBeIn(column: string): string {
  return `that the table is distributed by ${column}, which has to be in it (Citus)`;
}

/** Whether a column is among the keys of an index, as PostgreSQL prints these. */
function isAmong(keys: readonly string[], column: string): boolean {
  return keys.map(unquoted).includes(column);
}

/** What of a new table would be unique in each part of it only. */
export function uniqueWithout(table: Table, column: string): Difference[] {
  const indexes = table.indexes.flatMap((index) =>
    uniqueInPartsOnly({ ...table, distributedBy: column }, index),
  );
  const constraints = table.constraints.filter(
    ({ type, definition }) => type === 'u' && !isAmong(listIn(definition).items, column),
  );
  return [
    ...indexes,
    ...constraints.map(({ name, definition }) => ({
      what: `constraint ${name}`,
      expected: definition,
      found: hasToBeIn(column),
    })),
  ];
}
