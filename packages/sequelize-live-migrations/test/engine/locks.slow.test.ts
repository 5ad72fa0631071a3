import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { usePlanner } from '../support/planner';
import { schemaOf } from '../support/schema';
import { closeSessions, openSession, untilLocked } from '../support/session';

// More of these are in locks.test.ts.

const planner = usePlanner();

afterEach(() => closeSessions());

const PETS = `CREATE TABLE pets (id integer PRIMARY KEY, name text);
  INSERT INTO pets SELECT n, nullif(n % 2, 0)::text FROM generate_series(1, 3000) AS n`;
const age = { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 };
const addAge = (schema: Schema) => schema.addColumn('pets', 'age', age);

describe('a lock that somebody else holds', () => {
  it('is had at last among transactions that overlap, so that there is always one', async () => {
    await planner.reset(PETS);
    const readers = await Promise.all(
      [1, 2].map((n) => openSession(planner.database, `reader ${String(n)}`)),
    );
    let isAtWork = true;
    const reading = readers.map(async (session, n) => {
      await session.query(`SELECT pg_sleep(${String(0.1 * n)})`);
      while (isAtWork) await session.query('BEGIN; SELECT FROM pets; SELECT pg_sleep(0.2); COMMIT');
    });
    await untilLocked(planner.database, 'pets', 2);
    await planner.execute(addAge).finally(() => (isAtWork = false));
    await Promise.all(reading);
    expect(await schemaOf(planner.database)).toContain('pets age integer not null default 1');
  });
});
