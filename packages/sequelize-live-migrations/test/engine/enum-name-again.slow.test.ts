import { DataTypes } from 'sequelize';
import { BASE, migrationsOf } from '../support/chains';
import { finishesWhereverCut } from '../support/cut-everywhere';
import { type TestMigration, useMigrations } from '../support/migrations';

// A column of an enum type in the place of one that is kept aside, with other labels: the type of that gets another name.

const migrations = useMigrations();

const kind = { type: DataTypes.ENUM('cat', 'dog'), allowNull: false, defaultValue: 'cat' };
const other = { type: DataTypes.ENUM('big', 'small'), allowNull: false, defaultValue: 'big' };

const columnChain = (): readonly [TestMigration, TestMigration, TestMigration] => {
  const [add, remove, again] = migrationsOf([
    (schema) => schema.addColumn('pets', 'kind', kind),
    (schema) => schema.removeColumn('pets', 'kind', kind),
    (schema) => schema.addColumn('pets', 'kind', other),
  ]);
  if (!add || !remove || !again) throw new Error('There are three migrations.');
  return [add, remove, again];
};

describe('an undo and the same forwards again, cut before a statement and run again:', () => {
  // Sequelize, of each connection that was cut.
  beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
  afterEach(() => jest.restoreAllMocks());

  const [add, remove, again] = columnChain();
  const contents = async () => [
    await migrations.schema(),
    await migrations.query('SELECT to_jsonb(pets) - $$undone_kind$$ AS pet FROM pets ORDER BY id'),
  ];
  const asFound = async (parts: Promise<unknown[]>) =>
    JSON.stringify(await parts).replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^.]*/g, 'then');
  const before = async () => {
    await migrations.reset(BASE);
    await migrations.upAfter([], add);
    await migrations.query("UPDATE pets SET kind = 'dog' WHERE id = 2");
    await migrations.upAfter([add], remove);
    await migrations.upAfter([add, remove], again);
    await migrations.query("UPDATE pets SET kind = 'small' WHERE id = 3");
    await migrations.downAfter([add, remove], again);
  };

  it.each<[string, () => Promise<void>, () => Promise<void>, string[]]>([
    ['the undo', before, () => migrations.downAfter([add], remove), ['cat', 'dog', 'cat']],
    [
      'the way forwards',
      async () => {
        await before();
        await migrations.downAfter([add], remove);
        await migrations.upAfter([add], remove);
      },
      () => migrations.upAfter([add, remove], again),
      ['big', 'big', 'small'],
    ],
  ])('%s', async (_, prepare, work, kinds) => {
    const cuts = await finishesWhereverCut(migrations, {
      before: prepare,
      work,
      contents: () => asFound(contents()),
      first: 0,
      stride: 2,
      staysCut: true,
    });
    expect(cuts).toBeGreaterThan(3);
    const found = await migrations.query('SELECT kind FROM pets ORDER BY id');
    expect(found.map((row) => row['kind'])).toEqual(kinds);
  });
});
