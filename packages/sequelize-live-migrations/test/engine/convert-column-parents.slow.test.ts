import { DataTypes } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { change, created, key, prepare, SMALL } from '../support/conversions';
import { useMigrations } from '../support/migrations';

// A column gets another type, and foreign keys refer to it.

const migrations = useMigrations();

const schema = () => migrations.schema();

/** How often a foreign key was copied, for its column and for the one that it refers to, depends on what came first. */
const asFirstCopy = (line: string) => line.replace(/(overlap_)+toys_pet_fkey/, 'overlap_toys_pet_fkey');

it('a parent and its children are converted together, whichever comes first', async () => {
  const both = `CREATE TABLE pets (id serial PRIMARY KEY);
    CREATE TABLE toys (id serial PRIMARY KEY, pet integer NOT NULL CONSTRAINT toys_pet_fkey REFERENCES pets ON UPDATE CASCADE);
    INSERT INTO pets SELECT FROM generate_series(1, 1200); INSERT INTO toys (pet) SELECT id FROM pets`;
  await migrations.reset(
    `${both}; ALTER TABLE toys ALTER COLUMN pet TYPE bigint; ALTER TABLE pets ALTER COLUMN id TYPE bigint`,
  );
  const altered = await schema();
  const bigint = { type: DataTypes.BIGINT, allowNull: false };
  const overlapping = { overlap: true };
  const toys = (schema: Schema) =>
    schema.changeColumn('toys', 'pet', { type: DataTypes.BIGINT }, overlapping);
  const pets = (schema: Schema) => schema.changeColumn('pets', 'id', { type: DataTypes.BIGINT }, overlapping);
  const tables = {
    name: '0.js',
    up: (schema: Schema) => {
      schema.createTable('pets', { id: key });
      schema.createTable('toys', { id: key, pet: { type: DataTypes.INTEGER, allowNull: false } });
    },
  };
  const end = {
    name: '2.js',
    up: (schema: Schema) => {
      schema.changeColumn('toys', 'pet', bigint);
      schema.changeColumn('pets', 'id', { ...key, type: DataTypes.BIGINT });
    },
  };
  for (const order of [
    [toys, pets],
    [pets, toys],
  ]) {
    const start = { name: '1.js', up: (schema: Schema) => order.forEach((declare) => declare(schema)) };
    await migrations.reset(both);
    const begun = await schema();
    await migrations.up(start);
    const prepared = await schema();
    await migrations.upAfter([tables, start], end);
    expect((await schema()).filter((line) => !/undone_(id|pet)/.test(line))).toEqual(altered);
    await migrations.downAfter([tables, start], end);
    expect((await schema()).map(asFirstCopy).sort()).toEqual(prepared.map(asFirstCopy).sort());
    await migrations.down(start);
    expect(await schema()).toEqual(begun);
  }
});

it('a table that refers to it, and to which a new one refers in the same migration, refers to the new type', async () => {
  await migrations.reset(SMALL.sql);
  await migrations.up(prepare(SMALL));
  const both = {
    name: '2.js',
    up: (one: Schema) => {
      change(SMALL).up(one);
      const references = { model: 'toys', key: 'id' };
      one.createTable('boxes', { toy: { type: DataTypes.INTEGER, primaryKey: true, references } });
    },
  };
  await migrations.upAfter([created(SMALL), prepare(SMALL)], both);
  const keys = (await schema()).filter((line) => /^(boxes|toys) .* FOREIGN KEY/.test(line));
  expect(keys).toEqual([
    'boxes boxes_toy_fkey FOREIGN KEY (toy) REFERENCES toys(id)',
    'toys toys_pet_fkey FOREIGN KEY (pet) REFERENCES pets(id) ON UPDATE CASCADE ON DELETE CASCADE',
  ]);
  await migrations.query('INSERT INTO pets (id) VALUES (3000000000)');
});

it('the foreign keys go along where no log of ours tells which migrations have run, in both directions', async () => {
  await migrations.reset(`${SMALL.sql}; ALTER TABLE pets ALTER COLUMN id TYPE bigint`);
  const altered = await schema();
  await migrations.reset(SMALL.sql);
  await migrations.up(prepare(SMALL));
  const prepared = await schema();
  const isOfPets = (line: string) => /^(toys|visits|pets) .*FOREIGN KEY/.test(line);
  for (let n = 0; n < 2; n += 1) {
    await migrations.up(change(SMALL));
    expect((await schema()).filter((line) => !line.includes('undone_id'))).toEqual(altered);
    if (n === 0) await migrations.down(change(SMALL));
    if (n === 0) expect((await schema()).filter(isOfPets)).toEqual(prepared.filter(isOfPets));
  }
  await migrations.query('INSERT INTO pets (id) VALUES (3000000000); DELETE FROM pets WHERE id = 1');
  expect(await migrations.query('SELECT count(*)::int FROM toys')).toEqual([{ count: 2 }]);
});
