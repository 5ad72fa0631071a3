import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { Planner } from '../support/planner';
import { dropDatabases } from '../support/database';
import { SCHEMA, schemaOf } from '../support/schema';

// A server on which each change of a live table takes its time, because somebody's event trigger does.

const SLOW = `CREATE TABLE pets (id integer PRIMARY KEY);
  CREATE FUNCTION take_time() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE schema_name = '${SCHEMA}') THEN PERFORM pg_sleep(0.4); END IF; END $$;
  CREATE EVENT TRIGGER slow ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION take_time()`;
const addAge = (schema: Schema) => schema.addColumn('pets', 'age', { type: DataTypes.INTEGER });

const planners: Planner[] = [];

async function open(lockTimeoutMs: number): Promise<Planner> {
  const planner = await new Planner({ lockTimeoutMs }).open();
  planners.push(planner);
  await planner.reset(SLOW);
  return planner;
}

afterAll(async () => {
  for (const planner of planners) await planner.close();
  await dropDatabases();
});

it('a statement under a lock may take as long as MIGRATION_LOCK_TIMEOUT says', async () => {
  const planner = await open(3000);
  await planner.execute(addAge);
  expect(await schemaOf(planner.database)).toContain('pets age integer');
});

it('one that takes longer, with nobody to wait for, is given up after some attempts, with what to set', async () => {
  const planner = await open(100);
  await expect(planner.execute(addAge)).rejects.toThrow(
    /^canceling statement due to statement timeout\. Could not add column pets\.age, in database \w+, schema \w+\. Nothing .* It took longer than 100 ms, 3 times, .* set MIGRATION_LOCK_TIMEOUT to more\.$/,
  );
  expect((await schemaOf(planner.database)).filter((line) => line.includes('age'))).toEqual([]);
});
