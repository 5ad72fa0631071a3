import { change, created, KINDS, prepare } from '../support/conversions';
import { useMigrations } from '../support/migrations';

// A column gets a type for which PostgreSQL would rewrite the table: one migration prepares it, a later one makes the change.

const migrations = useMigrations();

/** All objects, without the times in comments. */
const schema = async () => (await migrations.schema()).map((line) => line.replace(/, at [^.]*\./, ''));
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
