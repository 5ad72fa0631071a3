import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import type { Migrations, TestMigration } from './migrations';

export const id = { type: DataTypes.INTEGER, primaryKey: true };
export const integer = { type: DataTypes.INTEGER };
export const text = { type: DataTypes.TEXT };

/** The table with which each chain begins, with rows. */
export const BASE = `CREATE TABLE pets (id integer PRIMARY KEY, age integer, name text);
  INSERT INTO pets SELECT n, n, 'n' || n FROM generate_series(1, 3) AS n`;

/** The migration that declares it. */
export const BASELINE: TestMigration = {
  name: '00.js',
  up: (schema) => {
    schema.createTable('pets', { id, age: integer, name: text });
  },
};

/** A title, and what some migrations declare one after the other. */
export type Chain = [string, ...((schema: Schema) => void)[]];

/** Migrations that declare this, in order. */
export function migrationsOf(declared: readonly TestMigration['up'][]): TestMigration[] {
  return declared.map((up, n) => ({ name: `0${String(n + 1)}.js`, up }));
}

/**
 * Runs what is declared, one migration after the other, on the table with which each chain begins.
 *
 * @returns what `check` says after each of them that those so far would do again
 */
export async function stepsLeftAfterEach(
  migrations: Migrations,
  declared: readonly TestMigration['up'][],
): Promise<string[]> {
  await migrations.reset(BASE);
  const chain = migrationsOf(declared);
  const left: string[] = [];
  for (const [n, one] of chain.entries()) {
    const before = [BASELINE, ...chain.slice(0, n)];
    await migrations.upAfter(before, one);
    left.push(...(await migrations.stepsLeft(...before, one)).map((line) => `after ${one.name}: ${line}`));
  }
  return left;
}
