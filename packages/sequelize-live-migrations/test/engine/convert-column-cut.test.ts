import { change, created, prepare, SMALL } from '../support/conversions';
import { useMigrations } from '../support/migrations';
import { runScript } from '../support/psql';
import { numberFrom } from '../support/soak';

// A column gets another type, and the connection is cut.

const migrations = useMigrations();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => {
  migrations.beforeStatement = undefined;
  jest.restoreAllMocks();
});

/** All objects, without the times in comments. */
const schema = async () => (await migrations.schema()).map((line) => line.replace(/, at [^.]*\./, ''));

/** In the soak, each statement is cut. */
const STRIDE = numberFrom('SOAK_CUTS', 0) > 0 ? 1 : 23;

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
    await migrations.reset(SMALL.sql);
    await before();
    await work();
    const done = await contents();
    for (let n = 1 + (what.length % STRIDE); n < 600; n += STRIDE) {
      await migrations.reset(SMALL.sql);
      await before();
      let sent = 0;
      migrations.beforeStatement = () => {
        sent += 1;
        return sent === n ? Promise.reject(new Error('the network is gone')) : Promise.resolve();
      };
      const isCut = await work().then(
        () => false,
        () => true,
      );
      migrations.beforeStatement = undefined;
      if (isCut) await work();
      expect({ n, found: await contents() }).toEqual({ n, found: done });
      if (sent < n) return;
    }
    throw new Error('It has sent more statements than were cut.');
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
