import type { Migrations, TestMigration } from './migrations';
import { runScript } from './psql';

/** What there is after the script of a migration, and after the migration itself, each on what the SQL creates. */
export async function byScriptAndByRun(
  migrations: Migrations,
  sql: string,
  one: TestMigration,
): Promise<{ readonly byScript: unknown[]; readonly byRun: unknown[] }> {
  await migrations.reset(sql);
  await runScript(migrations.database, await migrations.script(one));
  const byScript = await contents(migrations);
  await migrations.reset(sql);
  await migrations.up(one);
  return { byScript, byRun: await contents(migrations) };
}

/** The schema and the rows, without the time in comments. */
async function contents(migrations: Migrations): Promise<unknown[]> {
  const schema = await migrations.schema();
  const tables = await migrations.query(
    "SELECT relname FROM pg_class WHERE relname IN ('pets', 'undone_pets')",
  );
  const [table] = tables.map(({ relname }) => String(relname));
  return [schema, await migrations.query(`SELECT * FROM ${table ?? ''} ORDER BY id`)];
}
