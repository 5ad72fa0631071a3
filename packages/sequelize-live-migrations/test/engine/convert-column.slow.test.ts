import { DataTypes, literal } from 'sequelize';
import type { Schema } from '../../src/vocabulary';
import { change, created, KINDS, prepare, SMALL } from '../support/conversions';
import { useMigrations } from '../support/migrations';

// A column gets a type for which PostgreSQL would rewrite the table: one migration prepares it, a later one makes the change.

const migrations = useMigrations();

const schema = () => migrations.schema();
const withoutKeptAside = (lines: readonly string[]) => lines.filter((line) => !line.includes('undone_id'));

describe.each(Object.entries(KINDS))('%s', (_, kind) => {
  const [first, second] = [prepare(kind), change(kind)];
  const before = [created(kind), first];

  it('gets another type beside it, with all that it has, and an undo takes that away', async () => {
    const after = await migrations.convergesThereAndBack(kind.sql, first);
    expect(after).toContainEqual(
      expect.stringMatching(`^pets overlap_id ${kind.type.replace(/[()]/g, '.')}`),
    );
  });

  it('has the type in the end as ALTER TYPE would have left it, and an undo leaves it prepared', async () => {
    await migrations.reset(`${kind.sql}; ALTER TABLE pets ALTER COLUMN id TYPE ${kind.type}`);
    const altered = await schema();
    await migrations.reset(kind.sql);
    await migrations.up(first);
    const prepared = await schema();
    await migrations.upAfter(before, second);
    expect(withoutKeptAside(await schema())).toEqual(altered);
    expect(await migrations.steps(second, 'up', before)).toEqual([]);
    await migrations.downAfter(before, second);
    expect(await schema()).toEqual(prepared);
    await migrations.upAfter(before, second);
    expect(withoutKeptAside(await schema())).toEqual(altered);
  });
});

it('a trigger for updates of the column is fired for those of the one in its place', async () => {
  await migrations.reset(`${SMALL.sql}; CREATE TABLE seen (id bigint);
    CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO seen VALUES (NEW.id); RETURN NEW; END';
    CREATE TRIGGER see AFTER UPDATE OF id ON pets FOR EACH ROW EXECUTE FUNCTION see()`);
  await migrations.up(prepare(SMALL));
  await migrations.upAfter([created(SMALL), prepare(SMALL)], change(SMALL));
  await migrations.query('UPDATE pets SET id = 70 WHERE id = 1');
  await migrations.downAfter([created(SMALL), prepare(SMALL)], change(SMALL));
  await migrations.query('UPDATE pets SET id = 71 WHERE id = 70');
  const seen = await migrations.query('SELECT id::text FROM seen ORDER BY 1');
  expect(seen).toEqual([{ id: '70' }, { id: '71' }]);
});

it('what the column gets or loses meanwhile, the one that is prepared gets or loses as well', async () => {
  const kind = KINDS['a number with digits'] ?? SMALL;
  const changes = [
    (one: Schema) => one.changeColumn('pets', 'id', { ...kind.was, allowNull: false }),
    (one: Schema) => one.addIndex('pets', ['id'], { name: 'more' }),
    (one: Schema) => one.addConstraint('pets', { type: 'check', name: 'light', where: literal('id < 9000') }),
    (one: Schema) => one.changeColumn('pets', 'id', { ...kind.was, allowNull: true }),
  ].map((up, n) => ({ name: `1${String(n)}.js`, up }));
  await migrations.reset(kind.sql);
  await migrations.up(prepare(kind));
  const before = [created(kind), prepare(kind)];
  for (const one of changes.slice(0, 3)) await migrations.upAfter(before, one);
  const prepared = (await schema()).filter((line) => line.includes('overlap_id'));
  expect(prepared.join('\n')).toMatch(/pets overlap_id numeric\(12,4\) not null/);
  expect(prepared.join('\n')).toMatch(/overlap_more/);
  expect(prepared.join('\n')).toMatch(/overlap_light/);
  await migrations.upAfter(before, changes[3] ?? prepare(kind));
  await migrations.query("INSERT INTO pets (id, name) VALUES (NULL, 'light')");
  for (const one of changes.slice(1, 3)) await migrations.downAfter(before, one);
  expect((await schema()).filter((line) => /overlap_(more|light)/.test(line))).toEqual([]);
});

it('an index or a constraint that is removed meanwhile takes the one along that was made like it', async () => {
  const sql = `CREATE TABLE owners (id integer PRIMARY KEY); CREATE TABLE pets (id integer, owner integer CONSTRAINT pets_owner REFERENCES owners);
    CREATE INDEX pets_id ON pets (id); ALTER TABLE pets ADD CONSTRAINT of_age CHECK (id > 0), ADD CONSTRAINT once UNIQUE (id)`;
  const prepare = {
    name: '1.js',
    up: (schema: Schema) => {
      schema.changeColumn('pets', 'id', { type: DataTypes.BIGINT }, { overlap: true });
      schema.changeColumn('pets', 'owner', { type: DataTypes.BIGINT }, { overlap: true });
    },
  };
  const remove = {
    name: '2.js',
    up: (schema: Schema) => {
      schema.removeIndex('pets', ['id']);
      schema.removeConstraint('pets', { type: 'check', name: 'of_age', where: literal('id > 0') });
      schema.removeConstraint('pets', { type: 'unique', name: 'once', fields: ['id'] });
      const references = { table: 'owners', field: 'id' };
      schema.removeConstraint('pets', {
        type: 'foreign key',
        name: 'pets_owner',
        fields: ['owner'],
        references,
      });
    },
  };
  await migrations.reset(sql);
  await migrations.up(prepare);
  await migrations.upAfter([prepare], remove);
  expect((await schema()).filter((line) => /overlap_(pets_id|of_age|once|pets_owner)\b/.test(line))).toEqual(
    [],
  );
});

it('an identity goes on where it was, with its steps, and back', async () => {
  const kind = KINDS['an identity'] ?? SMALL;
  const before = [created(kind), prepare(kind)];
  const next = async () => {
    const [row] = await migrations.query("INSERT INTO pets (name) VALUES ('new') RETURNING id::text");
    return row?.['id'];
  };
  await migrations.reset(kind.sql);
  await migrations.up(prepare(kind));
  expect(await next()).toBe('7501');
  await migrations.upAfter(before, change(kind));
  expect(await next()).toBe('7506');
  await migrations.downAfter(before, change(kind));
  expect(await next()).toBe('7511');
});
