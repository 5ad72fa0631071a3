import { changesOfNames, replicationWarnings } from '../plan';
import { replicationOf, type Run } from '../session';
import type { OneTransaction } from './one-transaction';
import { rowsOf } from './stand-in';

// What a plain migration changes is only known when it has run: so the names by which rows are replicated are read before it
// and after it.

/** A table that a publication or a subscription has, or has had. */
interface Relation {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  /** The table of which it is a partition, whose columns it has. */
  readonly root: string | null;
  /** The names of its columns, by their numbers. */
  readonly columns: Readonly<Record<string, string>>;
  readonly publications: readonly string[];
  readonly subscriptions: readonly string[];
}

/** The names of the tables that are replicated. */
export interface ReplicatedNames {
  /** The first schema of the search_path, which a migration may change. */
  readonly home: string;
  readonly relations: readonly Relation[];
  readonly forAllTables: readonly string[];
  readonly slots: readonly string[];
}

/**
 * The query for them, in `rows`; for `replicatedNames`.
 *
 * @param before what it has returned before the migration: these tables are read in any case
 */
export function replicatedNamesSql(before?: ReplicatedNames): string {
  const known = before?.relations.map(({ oid }) => oid).join(', ') ?? '';
  return `WITH published AS (
      SELECT c.oid, p.pubname::text AS name FROM pg_publication_tables p
      JOIN pg_namespace n ON n.nspname = p.schemaname JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
    ), subscribed AS (
      SELECT r.srrelid AS oid, s.subname::text AS name FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid
    ), own AS (
      SELECT oid FROM published UNION SELECT oid FROM subscribed UNION SELECT unnest('{${known}}'::oid[])
    ), found AS (
      SELECT oid, pg_partition_root(oid)::oid AS root FROM own
    ), parts AS (
      SELECT oid, oid AS part FROM found UNION SELECT root, oid FROM found WHERE root IS NOT NULL
    )
    SELECT (SELECT coalesce(json_agg(json_build_object(
        'oid', c.oid::text,
        'schema', (SELECT nspname FROM pg_namespace n WHERE n.oid = c.relnamespace),
        'name', c.relname,
        'root', nullif(pg_partition_root(c.oid)::oid, c.oid)::text,
        'columns', (SELECT coalesce(json_object_agg(attnum, attname ORDER BY attnum), '{}') FROM pg_attribute
          WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped),
        'publications', ARRAY(SELECT DISTINCT name FROM published JOIN parts p ON p.part = published.oid WHERE p.oid = c.oid ORDER BY 1),
        'subscriptions', ARRAY(SELECT DISTINCT name FROM subscribed JOIN parts p ON p.part = subscribed.oid WHERE p.oid = c.oid ORDER BY 1)
      ) ORDER BY c.relname), '[]') FROM pg_class c WHERE c.oid IN (SELECT oid FROM parts)) AS relations,
      current_schema()::text AS home,
      ARRAY(SELECT pubname::text FROM pg_publication WHERE puballtables ORDER BY 1) AS "forAllTables",
      ARRAY(SELECT slot_name::text FROM pg_replication_slots
            WHERE slot_type = 'logical' AND database = current_database() ORDER BY 1) AS slots`;
}

/** What it finds in a transaction; undefined where the database has no publication and no subscription. */
export async function namesIn(
  { sequelize }: Run,
  transaction: OneTransaction,
  before?: ReplicatedNames,
): Promise<ReplicatedNames | undefined> {
  if (!replicationOf(sequelize).isLogical) return undefined;
  return replicatedNames(await transaction.turn((client) => rowsOf(client, replicatedNamesSql(before))));
}

/** What that query has found. */
export function replicatedNames(rows: readonly object[]): ReplicatedNames {
  const found = rows.find(isReplicatedNames);
  if (!found) throw new Error('PostgreSQL did not return which tables are replicated.');
  return found;
}

function isReplicatedNames(row: object): row is ReplicatedNames {
  return 'relations' in row && 'forAllTables' in row && 'slots' in row;
}

/** What a migration has meant for those who replicate its tables: one line for each. */
export function warningsBetween(before: ReplicatedNames, after: ReplicatedNames): string[] {
  const nameOf = ({ schema, name }: Relation) => (schema === before.home ? name : `${schema}.${name}`);
  const namesOf = (relation: Relation) => ({
    name: nameOf(relation),
    columns: new Map(Object.entries(relation.columns)),
  });
  const now = new Map(after.relations.map((relation) => [relation.oid, namesOf(relation)]));
  const changed = before.relations
    .map((was) => ({ was, names: changesOfNames(nameOf(was), namesOf(was), now.get(was.oid)) }))
    .filter(({ names }) => names.changes.length > 0);
  // The columns of a partition are those of its table, of which it is said.
  const isSaid = (root: string | null) => changed.some(({ was }) => was.oid === root);
  const own = changed.filter(({ was }) => !isSaid(was.root)).map(({ names }) => names);
  const come = created(before, after).map(nameOf);
  const isNew = { isCreated: true, isAddition: true };
  const added = come.map((table) => ({ table, ...isNew, changes: [`table ${table} is new`] }));
  const tables = before.relations.map((relation) => ({ ...relation, table: nameOf(relation) }));
  return replicationWarnings([...own, ...added], { ...before, tables });
}

/** New tables, which only a publication for all tables has by itself. */
function created(before: ReplicatedNames, { relations }: ReplicatedNames): Relation[] {
  if (before.forAllTables.length === 0) return [];
  const isNew = ({ oid }: Relation) => !before.relations.some((was) => was.oid === oid);
  return relations.filter((relation) => relation.root === null && isNew(relation));
}
