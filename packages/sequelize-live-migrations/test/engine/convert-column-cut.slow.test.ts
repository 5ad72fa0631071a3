import { change, created, prepare, SMALL } from '../support/conversions';
import { finishesWhereverCut } from '../support/cut-everywhere';
import { useMigrations } from '../support/migrations';
import { runScript } from '../support/psql';

// A column gets another type, and the connection is cut.

const migrations = useMigrations();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => {
  migrations.beforeStatement = undefined;
  jest.restoreAllMocks();
});

const schema = () => migrations.schema();

const [start, end] = [prepare(SMALL), change(SMALL)];
const earlier = [created(SMALL), start];

const contents = async () => [
  await schema(),
  await migrations.query('SELECT id::text, mother, name FROM pets ORDER BY 1'),
  await migrations.query('SELECT * FROM toys ORDER BY id'),
];

it.each<[string, () => Promise<void>, () => Promise<void>]>([
  ['the preparation', () => Promise.resolve(), () => migrations.up(start)],
  ['its undo', () => migrations.up(start), () => migrations.down(start)],
  ['the change', () => migrations.up(start), () => migrations.upAfter(earlier, end)],
  [
    'the undo of the change',
    async () => {
      await migrations.up(start);
      await migrations.upAfter(earlier, end);
    },
    () => migrations.downAfter(earlier, end),
  ],
])(
  '%s is finished by the same command again, wherever it was cut',
  async (what, before, work) => {
    const cuts = await finishesWhereverCut(migrations, {
      before: async () => {
        await migrations.reset(SMALL.sql);
        await before();
      },
      work,
      contents,
      first: what.length,
      stride: 23,
    });
    expect(cuts).toBeGreaterThan(0);
  },
  300_000,
);

it('the script of db:plan prepares the same', async () => {
  await migrations.reset(SMALL.sql);
  await runScript(migrations.database, await migrations.script(start));
  const scripted = await contents();
  await migrations.reset(SMALL.sql);
  await migrations.up(start);
  expect(scripted).toEqual(await contents());
});
