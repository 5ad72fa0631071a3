import path from 'node:path';
import type { QueryInterface } from 'sequelize';
import type { PlainMigration } from '../plain';
import { type LogChange, runnerOf } from '../session';
import { loadAgain } from './load-migration';
import { callOf, declaredIn, fileOf, methodOf, moduleOf } from './migration-modules';
import type { Project } from './project';
import { reasonAgainstTransaction } from './plain-migration';

/** What umzug takes for a migration. */
export interface Resolved {
  readonly up: (...params: readonly unknown[]) => Promise<unknown>;
  readonly down: (...params: readonly unknown[]) => Promise<unknown>;
}

type Direction = 'up' | 'down';

/** How a migration is logged by a transaction that may have dropped the table of the log. */
type LogChangeOf = (name: string, direction: Direction) => Promise<LogChange>;

/**
 * Resolves the file of a migration, for umzug's option `customResolver`: whatever its form, and with a plain one guarded.
 *
 * @param logChangeOf how it is logged in its own transaction
 */
export function resolveMigration(project: Project, file: string, logChangeOf: LogChangeOf): Resolved {
  const name = path.basename(file);
  const run =
    (direction: Direction) =>
    async (...params: readonly unknown[]) => {
      const exported = moduleOf(project, name);
      const [queryInterface] = params;
      const declared = declaredIn(exported);
      if (declared) return declared[direction](asQueryInterface(queryInterface));
      const { sequelize } = asQueryInterface(queryInterface);
      const { runPlain } = await import('../plain'); // loaded only where one is run
      return runPlain(
        { sequelize, ...runnerOf(sequelize) },
        {
          ...plainMigration(project, name, direction, params),
          logChange: () => logChangeOf(name, direction),
        },
      );
    };
  return { up: run('up'), down: run('down') };
}

/**
 * A plain migration as it is run, but for its row in the migration log.
 *
 * @param params what its `up` or `down` is called with
 */
export function plainMigration(
  project: Project,
  name: string,
  direction: Direction,
  params: readonly unknown[],
): Omit<PlainMigration, 'logChange'> {
  const exported = moduleOf(project, name);
  return {
    name,
    direction,
    reason: reasonAgainstTransaction(exported, methodOf(project, name, direction)),
    load: async (again) => {
      const loaded = again ? await loadAgain(fileOf(project, name)) : exported;
      return () => callOf(loaded, direction, params);
    },
  };
}

function asQueryInterface(value: unknown): QueryInterface {
  if (isQueryInterface(value)) return value;
  throw new Error('The first parameter of a migration is the QueryInterface of Sequelize.');
}

function isQueryInterface(value: unknown): value is QueryInterface {
  return typeof value === 'object' && value !== null && 'sequelize' in value;
}
