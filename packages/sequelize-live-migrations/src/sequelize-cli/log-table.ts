import { QueryTypes, type Sequelize } from 'sequelize';
import { findPlace, LOG_TABLE } from '../catalog';
import { quoteIdentifier, quoteLiteral } from '../postgres';

/** The table of the migration log: the same, and in the same place, as with umzug's own storage. */
export interface LogTable {
  /** With its schema. */
  readonly name: string;
  readonly exists: boolean;
  /** Whether it has the columns that sequelize-cli's `db:migrate:schema:timestamps:add` adds. */
  readonly hasTimestamps: boolean;
}

/**
 * Finds the table in the schema that a migration of this session would work in; where there is none yet, the name that it
 * will have.
 *
 * @throws where that schema is not known (see `findPlace`)
 */
export async function findLogTable(sequelize: Sequelize): Promise<LogTable> {
  const { schema, log } = await findPlace((sql) => sequelize.query(sql, { type: QueryTypes.SELECT }), {
    tables: [],
  });
  return { name: [schema, LOG_TABLE].map(quoteIdentifier).join('.'), ...log };
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
