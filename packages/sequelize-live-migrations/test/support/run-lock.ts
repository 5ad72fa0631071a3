import type { AdvisoryLock } from '../../src/postgres';
import { sequelizeCli } from './cli';
import type { TestDatabase } from './database';
import { hold } from './session';

/** Types `db:migrate`, which waits for a second, while another session holds a lock; and how that is named. */
export async function migrateUnder(lock: AdvisoryLock, database: TestDatabase) {
  const { holder, who } = await hold(lock, database);
  const run = await sequelizeCli('db:migrate', database.url, { env: { MIGRATION_WAIT: '1' } });
  await holder.end();
  return { ...run, who };
}
