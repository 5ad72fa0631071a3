import { type Change, type ForwardChange, inverseOf, type RenameColumn } from './changes';
import type { ColumnAttributes } from './columns';
import { enumNameOf } from './enums';
import type { IndexField } from './indexes';

/**
 * A change with the names that its columns have after later changes. A migration that is undone and done again, or that
 * runs on a database that is ahead of it, finds a column that was renamed since under its new name.
 *
 * @param later the changes of the later migrations in the log, in order
 */
export function underCurrentNames(change: Change, later: readonly Change[]): Change {
  const renames = later.filter((other) => other.kind === 'renameColumn');
  if (renames.length === 0) return change;
  if ('undoes' in change) return inverseOf(renamed(change.undoes, renames));
  return renamed(change, renames);
}

function renamed(change: ForwardChange, renames: readonly RenameColumn[]): ForwardChange {
  const { table } = change;
  switch (change.kind) {
    case 'createTable': {
      const columns = Object.entries(change.attributes).map(
        ([column, attributes]) =>
          [nameNow(table, column, renames), renamedAttributes(table, column, attributes, renames)] as const,
      );
      const indexes = change.indexes.map((index) => ({
        ...index,
        fields: renamedFields(table, index.fields, renames),
      }));
      return { ...change, attributes: Object.fromEntries(columns), indexes };
    }
    case 'addColumn':
    case 'changeColumn': {
      const { column } = change;
      const attributes = renamedAttributes(table, column, change.attributes, renames);
      const now = { ...change, column: nameNow(table, column, renames), attributes };
      // It finds the type by the column, and may have to add labels.
      return change.kind === 'changeColumn'
        ? { ...now, attributes: { ...attributes, type: change.attributes.type } }
        : now;
    }
    case 'addIndex':
      return { ...change, fields: renamedFields(table, change.fields, renames) };
    case 'renameColumn':
    case 'addConstraint':
      return change;
  }
}

function renamedAttributes(
  table: string,
  column: string,
  attributes: ColumnAttributes,
  renames: readonly RenameColumn[],
): ColumnAttributes {
  const { references } = attributes;
  // The enum type keeps its name when the column is renamed.
  const enumName = enumNameOf(table, column, attributes);
  const isRenamed = nameNow(table, column, renames) !== column;
  return {
    ...attributes,
    ...(enumName !== undefined && isRenamed ? { type: `"${enumName.replaceAll('"', '""')}"` } : {}),
    ...(references
      ? {
          references: {
            model: references.model,
            key: nameNow(references.model, references.key, renames),
          },
        }
      : {}),
  };
}

function renamedFields(
  table: string,
  fields: readonly IndexField[],
  renames: readonly RenameColumn[],
): IndexField[] {
  return fields.map((field) => {
    if (typeof field === 'string') return nameNow(table, field, renames);
    return 'name' in field ? { ...field, name: nameNow(table, field.name, renames) } : field;
  });
}

function nameNow(table: string, column: string, renames: readonly RenameColumn[]): string {
  return renames.reduce(
    (name, rename) => (rename.table === table && rename.from === name ? rename.to : name),
    column,
  );
}

/** Later changes with the names that their columns have at the end. */
export function underLastNames(later: readonly Change[]): Change[] {
  return later.map((change, n) => underCurrentNames(change, later.slice(n + 1)));
}
