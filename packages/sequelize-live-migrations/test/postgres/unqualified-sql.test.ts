import { withoutSchema } from '../../src/postgres';

const tables = new Set(['pets', 'bornAt']);

it.each([
  ['SELECT * FROM "app".pets, app . "bornAt"', 'SELECT * FROM pets, "bornAt"'],
  ['SELECT app.pets.name FROM APP.Pets', 'SELECT pets.name FROM Pets'],
  ['SELECT * FROM app.toys, other.pets, app.bornAt, "App".pets', undefined],
  ["SELECT 'app.pets', $$app.pets$$ -- app.pets", undefined],
  ['SELECT db.app.pets.name FROM db.app.pets', undefined],
  ['SELECT app, pets FROM app WHERE app.name = 1', undefined],
])('in %s the tables are named without their schema', (sql, unqualified = sql) => {
  expect(withoutSchema(sql, 'app', tables)).toBe(unqualified);
});
