import { finishesWhereverCut } from '../support/cut-everywhere';
import { addKind as add, ASIDE } from '../support/kept-aside-twice';
import { usePlanner } from '../support/planner';
import { schemaOf } from '../support/schema';

// What an undo has kept aside, and something in its place that the service or somebody else has made since: runs that are cut.
// More of these are in kept-aside-twice.test.ts.

const planner = usePlanner();

const query = (sql: string) => planner.database.query(sql);

describe('what is there and kept aside as well', () => {
  const kinds = async () => (await query('SELECT kind FROM pets ORDER BY id')).map((row) => row['kind']);

  it('is gone after all, wherever the run is cut', async () => {
    const cuts = await finishesWhereverCut(planner, {
      before: () => planner.reset(ASIDE),
      work: async () => {
        await planner.execute(add);
      },
      contents: async () => [await schemaOf(planner.database), await kinds()],
      first: 0,
      stride: 2,
      staysCut: true,
    });
    expect(cuts).toBeGreaterThan(5);
  });
});
