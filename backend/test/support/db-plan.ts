import path from 'node:path';
import { planOf as planOfProject } from '../../../packages/sequelize-live-migrations/test/support/plan-of';
import { ROOT } from './build';
import { run } from './cli';
import type { TestDatabase } from './database';
import { FIRST_FIVE_PROJECT } from './first-five';

/** `npm run db:plan`, without npm. */
export const dbPlan = ({ url }: TestDatabase) =>
  run(process.execPath, [path.join(ROOT, 'packages/sequelize-live-migrations/bin.js'), 'plan'], {
    env: { DATABASE_URL: url },
    cwd: FIRST_FIVE_PROJECT,
  });

/** What it prints, without a process. */
export const planOf = (database: TestDatabase) => planOfProject(FIRST_FIVE_PROJECT, database);
