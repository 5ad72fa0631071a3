import { QueryTypes, type Sequelize } from 'sequelize';
import { quoteIdentifier, quoteLiteral } from '../postgres';

const NAME = '"SequelizeMeta"';

/** The table of the migration log: the same, and in the same place, as with umzug's own storage. */
export interface LogTable {
  /** With its schema. */
  readonly name: string;
  readonly exists: boolean;
  /** Whether it has the columns that sequelize-cli's `db:migrate:schema:timestamps:add` adds. */
  readonly hasTimestamps: boolean;
}

/**
 * Finds the table with the search path of the session, which a migration's transaction changes for itself; where there
 * is none yet, the name that it will have.
 */
export async function findLogTable(sequelize: Sequelize): Promise<LogTable> {
  const [found] = await sequelize.query<{ schema: string; exists: boolean; timestamps: boolean }>(
    `SELECT coalesce(n.nspname, current_schema(), 'public')::text AS schema, c.oid IS NOT NULL AS exists,
       EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'createdAt') AS timestamps
     FROM (VALUES (to_regclass('${NAME}'))) AS found(oid)
     LEFT JOIN pg_class c ON c.oid = found.oid LEFT JOIN pg_namespace n ON n.oid = c.relnamespace`,
    { type: QueryTypes.SELECT },
  );
  const { schema = 'public', exists = false, timestamps = false } = found ?? {};
  return { name: `${quoteIdentifier(schema)}.${NAME}`, exists, hasTimestamps: timestamps };
}

/** The statements that log a migration. They may be repeated. */
export function logSql({ name, exists, hasTimestamps }: LogTable, migration: string): string[] {
  const [columns, values] = hasTimestamps
    ? ['name, "createdAt", "updatedAt"', ', now(), now()']
    : ['name', ''];
  return [
    ...(exists ? [] : [`CREATE TABLE IF NOT EXISTS ${name} (name varchar(255) NOT NULL PRIMARY KEY)`]),
    `INSERT INTO ${name} (${columns}) VALUES (${quoteLiteral(migration)}${values}) ON CONFLICT DO NOTHING`,
  ];
}

/** The statement that unlogs a migration, also under the name that a run under ts-node has left. */
export function unlogSql({ name }: LogTable, migration: string): string {
  const names = [migration, migration.replace(/\.js$/, '.ts')].map(quoteLiteral);
  return `DELETE FROM ${name} WHERE name IN (${names.join(', ')})`;
}
