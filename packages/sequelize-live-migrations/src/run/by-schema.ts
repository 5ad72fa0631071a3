import { type Change, forwardOf, schemaOf } from '../vocabulary';
import type { MigrationToPlan } from './migration-to-plan';

/** A migration to plan, whose changes and those of its neighbours are about tables of one schema. */
export interface MigrationInSchema extends MigrationToPlan {
  /** It comes after one that is written by hand, of which nothing is known. */
  readonly isAfterUnknown: boolean;
}

/** Migrations by the schemas of their tables; first those in the schema of the migration log. */
export function bySchema(migrations: readonly MigrationToPlan[]): MigrationInSchema[][] {
  const schemas = new Set([undefined, ...migrations.map(({ changes = [] }) => schemaOf(changes))]);
  const unknown = migrations.findIndex(({ changes }) => changes === undefined);
  const all = migrations.map((migration, n) => ({
    ...migration,
    isAfterUnknown: unknown >= 0 && n > unknown,
  }));
  const grouped = [...schemas].map((schema) =>
    all
      .filter(({ changes = [] }) => schemaOf(changes) === schema)
      .map((migration) => ({
        ...migration,
        later: migration.later.filter((change) => isIn(schema, change)),
        ...(migration.earlier ? { earlier: migration.earlier.filter((change) => isIn(schema, change)) } : {}),
      })),
  );
  return grouped.filter((group) => group.length > 0);
}

/** Whether a change is about a table of a schema, or may be. */
function isIn(schema: string | undefined, change: Change): boolean {
  return forwardOf(change).kind === 'sql' || schemaOf([change]) === schema;
}
