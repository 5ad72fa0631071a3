import { QueryTypes, type Sequelize } from 'sequelize';

/** The rows that a message selects, on a connection of the pool. */
export function select<Row extends object>(sequelize: Sequelize, sql: string): Promise<Row[]> {
  return sequelize.query<Row>(sql, { type: QueryTypes.SELECT });
}
