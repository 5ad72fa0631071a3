import { quoteIdentifier } from '../postgres';
import {
  type AddConstraint,
  type AddIndex,
  type AddUnique,
  type Change,
  type CreateTable,
  type ForwardChange,
  type Rename,
  type RenameEnumValue,
} from './changes';
import { type ColumnDeclaration, columnsOfTable } from './changed-tables';
import type { ColumnAttributes } from './columns';
import { inExpression, renamedCondition } from './current-conditions';
import { renamedRows } from './current-rows';
import { renamesIn } from './ended-overlaps';
import { bracketsOf, enumLabelsOf, declaredEnum, labelNow, withEnumLabels } from './enums';
import { inverseOf } from './inverse';

/**
 * A change with the names that its columns and labels have after later changes. A migration that is undone and done again,
 * or that runs on a database that is ahead of it, finds a column that was renamed since under its new name.
 *
 * @param later the changes of the later migrations in the log, in order
 */
export function underCurrentNames(change: Change, later: readonly Change[]): Change {
  return renamesIn(later).reduce<Change>(
    (current, rename) =>
      'undoes' in current ? inverseOf(underName(current.undoes, rename)) : underName(current, rename),
    change,
  );
}

/** A change with the names that there are after a rename. */
export function underName<T extends ForwardChange>(change: T, rename: Rename): T;
export function underName(change: ForwardChange, rename: Rename): ForwardChange {
  return inTable(renamed(change, rename), rename);
}

/** A change to a table that has another name. What is named after the table keeps its name. */
function inTable(change: ForwardChange, rename: Rename): ForwardChange {
  if (change.kind === 'sql') return change;
  const { kind, table } = change;
  const now = tableNow(table, rename);
  if (kind === 'renameTable' || now === table) return change;
  return 'attributes' in change
    ? { ...change, table: now, namedFor: change.namedFor ?? table }
    : { ...change, table: now };
}

function renamed(change: ForwardChange, rename: Rename): ForwardChange {
  if (change.kind === 'sql') return change;
  const { table } = change;
  switch (change.kind) {
    case 'createTable':
      return renamedInTable(change, rename);
    case 'addColumn':
    case 'changeColumn': {
      const column = renamedColumn(change, rename);
      const type = isOfType(change, rename) ? change.attributes.type : column.attributes.type;
      return { ...change, ...column, attributes: { ...column.attributes, type } };
    }
    case 'addIndex':
      return renamedIndex(change, rename);
    case 'addConstraint':
      return renamedConstraint(change, rename);
    case 'bulkUpdate':
    case 'bulkDelete':
    case 'bulkInsert':
      return renamedRows(change, rename);
    case 'convertColumn':
    case 'renameEnumValue':
      return { ...change, column: nameNow(table, change.column, rename) };
    case 'renameTable':
    case 'renameColumn':
    case 'renameIndex':
    case 'overlapColumn':
      return change;
  }
}

function renamedInTable(change: CreateTable, rename: Rename): CreateTable {
  const { table, distributeBy: by } = change;
  const columns = columnsOfTable(change).map((declaration) => renamedColumn(declaration, rename));
  const others = columns.filter(({ column, columnNamedFor }) => column !== columnNamedFor);
  return {
    ...change,
    attributes: Object.fromEntries(columns.map((one) => [one.column, one.attributes])),
    columnsNamedFor: Object.fromEntries(others.map((one) => [one.column, one.columnNamedFor])),
    ...(by === undefined ? {} : { distributeBy: nameNow(table, by, rename) }),
    indexes: change.indexes.map((index) => renamedIndex(index, rename)),
    constraints: change.constraints.map((constraint) => renamedUnique(constraint, rename)),
  };
}

/** Whether a change finds the type of a column by the column itself, whatever that is called. */
function isOfType({ kind }: ForwardChange, rename: Rename): boolean {
  return kind === 'changeColumn' && rename.kind !== 'renameEnumValue';
}

