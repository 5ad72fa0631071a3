import fs from 'node:fs';
import path from 'node:path';
import type { Umzug } from 'umzug';
import type { TestDatabase } from './database';
import { copyFixture } from './fixture-project';
import { migrateQuietly } from './migrator';
import { SCHEMA } from './schema';

/** A project whose migrations are plain ones, given by their names and texts. */
export function plainProject(migrations: Readonly<Record<string, string>>): string {
  const root = copyFixture();
  const folder = path.join(root, 'migrations');
  for (const file of fs.readdirSync(folder)) fs.rmSync(path.join(folder, file));
  for (const [name, text] of Object.entries(migrations)) writeMigration(root, name, text);
  return root;
}

export function writeMigration(root: string, name: string, text: string): void {
  fs.writeFileSync(path.join(root, 'migrations', name), text);
}

/**
 * The text of a migration, by the bodies of its functions: `q` is the query interface, `S` is Sequelize, `sql` sends, and
 * `table` names one for `addColumn` and `removeColumn`, which Sequelize has in `public` otherwise, whatever the search_path.
 */
export function upAndDown(up: string, down = ''): string {
  const helpers = `const sql = (text, options) => q.sequelize.query(text, options);
    const table = (tableName) => ({ tableName, schema: '${SCHEMA}' });`;
  const method = (body: string) => `async (q, S) => { ${helpers.replace(/\s+/g, ' ')} ${body} }`;
  return `module.exports = { up: ${method(up)}, down: ${method(down)} };\n`;
}

export const NAME = '20250101-the-migration.js';

/** Migrates in this process. @returns what was reported */
export const migrateUp = (root: string, database: Pick<TestDatabase, 'url'>) =>
  migrateQuietly(database, (umzug: Umzug) => umzug.up(), { root });

export const migrateDown = (root: string, database: Pick<TestDatabase, 'url'>) =>
  migrateQuietly(database, (umzug: Umzug) => umzug.down(), { root });
