import { createDatabase, type TestDatabase } from './database';

/**
 * A database that looks like the coordinator of a Citus cluster, as far as it is asked: a table is called distributed, and
 * stays where it is. For what is planned, refused and sent there, on any server.
 */
export async function createStandIn(): Promise<TestDatabase> {
  const database = await createDatabase();
  await database.query(`INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    VALUES (99999, 'citus', 10, 11, false, 'a stand-in')`);
  await database.query(STAND_IN);
  return database;
}

const STAND_IN = `
  CREATE TABLE pg_dist_partition (logicalrelid regclass PRIMARY KEY, partmethod "char", partkey text);
  CREATE TABLE pg_dist_schema (schemaid regnamespace PRIMARY KEY);
  CREATE TABLE pg_dist_local_group (groupid int);
  INSERT INTO pg_dist_local_group VALUES (0);
  CREATE TABLE pg_dist_node (groupid int, nodename text, nodeport int);
  INSERT INTO pg_dist_node VALUES (0, 'coordinator', 5432);
  CREATE FUNCTION column_to_column_name(regclass, text) RETURNS text LANGUAGE sql AS 'SELECT $2';
  CREATE FUNCTION create_distributed_table(regclass, text, colocate_with text DEFAULT 'default') RETURNS void
    LANGUAGE sql AS $$ INSERT INTO pg_dist_partition VALUES ($1, 'h', $2) $$`;
