import fc from 'fast-check';
import { columnsOf, Schema } from '../../src/vocabulary';
import { type Migrations, type TestMigration, useMigrations } from '../support/migrations';
import { migrationsAtRandom, walkAtRandom } from '../support/random/migrations';
import { BASE, BASELINE } from '../support/random/world';
import { numberFrom } from '../support/soak';
import { SCHEMA } from '../support/schema';

// Migrations from the whole vocabulary, on tables with rows: run, undone and run again in any order, and cut short anywhere.

const walked = useMigrations();
const straight = useMigrations();

const SEED = numberFrom('SOAK_SEED', 20261126);
const SEQUENCES = numberFrom('SOAK_SEQUENCES', 6);
const LONGEST_MS = 10_000 * SEQUENCES;

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());

class CutShort extends Error {}

/** Runs something that loses its connection before the n-th statement, if it gets that far. */
async function cutShort(migrations: Migrations, cutAt: number, work: () => Promise<void>): Promise<boolean> {
  let left = cutAt;
  migrations.beforeStatement = () => {
    left -= 1;
    return left < 0 ? Promise.reject(new CutShort()) : Promise.resolve();
  };
  try {
    await work();
    return false;
  } catch (error) {
    if (left >= 0) throw error;
    return true;
  } finally {
    migrations.beforeStatement = undefined;
  }
}

/** All objects, without the time in the comments of what is kept aside. */
const schemaOf = async (migrations: Migrations) =>
  (await migrations.schema()).map((line) => line.replace(/, at 20[^.]*/, ''));

const idsOf = async (migrations: Migrations) => {
  const tables = await migrations.query(`SELECT c.relname AS name FROM pg_class c
    WHERE c.relnamespace = '${SCHEMA}'::regnamespace AND c.relkind = 'r' ORDER BY c.reltuples, c.oid LIMIT 9`);
  const counts: number[] = [];
  for (const { name } of tables) {
    const [row] = await migrations.query(`SELECT count(*)::int AS count FROM "${String(name)}"`);
    counts.push(Number(row?.['count']));
  }
  return counts.filter((count) => count > 0).sort();
};

/** Whether a migration removes a column that it has made itself: what it would do again is not known of such a one. */
function removesItsOwn({ up }: TestMigration): boolean {
  const schema = new Schema();
  up(schema);
  const made = schema.changes.filter((change) => !('undoes' in change)).flatMap(columnsOf);
  return schema.changes.some(
    (change) => change.kind === 'removeColumn' && made.some(({ column }) => column === change.undoes.column),
  );
}

it(
  'end in the schema and with the rows of a straight run, and find nothing to do then',
  async () => {
    const property = fc.asyncProperty(migrationsAtRandom, walkAtRandom, async (all, walk) => {
      await straight.reset(BASE);
      for (const [n, one] of all.entries()) await straight.upAfter([BASELINE, ...all.slice(0, n)], one);
      const expected = await schemaOf(straight);
      const rows = await idsOf(straight);

      await walked.reset(BASE);
      const logged: TestMigration[] = [];
      for (const { isUndo, cutAt } of walk) {
        const one = isUndo ? logged.at(-1) : all[logged.length];
        if (!one) continue;
        const before = [BASELINE, ...logged.filter((other) => other !== one)];
        const work = () => (isUndo ? walked.downAfter(before, one) : walked.upAfter(before, one));
        if (cutAt === null || (await cutShort(walked, cutAt, work))) await work();
        if (isUndo) logged.pop();
        else logged.push(one);
      }
      for (const one of all.slice(logged.length)) {
        await walked.upAfter([BASELINE, ...logged], one);
        logged.push(one);
      }
      expect(await schemaOf(walked)).toEqual(expected);
      expect(await idsOf(walked)).toEqual(rows);
      const left = all.some(removesItsOwn) ? [] : await walked.stepsLeft(BASELINE, ...all);
      expect(left).toEqual([]);
    });
    await fc.assert(property, { seed: SEED, numRuns: SEQUENCES, endOnFailure: true });
  },
  LONGEST_MS,
);
