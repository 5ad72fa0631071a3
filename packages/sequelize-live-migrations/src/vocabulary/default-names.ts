// The names that PostgreSQL (constraints) and Sequelize (indexes, enum types) give by themselves, and that an
// application's `sync()` has therefore given in existing databases.

export function primaryKeyName(table: string): string {
  return `${table}_pkey`;
}

export function foreignKeyName(table: string, column: string): string {
  return `${table}_${column}_fkey`;
}

export function indexName(table: string, columns: readonly string[]): string {
  return [table, ...columns].join('_');
}
