import { schemaOf } from './schema';
import type { Planner, State } from './planner';

/** The table that is cut at, and its rows. */
export const PETS = `CREATE TABLE pets (id integer PRIMARY KEY, name text, age integer);
  INSERT INTO pets VALUES (1, 'Rex', 1), (2, 'Bo', 2)`;

/** Runs a migration that is cut before its nth statement; whether that came. */
async function cutBefore(planner: Planner, n: number, up: State): Promise<boolean> {
  let sent = 0;
  let isCut = false;
  await planner
    .migrate(up, () => {
      sent += 1;
      isCut ||= sent === n;
      return isCut ? Promise.reject(new Error('the network is gone')) : Promise.resolve();
    })
    .catch((error: unknown) => {
      if (!isCut) throw error;
    });
  return isCut;
}

/**
 * Expects that a migration on PETS is finished by the same run again, wherever it was cut.
 *
 * @returns how often it was cut
 */
export async function finishedAgain(planner: Planner, up: State): Promise<number> {
  await planner.reset(PETS);
  await planner.migrate(up);
  const schema = await schemaOf(planner.database);
  const table = schema.includes('pets id integer not null') ? 'pets' : 'animals';
  const rows = await planner.database.query(`SELECT * FROM ${table} ORDER BY id`);
  let cuts = 0;
  for (let n = 1; n < 200; n += 3) {
    await planner.reset(PETS);
    if (!(await cutBefore(planner, n, up))) return cuts;
    cuts += 1;
    await planner.migrate(up);
    expect({ n, schema: await schemaOf(planner.database) }).toEqual({ n, schema });
    expect(await planner.database.query(`SELECT * FROM ${table} ORDER BY id`)).toEqual(rows);
  }
  throw new Error('The migration has sent more statements than were cut.');
}