function renamedColumn(
  declaration: ColumnDeclaration,
  rename: Rename,
): Pick<Required<ColumnDeclaration>, 'column' | 'columnNamedFor' | 'attributes'> {
  const { table, column, columnNamedFor = column, attributes } = declaration;
  if (rename.kind === 'renameEnumValue')
    return { column, columnNamedFor, attributes: renamedLabel(declaration, rename) };
  const now = nameNow(table, column, rename);
  // The enum type keeps its name when the column is renamed, or its table.
  const type = now !== column || tableNow(table, rename) !== table ? declaredEnum(declaration) : undefined;
  const { references } = attributes;
  const parent = references && {
    model: tableNow(references.model, rename),
    key: nameNow(references.model, references.key, rename),
  };
  const current = {
    ...(type ? { type: quoteIdentifier(type.name) + bracketsOf(attributes) } : {}),
    ...(parent ? { references: parent } : {}),
  };
  const own = rename.table === table ? withExpressions(attributes, rename, column) : attributes;
  return { column: now, columnNamedFor, attributes: { ...own, ...current } };
}

/** A column whose expressions name another one, or a label, by its other name. */
function withExpressions(attributes: ColumnAttributes, rename: Rename, column: string): ColumnAttributes {
  const { generatedAs, backfill } = attributes;
  return {
    ...attributes,
    ...(generatedAs ? { generatedAs: inExpression(generatedAs, rename, column) } : {}),
    ...(backfill ? { backfill: inExpression(backfill, rename, column) } : {}),
  };
}

function renamedLabel(
  { table, column, attributes }: ColumnDeclaration,
  rename: RenameEnumValue,
): ColumnAttributes {
  if (rename.table !== table) return attributes;
  const current = withExpressions(attributes, rename, column);
  if (rename.column !== column) return current;
  const { from, to } = rename;
  const { defaultValue } = attributes;
  const labels = enumLabelsOf(attributes)?.map((label) => (label === from ? to : label));
  const defaultNow = labelNow(inExpression(defaultValue, rename, column), from, to);
  return {
    ...current,
    ...(labels ? { type: withEnumLabels(attributes.type, labels) } : {}),
    ...(defaultValue === undefined ? {} : { defaultValue: defaultNow }),
  };
}

function renamedIndex(index: AddIndex, rename: Rename): AddIndex {
  const { table, options } = index;
  if (table !== rename.table) return index;
  if (rename.kind === 'renameIndex')
    return index.name === rename.from ? { ...index, name: rename.to } : index;
  const where = options.where && renamedCondition(options.where, rename);
  const include = options.include?.map((column) => nameNow(table, column, rename));
  const fields = index.fields.map((field) => {
    if (typeof field === 'string') return nameNow(table, field, rename);
    return 'name' in field
      ? { ...field, name: nameNow(table, field.name, rename) }
      : inExpression(field, rename);
  });
  const current = { ...options, ...(where ? { where } : {}), ...(include ? { include } : {}) };
  return { ...index, table: tableNow(table, rename), fields, options: current };
}

function renamedConstraint(constraint: AddConstraint, rename: Rename): AddConstraint {
  if (constraint.type === 'unique') return renamedUnique(constraint, rename);
  if (constraint.type === 'check') {
    const where = renamedCondition(constraint.where, rename);
    return constraint.table === rename.table ? { ...constraint, where } : constraint;
  }
  const { table, fields, references } = constraint;
  const parent = {
    table: tableNow(references.table, rename),
    fields: references.fields.map((field) => nameNow(references.table, field, rename)),
  };
  return { ...constraint, fields: fields.map((field) => nameNow(table, field, rename)), references: parent };
}

function renamedUnique(constraint: AddUnique, rename: Rename): AddUnique {
  const { table, fields } = constraint;
  const now = {
    table: tableNow(table, rename),
    fields: fields.map((field) => nameNow(table, field, rename)),
  };
  return { ...constraint, ...now };
}

function nameNow(table: string, column: string, rename: Rename): string {
  const isThis = rename.kind === 'renameColumn' && rename.table === table && rename.from === column;
  return isThis ? rename.to : column;
}

function tableNow(table: string, rename: Rename): string {
  return rename.kind === 'renameTable' && rename.from === table ? rename.to : table;
}
