import type { Migrations, TestMigration } from './migrations';

/** What there is before and after migrations, after they were undone, and after they were run again. */
export interface Found {
  readonly before: string[];
  readonly after: string[];
  /** Without what is kept aside. */
  readonly undone: string[];
  readonly again: string[];
}

/** Runs migrations on what the SQL creates, one after the other, undoes them, and runs them again. */
export async function runUndoneAndRun(
  migrations: Migrations,
  sql: string,
  all: readonly TestMigration[],
): Promise<Found> {
  /** All objects, without the time in the comments of what is kept aside. */
  const schema = async () => (await migrations.schema()).map((line) => line.replace(/, at 20[^.]*/, ''));
  const inOrder = all.map((one, n) => ({ one, before: all.slice(0, n) }));
  await migrations.reset(sql);
  const before = await schema();
  for (const { one, before } of inOrder) await migrations.upAfter(before, one);
  const after = await schema();
  for (const { one, before } of inOrder.toReversed()) await migrations.downAfter(before, one);
  const undone = (await schema()).filter((line) => !line.includes('undone_'));
  for (const { one, before } of inOrder) await migrations.upAfter(before, one);
  return { before, after, undone, again: await schema() };
}
