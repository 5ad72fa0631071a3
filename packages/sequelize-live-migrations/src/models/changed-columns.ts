import { type Column, columnNamed, type ForeignKey } from '../catalog';
import { foreignKeyInWords, isLossless } from '../plan';
import type { ColumnAttributes } from '../vocabulary';
import { call, type Proposal } from './call';
import { attributesOf, type Both, columnsOnlyIn, enumOf, keyOf } from './column-attributes';
import { labelsOf } from './changed-labels';
import { earlyAndLate, lateKey, removedKey } from './new-tables';
import { TO_BE_SAID } from './open-values';
import type { IsLate } from './order-of-proposals';

/** Adds the columns of a table that the migrations do not make. */
export function addedColumns({ found, desired }: Both, isLate: IsLate): Proposal[] {
  const added = columnsOnlyIn(desired.table, found.table);
  const isOfAdded = ({ columns }: ForeignKey) => added.some(({ name }) => name === columns.join());
  const foreignKeys = desired.table.foreignKeys.filter(isOfAdded);
  const { early, late } = earlyAndLate({ ...desired.table, foreignKeys }, isLate);
  const columns = added.map((column) => {
    const attributes = attributesOf({ ...desired, table: early }, column);
    const isUnfilled = column.notNull && column.default === null && column.generated === null;
    const where = `${found.table.name}.${column.name}`;
    return {
      up: [
        call('addColumn', found.table.name, column.name, {
          ...attributes,
          ...(isUnfilled ? { backfill: TO_BE_SAID } : {}),
        }),
      ],
      notes: isUnfilled
        ? [
            `TO BE DECIDED: ${where} is not null and has no default. Write the value for the rows that are there, an SQL ` +
              "expression over the row, in place of '…'.",
          ]
        : [],
    };
  });
  return [...columns, ...late.map((key) => lateKey(found.table, key))];
}

/** Removes the columns of a table that no model declares. */
export function removedColumns({ found, desired }: Both, isLate: IsLate): Proposal[] {
  const removed = columnsOnlyIn(found.table, desired.table);
  const isOfRemoved = ({ columns }: ForeignKey) => removed.some(({ name }) => name === columns.join());
  const foreignKeys = found.table.foreignKeys.filter(isOfRemoved);
  const { early, late } = earlyAndLate({ ...found.table, foreignKeys }, isLate);
  const columns = removed.map((column) => {
    const was = attributesOf({ ...found, table: early }, column);
    return {
      up: [call('removeColumn', found.table.name, column.name, was)],
      notes: [
        `REMOVES ${found.table.name}.${column.name}, which no model declares. Its values are kept aside, and an undo ` +
          'restores them.',
      ],
    };
  });
  return [...late.map((key) => removedKey(found.table, key)), ...columns];
}

/** Changes the columns of a table that the models declare otherwise. */
export function changedColumns(both: Both): Proposal[] {
  return both.desired.table.columns.flatMap((desired) => {
    const found = columnNamed(both.found.table, desired.name);
    return found ? changedColumn(both, found, desired) : [];
  });
}

function changedColumn(both: Both, found: Column, desired: Column): Proposal[] {
  const labels = labelsOf(both, found, desired);
  const isGenerated = found.generated !== null;
  const isUndone =
    desired.notNull !== found.notNull ||
    (!isGenerated && desired.default !== found.default && !(desired.serial && found.serial));
  const isChanged =
    isUndone ||
    desired.type !== found.type ||
    (desired.comment !== null && desired.comment !== found.comment) ||
    labels.missing.length > 0;
  const notes = [...labels.notes, ...notNullNotes(both, found, desired)];
  if (!isChanged) return labels.notes.length > 0 ? [{ up: [], notes: labels.notes }] : [];
  const table = both.found.table.name;
  const { name } = found;
  const isPrepared = isLossless({ from: found.type, to: desired.type });
  return [
    {
      up: [
        ...(isPrepared ? [call('changeColumn', table, name, { type: desired.type }, { overlap: true })] : []),
        call('changeColumn', table, name, changedAttributes(both, found, desired, labels.merged)),
      ],
      notes: [...notes, ...(isPrepared ? [preparedNote(table, desired)] : [])],
      isLeft: !isUndone,
      ...(labels.renamed ? { instead: [call('renameEnumValue', table, name, ...labels.renamed)] } : {}),
    },
  ];
}

/** PostgreSQL would rewrite the table for such a type: so one statement prepares it, and the other one makes the change. */
function preparedNote(table: string, { name, type }: Column): string {
  return (
    `${table}.${name} becomes ${type}: the first statement prepares that, and the second one makes the change, briefly. ` +
    'node-postgres returns bigint and numeric as strings: where the previous release cannot read that, move the second one ' +
    'into a migration of its own, for later.'
  );
}

/** What the column is to be. Its foreign key, if another one is declared, is changed by itself. */
function changedAttributes(
  { found: { table }, desired }: Both,
  found: Column,
  column: Column,
  labels: readonly string[] | undefined,
): ColumnAttributes {
  const isSameKey = inWords(keyOf(table, found)) === inWords(keyOf(desired.table, column));
  const withoutKey = { ...desired, table: { ...desired.table, foreignKeys: [] } };
  const attributes = attributesOf(isSameKey ? desired : withoutKey, column);
  return labels ? { ...attributes, type: enumOf(column, labels) } : attributes;
}

function notNullNotes(
  { found: { table }, desired: { table: declared } }: Both,
  found: Column,
  desired: Column,
): string[] {
  const where = `${table.name}.${desired.name}`;
  if (!desired.notNull || found.notNull || declared.primaryKey?.columns.includes(desired.name)) return [];
  return desired.default === null
    ? [
        `${where} becomes not null. Where rows have no value, this stops before anything is done: then say which, with ` +
          "backfill: literal('an SQL expression over the row').",
      ]
    : [`${where} becomes not null: the rows that have none get the default.`];
}

function inWords(key: ForeignKey | undefined): string {
  return key ? foreignKeyInWords(key) : '';
}
