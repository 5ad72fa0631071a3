import { sqlStateOf } from '../../src/postgres';
import type { TestDatabase } from './database';
import { eventually } from './eventually';
import type { Random } from './random';
import { openSession } from './session';
import { numberFrom } from './soak';

const KILLS = numberFrom('SOAK_KILLS', 4);

/** A connection that was idle in the pool when it was ended says so at its next use. */
const isEnded = (error: unknown) =>
  sqlStateOf(error) === '57P01' || /Connection terminated|ECONNRESET/.test(String(error));

/** Does something that is finished by doing it again, while its sessions are ended at random moments. */
export async function killed(
  database: TestDatabase,
  random: Random,
  work: () => Promise<void>,
): Promise<void> {
  const killer = await openSession(database, 'killer');
  for (let kills = 0; ; kills += 1) {
    let isOver = false;
    const working = work().then(
      () => undefined,
      (error: unknown) => error,
    );
    void working.then(() => (isOver = true));
    if (kills < KILLS) {
      const moment = Date.now() + random.below(250);
      await eventually('the moment to end its sessions', () => isOver || Date.now() >= moment);
      await killer.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name NOT IN ('writer', 'killer')
          AND query <> ''`); // Sequelize hears the errors of a connection before its first query, and not from its beginning
    }
    const error = await working;
    if (error === undefined) break;
    if (kills >= KILLS && (kills > KILLS + 3 || !isEnded(error))) throw error;
  }
}
