import { QueryTypes, type Sequelize } from 'sequelize';
import { findPlaceOfLog, LOG_TABLE } from '../place';
import { type Query, quoteLiteral, quoteQualified } from '../postgres';
import type { Relation } from '../session';

/** The table of the migration log: the same, and in the same place, as with umzug's own storage. */
export interface LogTable {
  /** With its schema. */
  readonly name: string;
  readonly exists: boolean;
  /** Whether it has the columns that sequelize-cli's `db:migrate:schema:timestamps:add` adds. */
  readonly hasTimestamps: boolean;
}

/**
 * Finds the table in the schema that a migration of this session would work in, or where `migrationStorageTableName` and
 * `migrationStorageTableSchema` of sequelize-cli's configuration say; where there is none yet, the name that it will have.
 *
 * @throws where that schema is not known (see `findPlaceOfLog`)
 */
export async function findLogTable(sequelize: Sequelize): Promise<LogTable> {
  const query: Query = (sql) => sequelize.query(sql, { type: QueryTypes.SELECT });
  const named = namedIn(sequelize);
  if (named.schema === undefined && named.table === LOG_TABLE) {
    const { schema, log } = await findPlaceOfLog(query);
    return { name: quoteQualified(schema, LOG_TABLE), ...log };
  }
  const schemaSql = named.schema === undefined ? 'current_schema()' : quoteLiteral(named.schema);
  const [found] = await query<Omit<LogTable, 'name'> & { schema: string }>(
    `SELECT schema, oid IS NOT NULL AS exists,
       EXISTS (SELECT FROM pg_attribute WHERE attrelid = oid AND attname = 'createdAt') AS "hasTimestamps"
     FROM (SELECT ${schemaSql} AS schema) AS place, to_regclass(format('%I.%I', schema, ${quoteLiteral(named.table)})) AS oid`,
  );
  const { schema = 'public', ...log } = found ?? { exists: false, hasTimestamps: false };
  return { name: quoteQualified(schema, named.table), ...log };
}

/** The table as sequelize-cli's configuration names it; without a schema of its own, it has that of the models. */
function namedIn(sequelize: object): { readonly schema: string | undefined; readonly table: string } {
  const options: unknown = Reflect.get(sequelize, 'options');
  const schema =
    textIn(options, 'migrationStorageTableSchema') ??
    textIn(valueIn(options, 'define'), 'schema') ??
    textIn(options, 'schema');
  return { schema, table: textIn(options, 'migrationStorageTableName') ?? LOG_TABLE };
}

function textIn(owner: unknown, name: string): string | undefined {
  const value = valueIn(owner, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function valueIn(owner: unknown, name: string): unknown {
  return typeof owner === 'object' && owner !== null ? Reflect.get(owner, name) : undefined;
}

/** The table as something to lock. */
export function relationOf({ name }: LogTable): Relation {
  return { name: LOG_TABLE, sql: name };
}

/** The statements that log a migration that has run, or unlog one that is undone. They may be repeated. */
export function changeLogSql(table: LogTable, migration: string, direction: 'up' | 'down'): string[] {
  const { name, exists } = table;
  // As umzug's own storage would.
  const create = `CREATE TABLE IF NOT EXISTS ${name} (name varchar(255) NOT NULL PRIMARY KEY)`;
  return [
    ...(exists ? [] : [create]),
    direction === 'up' ? logSql(table, migration) : unlogSql(table, migration),
  ];
}

function logSql({ name, hasTimestamps }: LogTable, migration: string): string {
  const [columns, values] = hasTimestamps
    ? ['name, "createdAt", "updatedAt"', ', now(), now()']
    : ['name', ''];
  return `INSERT INTO ${name} (${columns}) VALUES (${quoteLiteral(migration)}${values}) ON CONFLICT DO NOTHING`;
}

/** Also under a name that it had with another ending. */
function unlogSql({ name }: LogTable, migration: string): string {
  const stem = migration.replace(/\.[cm]?[jt]s$/, '');
  const names = ENDINGS.map((ending) => quoteLiteral(`${stem}${ending}`));
  return `DELETE FROM ${name} WHERE name IN (${names.join(', ')})`;
}

const ENDINGS = ['.js', '.ts', '.cjs', '.cts', '.mjs', '.mts'];
