import { migrationLimits } from '../config/database';
import { sequelize } from '../models';
import type { Run } from '../schema/transaction';
import { runTask } from './task';

/**
 * Runs an npm script's work on the configured database. What there is to say while it works goes to stderr: its
 * output may be a script.
 */
export function runDatabaseTask(work: (run: Run) => Promise<void>): void {
  runTask(async () => {
    const reporter = { line: console.error, progress: () => undefined };
    try {
      await work({ sequelize, limits: migrationLimits(), reporter });
    } finally {
      await sequelize.close();
    }
  });
}
