import { createRequire } from 'node:module';
import type { Database } from '../configuration';
import type { Project } from './project';

/** The database that a project's config module names. @throws ConfigurationError where it names none */
export function projectDatabase({ config }: Project): Promise<Database> {
  const exported: unknown = createRequire(__filename)(config);
  if (namesDatabase(exported)) return exported.resolveDatabase();
  throw new Error(`${config} does not export resolveDatabase: see the README of sequelize-live-migrations.`);
}

function namesDatabase(exported: unknown): exported is { resolveDatabase(): Promise<Database> } {
  return (
    typeof exported === 'object' &&
    exported !== null &&
    'resolveDatabase' in exported &&
    typeof exported.resolveDatabase === 'function'
  );
}
