import type { Schema } from '../../src/vocabulary';
import { eventually } from '../support/eventually';
import { Planner, usePlanner } from '../support/planner';
import { SCHEMA, schemaOf } from '../support/schema';
import { closeSessions, openSession, untilSomebodyWaits } from '../support/session';

const planner = usePlanner();

afterEach(() => closeSessions());

const PETS = `CREATE TABLE pets (id integer PRIMARY KEY, name text);
  INSERT INTO pets SELECT n, nullif(n % 2, 0)::text FROM generate_series(1, 3000) AS n`;
const TOYS = 'CREATE TABLE toys (id integer PRIMARY KEY, pet integer)';
const addIndex = (schema: Schema) => schema.addIndex('pets', ['name']);

const waits = () => planner.lines.filter((line) => line.startsWith('waiting'));

describe('an index of a table with rows', () => {
  it('is built concurrently, and says for which session it waits', async () => {
    await planner.reset(`${PETS}; ${TOYS}`);
    const session = await openSession(planner.database, 'a report');
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM toys');
    const done = planner.execute(addIndex);
    await untilSomebodyWaits(planner.database);
    const service = await openSession(planner.database);
    await service.query("SET lock_timeout = 10; UPDATE pets SET name = 'Bo' WHERE id = 1");
    await eventually('it says that it waits', () => waits().length > 0);
    await session.query('COMMIT');
    await done;
    expect(waits()).toEqual([
      expect.stringMatching(
        /^waiting for old snapshots: pid \d+, application a report, idle in transaction for \d+ s$/,
      ),
    ]);
    expect(await schemaOf(planner.database)).toContain(
      `CREATE INDEX pets_name ON ${SCHEMA}.pets USING btree (name)`,
    );
  });

  it('that takes too long is given up, and built by the next run', async () => {
    const impatient = await new Planner({ longStatementMs: 300 }).open();
    await impatient.reset(PETS);
    const session = await openSession(impatient.database);
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
    await expect(impatient.execute(addIndex)).rejects.toThrow(
      /^canceling statement due to statement timeout\. Could not create index pets_name, in database \w+, schema \w+\. Nothing .* An index of the table is not finished/,
    );
    await session.query('COMMIT');
    await impatient.execute(addIndex);
    expect(await schemaOf(impatient.database)).toContain(
      `CREATE INDEX pets_name ON ${SCHEMA}.pets USING btree (name)`,
    );
    await impatient.close();
  });
});
