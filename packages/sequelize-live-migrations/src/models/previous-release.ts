import { type Change, enumLabelsOf, tableOf, tablesCreatedBy } from '../vocabulary';

/** What the previous release of the application notices of some changes, in the words of the comment of a migration. */
export function previousReleaseInWords(changes: readonly Change[]): string {
  const created = tablesCreatedBy(changes);
  const noticed = changes.filter((change) => !created.includes(tableOf(change) ?? '')).flatMap(noticedOf);
  if (noticed.length === 0) return 'The previous release keeps working.';
  return `The previous release: ${[...new Set(noticed)].join('; ')}.`;
}

function noticedOf(change: Change): string[] {
  switch (change.kind) {
    case 'renameTable':
      return [`does not find ${change.from} any more`];
    case 'renameColumn':
      return [`does not find ${change.table}.${change.from} any more`];
    case 'removeColumn':
      return [`has to be one that does not use ${change.undoes.table}.${change.undoes.column}`];
    case 'addColumn':
    case 'changeColumn':
      return noticedOfColumn(change);
    case 'addIndex':
      return change.options.unique ? [`can write no equal values into ${change.table} (${change.name})`] : [];
    case 'addConstraint':
      return change.type === 'unique'
        ? [`can write no equal values into ${change.table} (${change.name})`]
        : [`can write no row into ${change.table} that ${change.name} does not accept`];
    default:
      return [];
  }
}

function noticedOfColumn(change: Extract<Change, { kind: 'addColumn' | 'changeColumn' }>): string[] {
  const { table, column, attributes } = change;
  const { allowNull, defaultValue, autoIncrement, generatedAs } = attributes;
  const isFilled = defaultValue !== undefined || autoIncrement === true || generatedAs !== undefined;
  return [
    ...(allowNull === false && !isFilled ? [`has to give ${table}.${column} a value in every row`] : []),
    ...(change.kind === 'changeColumn' && enumLabelsOf(attributes)
      ? [`may read labels of ${table}.${column} that it does not know`]
      : []),
  ];
}
