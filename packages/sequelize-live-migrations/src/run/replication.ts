import { type Catalog, type Shadows } from '../catalog';
import { LOG_TABLE } from '../place';
import { type LogicalReplication, namesChanged, type Replicated, replicationWarnings } from '../plan';
import { quoteIdentifier, quoteLiteral } from '../postgres';
import { replicationOf, type Run } from '../session';

/** Says what a migration means for those who replicate its tables, from the shadows before and after it. */
export type WarningsOf = (before: Catalog, after: Catalog) => string[];

/**
 * Reads which tables are replicated, and by what; where the database has neither publications nor subscriptions, nothing
 * is asked.
 */
export async function readReplication(run: Run, shadows: Shadows): Promise<WarningsOf | undefined> {
  if (!replicationOf(run.sequelize).isLogical) return undefined;
  const [found] = await shadows.rowsWith<LogicalReplication>('forAllTables', replicationSql(shadows));
  if (!found) return undefined;
  warnOfLog(run, shadows, found.tables);
  return (before, after) =>
    replicationWarnings(
      namesChanged(before, after, (shadow) => shadows.originOf(shadow)),
      found,
    );
}

/** A partition is published in place of its table, or with it. */
function replicationSql({ place: { schema }, live }: Shadows): string {
  const tables = [...live.tables.keys(), LOG_TABLE].map(quoteLiteral).join(', ');
  return `WITH parts AS (
      SELECT c.relname::text AS table, part.oid FROM pg_class c, LATERAL (
        SELECT c.oid UNION SELECT relid FROM pg_partition_tree(c.oid)) AS part(oid)
      WHERE c.relnamespace = to_regnamespace(${quoteLiteral(quoteIdentifier(schema))}) AND c.relname IN (${tables})
    ), published AS (
      SELECT DISTINCT parts.table, p.pubname::text AS name FROM parts JOIN pg_class c USING (oid)
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_publication_tables p ON (p.schemaname, p.tablename) = (n.nspname, c.relname)
    ), subscribed AS (
      SELECT DISTINCT parts.table, s.subname::text AS name FROM parts
      JOIN pg_subscription_rel r ON r.srrelid = parts.oid JOIN pg_subscription s ON s.oid = r.srsubid
      WHERE parts.table <> ${quoteLiteral(LOG_TABLE)} OR NOT EXISTS (
        SELECT FROM pg_trigger t WHERE t.tgrelid = parts.oid AND t.tgenabled IN ('R', 'A') AND NOT t.tgisinternal)
    )
    SELECT (SELECT coalesce(json_agg(json_build_object('table', t.table,
        'publications', ARRAY(SELECT name FROM published p WHERE p.table = t.table ORDER BY 1),
        'subscriptions', ARRAY(SELECT name FROM subscribed s WHERE s.table = t.table ORDER BY 1))), '[]')
      FROM (SELECT DISTINCT parts.table FROM parts) AS t) AS tables,
      ARRAY(SELECT pubname::text FROM pg_publication WHERE puballtables ORDER BY 1) AS "forAllTables",
      ARRAY(SELECT slot_name::text FROM pg_replication_slots
            WHERE slot_type = 'logical' AND database = current_database() ORDER BY 1) AS slots`;
}

/** Those for which it has been said. */
const warned = new WeakSet<Run['sequelize']>();

/** Says once that the migration log is replicated, which each database writes for itself. */
function warnOfLog({ sequelize, reporter }: Run, { place }: Shadows, tables: readonly Replicated[]): void {
  const { publications = [], subscriptions = [] } = tables.find(({ table }) => table === LOG_TABLE) ?? {};
  if (warned.has(sequelize) || publications.length + subscriptions.length === 0) return;
  warned.add(sequelize);
  const by = [
    ...publications.map((name) => `publication ${name} has`),
    ...subscriptions.map((name) => `subscription ${name} writes to`),
  ];
  const log = [place.schema, LOG_TABLE].map(quoteIdentifier).join('.');
  reporter.line(
    `${by.join(', ')} the migration log ${log}, which each database writes for itself: on a subscriber that has been migrated the ` +
      'row is there already, and the subscription stops ("duplicate key value", "conflict detected"); on one that has not, the migration would count ' +
      `as run. Publish the tables by name, without ${LOG_TABLE}; or have the subscriber drop these rows, before its subscription is made ` +
      'or at any time after it: CREATE FUNCTION not_replicated() RETURNS trigger LANGUAGE plpgsql AS ' +
      "'BEGIN RETURN NULL; END'; CREATE TRIGGER not_replicated BEFORE INSERT OR UPDATE OR DELETE ON " +
      `${log} FOR EACH ROW EXECUTE FUNCTION not_replicated(); ALTER TABLE ${log} ENABLE REPLICA TRIGGER not_replicated;`,
  );
}
