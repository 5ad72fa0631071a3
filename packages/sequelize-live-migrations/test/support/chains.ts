import type { Schema } from '../../src/vocabulary';
import type { Migrations, TestMigration } from './migrations';

/** A title, and what some migrations declare one after the other. */
export type Chain = [string, ...((schema: Schema) => void)[]];

/** Migrations that declare this, in order. */
export function migrationsOf(declared: readonly TestMigration['up'][]): TestMigration[] {
  return declared.map((up, n) => ({ name: `0${String(n + 1)}.js`, up }));
}

/** Runs migrations one after the other. @returns what `check` says after each of them that those so far would do again */
export async function stepsLeftAfterEach(
  migrations: Migrations,
  baseline: TestMigration,
  chain: readonly TestMigration[],
): Promise<string[]> {
  const left: string[] = [];
  for (const [n, one] of chain.entries()) {
    const before = [baseline, ...chain.slice(0, n)];
    await migrations.upAfter(before, one);
    left.push(...(await migrations.stepsLeft(...before, one)).map((line) => `after ${one.name}: ${line}`));
  }
  return left;
}
