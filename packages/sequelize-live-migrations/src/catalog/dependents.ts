import type { Dependent, Referrer, Table } from './model';
import type { Shadows } from './shadows';

/** What depends on a table: what the shadows show, and what has no shadow, such as views. */
export function dependentsOf(shadows: Shadows, table: Table): readonly Dependent[] {
  const live = shadows.liveOf(table)?.dependents ?? [];
  const withoutShadow = live.filter(({ relation }) => !shadows.live.tables.has(relation));
  return [...table.dependents, ...withoutShadow];
}

/** The foreign keys that refer to a table: what the shadows show, and those of tables without a shadow. */
export function referrersOf(shadows: Shadows, table: Table): readonly Referrer[] {
  const live = shadows.liveOf(table)?.referrers ?? [];
  const names = shadows.originOf(table)?.columns ?? new Map<number, string>();
  const now = (was: string) => table.columns.find(({ number }) => names.get(number) === was)?.name ?? was;
  const withoutShadow = live
    .filter(({ relation }) => !shadows.live.tables.has(relation))
    .map((referrer) => ({ ...referrer, referenced: referrer.referenced.map(now) }));
  return [...table.referrers, ...withoutShadow];
}
