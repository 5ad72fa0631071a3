import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { useMigrations } from '../support/migrations';

// Comments are set where they are declared, and are kept where they are not.

const migrations = useMigrations();

const PETS = `CREATE TABLE pets (id integer PRIMARY KEY, name text); COMMENT ON COLUMN pets.name IS 'Its name';
  COMMENT ON TABLE pets IS 'Of the shop'`;
const id = { type: DataTypes.INTEGER, primaryKey: true };
const age = { type: DataTypes.INTEGER, comment: "In years: 1,5 is 'one'\n\n%s $1 :x" };

describe.each([
  ['without rows', PETS],
  ['with rows', `${PETS}; INSERT INTO pets VALUES (1, 'Rex')`],
])('on a table %s', (_, sql) => {
  it('a comment on a new column comes and goes with it', async () => {
    const one = { name: 'one.js', up: (schema: Schema) => schema.addColumn('pets', 'age', age) };
    await migrations.reset(sql);
    await migrations.up(one);
    const after = await migrations.schema();
    expect(after).toEqual(
      expect.arrayContaining([`column age of table pets: ${age.comment}`, 'table pets: Of the shop']),
    );
    await migrations.down(one);
    expect(await migrations.schema()).not.toContain(`column age of table pets: ${age.comment}`);
    await migrations.up(one);
    expect(await migrations.schema()).toEqual(after);
    expect(await migrations.purposes(one)).toEqual([]);
  });

  it('one that somebody has written since is kept when the column is undone, and reconciled when it is done again', async () => {
    const one = { name: 'one.js', up: (schema: Schema) => schema.addColumn('pets', 'age', age) };
    await migrations.reset(sql);
    await migrations.up(one);
    await migrations.query("COMMENT ON COLUMN pets.age IS 'Mine'");
    expect(await migrations.purposes(one)).toEqual(['set the comment of column pets.age']);
    await migrations.down(one);
    await migrations.up(one);
    expect(await migrations.schema()).toContain(`column age of table pets: ${age.comment}`);
  });

  it('a column that is removed keeps its own, whatever the migration says that it was', async () => {
    const was = { type: DataTypes.TEXT, comment: 'Another' };
    const one = { name: 'one.js', up: (schema: Schema) => schema.removeColumn('pets', 'name', was) };
    await migrations.reset(sql);
    const before = await migrations.schema();
    await migrations.up(one);
    await migrations.down(one);
    expect(await migrations.schema()).toEqual(before);
  });

  it('changeColumn changes it, or leaves it where it declares none', async () => {
    const change = (rest: object) => ({
      name: 'one.js',
      up: (schema: Schema) => schema.changeColumn('pets', 'name', { type: DataTypes.TEXT, ...rest }),
    });
    await migrations.reset(sql);
    expect(await migrations.purposes(change({}))).toEqual([]);
    await migrations.up(change({ comment: 'Its full name' }));
    expect(await migrations.schema()).toContain('column name of table pets: Its full name');
    await migrations.down(change({ comment: 'Its full name' }));
    expect(await migrations.schema()).toContain('column name of table pets: Its full name');
  });

  it('createTable sets those of a table that is there', async () => {
    const up = (schema: Schema) =>
      schema.createTable(
        'pets',
        { id: { ...id, comment: 'Its number' }, name: { type: DataTypes.TEXT } },
        { comment: 'All' },
      );
    await migrations.reset(sql);
    await migrations.up({ name: 'one.js', up });
    expect(await migrations.schema()).toEqual(
      expect.arrayContaining([
        'column id of table pets: Its number',
        'column name of table pets: Its name',
        'table pets: All',
      ]),
    );
    expect(await migrations.purposes({ name: 'one.js', up })).toEqual([]);
  });
});

it('a new table has them, and so it has when it was kept aside', async () => {
  const one = {
    name: 'one.js',
    up: (schema: Schema) =>
      schema.createTable('toys', { id, age }, { comment: "The pets' toys", indexes: [{ fields: ['age'] }] }),
  };
  const after = await migrations.convergesThereAndBack('', one);
  expect(after).toEqual(
    expect.arrayContaining([`column age of table toys: ${age.comment}`, "table toys: The pets' toys"]),
  );
  await migrations.query('INSERT INTO toys VALUES (1)');
  await migrations.down(one);
  expect(await migrations.schema()).not.toEqual(after);
  await migrations.up(one);
  expect(await migrations.schema()).toEqual(after);
});

it("a table that is the application's keeps its own", async () => {
  await migrations.reset(PETS);
  const before = await migrations.schema();
  const up = (schema: Schema) => schema.createTable('pets', { id }, { existing: 'keep', comment: 'Another' });
  await migrations.up({ name: 'one.js', up });
  expect(await migrations.schema()).toEqual(before);
});
