import { columnNamed, type Column, type ForeignKey, type Index, type Key, type Table } from '../catalog';

/** One way in which a live thing is not what is wanted. */
export interface Difference {
  /** `column user_sessions.status`, `index user_sessions_status`. */
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

/** `column user_sessions.status: expected type enum_user_sessions_status, found type text` */
export function describe({ what, expected, found }: Difference): string {
  return `${what}: expected ${expected}, found ${found}`;
}

/** The difference between two descriptions of one thing, if there is one. */
export function difference(what: string, expected: string, found: string): Difference[] {
  return expected === found ? [] : [{ what, expected, found }];
}

/** How `found` differs from `wanted`; the order of columns is no difference, and neither is anything extra. */
export function tableDifferences(wanted: Table, found: Table): Difference[] {
  return [
    ...wanted.columns.flatMap((column) =>
      columnDifferences(wanted.name, column, columnNamed(found, column.name)),
    ),
    ...primaryKeyDifferences(wanted, found),
    ...wanted.foreignKeys.flatMap((key) => foreignKeyDifferences(key, found)),
  ];
}

function columnDifferences(table: string, wanted: Column, found: Column | undefined): Difference[] {
  const what = `column ${table}.${wanted.name}`;
  if (!found) return [{ what, expected: columnInWords(wanted), found: 'no such column' }];
  return [
    ...typeDifferences(table, wanted, found),
    ...difference(what, nullability(wanted), nullability(found)),
    ...difference(what, defaultInWords(wanted), defaultInWords(found)),
  ];
}

/** The differences of a column that nothing brings into line: its type, and a sequence where there was none. */
export function typeDifferences(table: string, wanted: Column, found: Column): Difference[] {
  const inWords = ({ type, serial, generated }: Column) =>
    `type ${type}${serial ? ' with a sequence of its own' : ''}${generated ? ' whose values are generated' : ''}`;
  return difference(`column ${table}.${wanted.name}`, inWords(wanted), inWords(found));
}

export function primaryKeyDifferences(wanted: Table, found: Table): Difference[] {
  return difference(`table ${wanted.name}`, keyInWords(wanted.primaryKey), keyInWords(found.primaryKey));
}

function foreignKeyDifferences(wanted: ForeignKey, table: Table): Difference[] {
  const what = `table ${table.name}`;
  const expected = foreignKeyInWords(wanted);
  const onSameColumns = table.foreignKeys.filter(({ columns }) => columns.join() === wanted.columns.join());
  const found = onSameColumns.map(foreignKeyInWords);
  if (found.includes(expected)) return [];
  return [{ what, expected, found: found.join(' and ') || 'no foreign key on that column' }];
}

export function indexDifferences(wanted: Index, found: Index): Difference[] {
  const [expected, its] = [indexInWords(wanted), indexInWords(found)];
  // PostgreSQL quotes some names; where one was changed in a plan only, it is written without.
  const unquoted = (text: string) => text.replaceAll('"', '');
  return unquoted(expected) === unquoted(its) ? [] : [{ what: `index ${wanted.name}`, expected, found: its }];
}

// A serial column's default names its sequence, which is the column's own affair.
function defaultInWords(column: Column): string {
  if (column.serial) return 'the next value of a sequence of its own';
  return column.default === null ? 'no default' : `default ${column.default}`;
}

function nullability({ notNull }: Column): string {
  return notNull ? 'not null' : 'nullable';
}

function columnInWords(column: Column): string {
  return `type ${column.type}, ${nullability(column)}, ${defaultInWords(column)}`;
}

function keyInWords(key: Key | null): string {
  return key ? `primary key (${key.columns.join(', ')})` : 'no primary key';
}

export function foreignKeyInWords({ columns, references, onUpdate, onDelete }: ForeignKey): string {
  const parent = `${references.table} (${references.columns.join(', ')})`;
  return `foreign key (${columns.join(', ')}) to ${parent} on update ${onUpdate} on delete ${onDelete}`;
}

export function indexInWords({ unique, method, keys, included, predicate }: Index): string {
  const include = included.length > 0 ? ` include (${included.join(', ')})` : '';
  const where = predicate === null ? '' : ` where ${predicate}`;
  return `${unique ? 'unique ' : ''}${method} (${keys.join(', ')})${include}${where}`;
}
