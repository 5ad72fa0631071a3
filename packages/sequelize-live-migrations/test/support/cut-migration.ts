import { finishesWhereverCut } from './cut-everywhere';
import type { Planner, State } from './planner';
import { schemaOf } from './schema';

/** The table that is cut at, and its rows. */
export const PETS = `CREATE TABLE pets (id integer PRIMARY KEY, name text, age integer);
  INSERT INTO pets VALUES (1, 'Rex', 1), (2, 'Bo', 2)`;

/**
 * Expects that a migration on PETS is finished by the same run again, wherever it was cut.
 *
 * @returns how often it was cut
 */
export function finishedAgain(planner: Planner, up: State): Promise<number> {
  return finishesWhereverCut(planner, {
    before: () => planner.reset(PETS),
    work: () => planner.migrate(up),
    contents: async () => {
      const schema = await schemaOf(planner.database);
      const table = schema.includes('pets id integer not null') ? 'pets' : 'animals';
      return { schema, rows: await planner.query(`SELECT * FROM ${table} ORDER BY id`) };
    },
    first: 0,
    stride: 3,
    staysCut: true,
  });
}
