import { DataTypes } from 'sequelize';
import { differencesBetween } from '../../src/generate/compare';
import { LEFT_OPEN } from '../../src/generate/questions';
import { withQuietRun } from '../../src/session';
import { author, bookstore, useBookstore } from '../support/bookstore';
import { modelsOf } from '../support/from-models';

// A model changes what no migration declares: it was made by a plain migration, or by SQL.

const store = useBookstore();

/** What would be generated for some models of a database without migrations. */
const differencesFrom = (url: string, models: ReturnType<typeof modelsOf>) =>
  withQuietRun(url, (run) => differencesBetween(run, models, [], LEFT_OPEN));

it('says that an undo leaves a column of which no migration declares what it was', async () => {
  const database = await store.database();
  const models = modelsOf(bookstore({ columns: { pages: { type: DataTypes.INTEGER, defaultValue: 7 } } }));
  const [difference] = await differencesFrom(database.url, models);
  expect(difference?.proposals).toEqual([
    expect.objectContaining({
      isLeft: true,
      notes: ['An undo leaves books.pages as it is: no migration declares what it was.'],
    }),
  ]);
});

it('removes a foreign key that no migration declares before another one takes its place: so an undo adds it again', async () => {
  const database = await store.database();
  const models = modelsOf(bookstore({ columns: { author: { ...author, onDelete: 'CASCADE' } } }));
  const [difference] = await differencesFrom(database.url, models);
  expect(difference?.proposals.map(({ up }) => up)).toEqual([
    [
      { method: 'removeConstraint', args: ['books', expect.objectContaining({ onDelete: 'SET NULL' })] },
      { method: 'addConstraint', args: ['books', expect.objectContaining({ onDelete: 'CASCADE' })] },
    ],
  ]);
});
