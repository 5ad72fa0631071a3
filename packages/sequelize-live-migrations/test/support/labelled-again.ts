import { BASELINE, migrationsOf } from './chains';
import type { Migrations } from './migrations';

// What is kept aside, and columns and tables of the same names with other labels.

/**
 * Runs what is declared, one migration after the other, undoes all of it, and runs it again. After each of the first runs,
 * `check` has to find nothing to do.
 *
 * @returns what is visible before the first and after each; after each undo; and at the end
 */
export async function runUndoneAndRunAgain(
  migrations: Migrations,
  sql: string,
  declared: Parameters<typeof migrationsOf>[0],
): Promise<{ readonly forwards: string[][]; readonly backwards: string[][]; readonly again: string[] }> {
  const chain = migrationsOf(declared);
  const inOrder = chain.map((one, n) => ({ before: [BASELINE, ...chain.slice(0, n)], one }));
  await migrations.reset(sql);
  const forwards = [visible(await migrations.schema())];
  const backwards: string[][] = [];
  for (const { before, one } of inOrder) {
    await migrations.upAfter(before, one);
    expect(await migrations.stepsLeft(...before, one)).toEqual([]);
    forwards.push(visible(await migrations.schema()));
  }
  for (const { before, one } of inOrder.toReversed()) {
    await migrations.downAfter(before, one);
    backwards.push(visible(await migrations.schema()));
  }
  for (const { before, one } of inOrder) await migrations.upAfter(before, one);
  return { forwards, backwards, again: visible(await migrations.schema()) };
}

/** The lines of a schema without what is kept aside, and without the enum types that only this has. */
function visible(lines: readonly string[]): string[] {
  const left = lines.filter((line) => !/undone_|kept aside/i.test(line));
  const isUsed = (type: string) => left.some((line) => new RegExp(` ${type}\\b(?! enum )`).test(line));
  return left.filter((line) => {
    const [, type] = /^(\w+) enum /.exec(line) ?? [];
    return type === undefined || isUsed(type);
  });
}
