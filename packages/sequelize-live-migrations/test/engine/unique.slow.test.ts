import type { Schema } from '../../src/vocabulary';
import { CHILDREN, column, constraint, index, PARENTS, table } from '../support/foreign-key-needs';
import { useMigrations } from '../support/migrations';

// More of these are in unique.test.ts.

const migrations = useMigrations();

describe('what foreign keys need', () => {
  const rows = "INSERT INTO parents VALUES (1, 'a'); INSERT INTO children (id, parent) VALUES (1, 'a')";
  const key = 'children children_parent_fkey FOREIGN KEY (parent) REFERENCES parents(code)';

  it.each([
    ['a constraint, for a column that has values', CHILDREN, constraint, column],
    ['an index, for a column that has values', CHILDREN, index, column],
    ['a constraint, for a table that has rows', PARENTS, constraint, table],
    ['an index, for a table that has rows', PARENTS, index, table],
  ])(
    'goes with its key when that is kept aside, and comes with it again: %s',
    async (_, sql, unique, uses) => {
      const together = { name: 'one.js', up: (schema: Schema) => [unique, uses].forEach((up) => up(schema)) };
      const apart = [
        { name: 'one.js', up: unique },
        { name: 'two.js', up: uses },
      ];
      for (const all of [[together], apart]) {
        await migrations.reset(sql);
        await migrations.up(...all);
        await migrations.query(rows);
        await migrations.down(...all.toReversed());
        expect((await migrations.schema()).filter((line) => line.includes('code_once'))).toEqual([]);
        await migrations.up(...all);
        expect(await migrations.schema()).toContain(key);
        expect(await migrations.query('SELECT parent FROM children')).toEqual([{ parent: 'a' }]);
      }
    },
  );
});
