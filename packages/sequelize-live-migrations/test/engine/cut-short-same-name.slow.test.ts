import { literal } from 'sequelize';
import { finishedAgain, PETS } from '../support/cut-migration';
import { type State, usePlanner } from '../support/planner';
import { schemaOf } from '../support/schema';

// A migration that makes something, removes it, and makes another thing of its name, is cut before any of its statements.

const planner = usePlanner();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());

const index: State = (schema) => {
  schema.addIndex('pets', ['age'], { name: 'one' });
  schema.removeIndex('pets', ['age'], { name: 'one' });
  schema.addIndex('pets', ['name'], { name: 'one' });
  schema.addIndex('pets', ['name', 'age']);
};

it.each<[string, State]>([
  ['an index', index],
  [
    'a check',
    (schema) => {
      const first = { type: 'check', name: 'one', where: literal('age > 0') } as const;
      schema.addConstraint('pets', first);
      schema.removeConstraint('pets', first);
      schema.addConstraint('pets', { ...first, where: literal('age > -1') });
      schema.addIndex('pets', ['name', 'age']);
    },
  ],
  [
    'a unique constraint',
    (schema) => {
      const first = { type: 'unique', name: 'one', fields: ['age'] } as const;
      schema.addConstraint('pets', first);
      schema.removeConstraint('pets', first);
      schema.addConstraint('pets', { ...first, fields: ['name'] });
      schema.addIndex('pets', ['name', 'age']);
    },
  ],
])('is finished by the same run again, wherever it was cut: %s', async (_, up) => {
  expect(await finishedAgain(planner, up)).toBeGreaterThan(5);
});

it('is refused where the name is that of a third thing, which stays', async () => {
  await planner.reset(`${PETS}; CREATE INDEX one ON pets (id)`);
  const before = await schemaOf(planner.database);
  await expect(planner.migrate(index)).rejects.toThrow('index one: expected btree (age), found btree (id)');
  expect(await schemaOf(planner.database)).toEqual(before);
});
