import {
  byName,
  type Catalog,
  columnNamed,
  type Contents,
  type Inspection,
  type LiveCatalog,
} from '../catalog';
import { inspect } from './inspect';
import type { Change } from '../vocabulary';
import { plan, type Plan } from '../plan';
import type { Run } from '../session';

/** A migration that has not run. */
export interface Pending {
  readonly name: string;
  readonly changes: readonly Change[];
}

/** What a migration would do, and the inspection that its plan was made from. */
export interface DryRun {
  readonly name: string;
  readonly plan: Plan;
  readonly inspection: Inspection;
}

/**
 * Plans migrations one after the other without running any, each on the catalog as the steps of those before it would
 * leave it.
 *
 * @throws RefusedError where one of them would be refused
 */
export async function dryRun(run: Run, pending: readonly Pending[]): Promise<DryRun[]> {
  const dryRuns: DryRun[] = [];
  const planned = new PlannedDatabase();
  for (const { name, changes } of pending) {
    const inspected = await inspect(run, changes, { before: (live) => planned.overlay(live) });
    const { live } = inspected;
    const inspection = { ...inspected, live: { ...live, contents: planned.contentsOf(live) } };
    const migrationPlan = plan(inspection, changes, name);
    dryRuns.push({ name, plan: migrationPlan, inspection });
    planned.advance(inspection.live, migrationPlan);
  }
  return dryRuns;
}

/** The database as the migrations that have been planned would leave it. */
class PlannedDatabase {
  private catalog: LiveCatalog | undefined;
  /** The names of the tables and types that have been read from the live catalog. For them, `catalog` is more recent. */
  private readonly read = new Set<string>();

  /** The live catalog, with `catalog` in place of what has been read before. */
  overlay(live: Catalog): Catalog {
    const unread = <T extends { readonly name: string }>(objects: ReadonlyMap<string, T>) =>
      [...objects.values()].filter(({ name }) => !this.read.has(name));
    const tables = [...unread(live.tables), ...(this.catalog?.tables.values() ?? [])];
    const enums = [...unread(live.enums), ...(this.catalog?.enums.values() ?? [])];
    for (const { name } of [...live.tables.values(), ...live.enums.values()]) this.read.add(name);
    return { tables: byName(tables), enums: byName(enums) };
  }

  /** What is known of the rows, without the tables and the nulls that there will not be any more. */
  contentsOf({ tables, contents }: LiveCatalog): Contents {
    const joined = (of: (contents: Contents) => ReadonlySet<string>) =>
      new Set([...of(contents), ...(this.catalog ? of(this.catalog.contents) : [])]);
    const isNullable = (key: string) => {
      const [table = '', column = ''] = key.split('.');
      const found = tables.get(table);
      return found !== undefined && columnNamed(found, column)?.notNull === false;
    };
    return {
      reasonsToKeep: contents.reasonsToKeep,
      withRows: new Set([...joined(({ withRows }) => withRows)].filter((name) => tables.has(name))),
      withNulls: new Set([...joined(({ withNulls }) => withNulls)].filter(isNullable)),
      withOrphans: joined(({ withOrphans }) => withOrphans),
      withValues: joined(({ withValues }) => withValues),
    };
  }

  advance(live: LiveCatalog, { steps }: Plan): void {
    this.catalog = steps.reduce((catalog, { effect }) => effect(catalog), live);
  }
}
