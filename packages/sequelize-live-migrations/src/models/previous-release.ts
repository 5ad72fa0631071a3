import { type Change, enumLabelsOf, tableOf, tablesCreatedBy } from '../vocabulary';

/** What the previous release of the application notices of some changes, in the words of the comment of a migration. */
export function previousReleaseInWords(changes: readonly Change[]): string {
  const created = tablesCreatedBy(changes);
  const noticed = changes
    .filter((change) => !created.includes(tableOf(change) ?? ''))
    .flatMap((change) => [...noticedOf(change), ...noticedOfType(change, changes)]);
  return noticedInWords(noticed);
}

/** What it notices, as a sentence. */
export function noticedInWords(noticed: readonly string[]): string {
  if (noticed.length === 0) return 'The previous release keeps working.';
  return `The previous release: ${[...new Set(noticed)].join('; ')}.`;
}

/** What is noticed of a type that the same migration has prepared. */
function noticedOfType(change: Change, changes: readonly Change[]): string[] {
  if (change.kind !== 'changeColumn') return [];
  const { table, column } = change;
  const isPrepared = changes.some(
    (other) => other.kind === 'convertColumn' && other.table === table && other.column === column,
  );
  return isPrepared ? [`has to be one that can read the new type of ${table}.${column}`] : [];
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
