import type { Catalog, Table } from '../catalog';

// Logical replication carries rows, and no DDL: the table and the columns of a row are found by their names (manual, 31.6).

/** What a live table, and its columns, were called when the shadow of it was made. */
type OriginOf = (
  shadow: Table,
) => { readonly table: string; readonly columns: ReadonlyMap<number, string> } | undefined;

/** What becomes of the names of a live table, or of a table that is created. */
export interface NamesChanged {
  /** Its name in the live database, or its own where it is created. */
  readonly table: string;
  readonly isCreated: boolean;
  /** In words: `column kind becomes undone_kind`. */
  readonly changes: readonly string[];
  /** There are only new names: rows with the old ones can still be applied. */
  readonly isAddition: boolean;
}

/** What a migration does to the names by which rows are replicated, from the shadows before and after it. */
export function namesChanged(before: Catalog, after: Catalog, originOf: OriginOf): NamesChanged[] {
  const liveName = (table: Table) => originOf(table)?.table;
  const now = new Map([...after.tables.values()].map((table) => [liveName(table) ?? '', table]));
  const changed = [...before.tables.values()].flatMap((table) => {
    const name = liveName(table);
    const is = now.get(name ?? '');
    return name === undefined
      ? []
      : [changesOfNames(name, namesOf(table, originOf), is && namesOf(is, originOf))];
  });
  const created = [...after.tables.values()]
    .filter((table) => liveName(table) === undefined && !before.tables.has(table.name))
    .map(({ name }) => ({
      table: name,
      isCreated: true,
      changes: [`table ${name} is new`],
      isAddition: true,
    }));
  return [...changed.filter(({ changes }) => changes.length > 0), ...created];
}

/** A table by its name, and its columns by what stays the same when they get other names. */
export interface Names {
  readonly name: string;
  readonly columns: ReadonlyMap<string, string>;
}

/**
 * What becomes of the names of a table.
 *
 * @param table what to call it
 * @param is undefined where it is dropped
 */
export function changesOfNames(table: string, was: Names, is: Names | undefined): NamesChanged {
  const common = { table, isCreated: false };
  if (!is) return { ...common, changes: [`table ${was.name} is dropped`], isAddition: false };
  const renamed = was.name === is.name ? [] : [`table ${was.name} becomes ${is.name}`];
  const [old, current] = [was.columns, is.columns];
  const gone = [...old].flatMap(([column, before]) => {
    const now = current.get(column);
    if (now === undefined) return [`column ${before} is dropped`];
    return now === before ? [] : [`column ${before} becomes ${now}`];
  });
  const added = [...current].flatMap(([column, now]) => (old.has(column) ? [] : [`column ${now} is new`]));
  const lost = [...renamed, ...gone];
  return { ...common, changes: [...lost, ...added], isAddition: lost.length === 0 };
}

function namesOf(shadow: Table, originOf: OriginOf): Names {
  return { name: shadow.name, columns: columnsByOrigin(shadow, originOf) };
}

/** The columns of a shadow, by what they were called in the live table; a new one by its own name. */
function columnsByOrigin(shadow: Table, originOf: OriginOf): Map<string, string> {
  const columns = originOf(shadow)?.columns;
  return new Map(
    shadow.columns.map(({ name, number }) => {
      const live = columns?.get(number);
      return [live === undefined ? `new ${name}` : `live ${live}`, name];
    }),
  );
}

/** Who replicates a table. */
export interface Replicated {
  readonly table: string;
  readonly publications: readonly string[];
  readonly subscriptions: readonly string[];
}

/** What is known of the replication of a database. */
export interface LogicalReplication {
  readonly tables: readonly Replicated[];
  /** The publications for all tables, in which a new table is, too. */
  readonly forAllTables: readonly string[];
  /** The names of the slots from which subscribers read. */
  readonly slots: readonly string[];
}

/** What to say before a migration is run that changes names by which rows are replicated: one line for each table. */
export function replicationWarnings(
  changed: readonly NamesChanged[],
  { tables, forAllTables, slots }: LogicalReplication,
): string[] {
  return changed.flatMap((change) => {
    const found = tables.find(({ table }) => table === change.table);
    const publications = change.isCreated ? forAllTables : (found?.publications ?? []);
    const subscriptions = found?.subscriptions ?? [];
    return [
      ...(publications.length > 0 ? [ofPublisher(change, publications, slots)] : []),
      ...(subscriptions.length > 0 && !change.isAddition ? [ofSubscriber(change, subscriptions)] : []),
    ];
  });
}

function ofPublisher(
  { table, changes, isAddition, isCreated }: NamesChanged,
  publications: readonly string[],
  slots: readonly string[],
): string {
  const what = `publication ${publications.join(', ')} has table ${table}, and ${changes.join(', ')}`;
  const subscribers = slots.length > 0 ? `each subscriber (slot ${slots.join(', ')})` : 'each subscriber';
  const refresh = isCreated ? ', and then ALTER SUBSCRIPTION … REFRESH PUBLICATION' : '';
  if (isAddition) {
    return (
      `${what}. On ${subscribers} first${refresh}: where it is not, the subscription stops with the first row, and goes ` +
      'on by itself when it is'
    );
  }
  return (
    `${what}. Publisher first, which is here; then at once on ${subscribers}${refresh}, and only then the next migration of ` +
    'that table. Until then the subscription stops with the first row that has a new name ("missing replicated column", ' +
    '"does not exist"), and then goes on by itself. The other way round, rows with the old names could not be applied any more'
  );
}

function ofSubscriber({ table, changes }: NamesChanged, subscriptions: readonly string[]): string {
  return (
    `subscription ${subscriptions.join(', ')} writes to table ${table}, and ${changes.join(', ')}. Publisher first: this is for ` +
    'when it is done there, and all is applied here that was written there before. Where it comes too early, the ' +
    'subscription stops ("missing replicated column", "does not exist"): the opposite command gives it back the name that ' +
    'it misses; then do the same on the publisher, and this here again'
  );
}
