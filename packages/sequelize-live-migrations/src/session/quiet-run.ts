import { Sequelize } from 'sequelize';
import { DEFAULT_LIMITS } from './runner';
import type { Run } from './transaction';

/** Works on a database with connections of its own, and reports nothing. */
export async function withQuietRun<T>(url: string, work: (run: Run) => Promise<T>): Promise<T> {
  const sequelize = new Sequelize(url, { logging: false });
  const reporter = { line: () => undefined, progress: () => undefined };
  try {
    return await work({ sequelize, limits: DEFAULT_LIMITS, reporter });
  } finally {
    await sequelize.close();
  }
}
