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
import type { Run } from './transaction/transaction';

/** A migration that is still to be run. */
export interface Pending {
  readonly name: string;
  readonly changes: readonly Change[];
}

/** What will be done for one, and what that stands on. */
export interface DryRun {
  readonly name: string;
  readonly plan: Plan;
  readonly inspection: Inspection;
}

/**
 * Plans migrations one after the other without running any: each on the catalog as the steps of those before it
 * will have left it.
 *
 * @throws RefusedError where one of them would be refused
 */
export async function dryRun(run: Run, pending: readonly Pending[]): Promise<DryRun[]> {
  const dryRuns: DryRun[] = [];
  const later = new Later();
  for (const { name, changes } of pending) {
    const seen = await inspect(run, changes, { before: (live) => later.overlay(live) });
    const inspection = { ...seen, live: { ...seen.live, contents: later.contentsOf(seen.live) } };
    const planned = plan(inspection, changes, name);
    dryRuns.push({ name, plan: planned, inspection });
    later.advance(inspection.live, planned);
  }
  return dryRuns;
}

/** The database as the migrations that are planned so far will leave it. */
class Later {
  private catalog: LiveCatalog | undefined;
  /** What was read from the database itself: of that, `catalog` knows better what has become of it. */
  private readonly read = new Set<string>();

  /** What is there now, with what is known of later in its place. */
  overlay(live: Catalog): Catalog {
    const unread = <T extends { readonly name: string }>(things: ReadonlyMap<string, T>) =>
      [...things.values()].filter(({ name }) => !this.read.has(name));
    const tables = [...unread(live.tables), ...(this.catalog?.tables.values() ?? [])];
    const enums = [...unread(live.enums), ...(this.catalog?.enums.values() ?? [])];
    for (const { name } of [...live.tables.values(), ...live.enums.values()]) this.read.add(name);
    return { tables: byName(tables), enums: byName(enums) };
  }

  /** What is known of the rows now and later; no more of what will not be there. */
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
