import { BASELINE, migrationsOf, stepsLeftAfterEach } from '../support/chains';
import { CHAINS } from '../support/labels-in-sql';
import { useMigrations } from '../support/migrations';

// SQL of a migration names a label, which a later one renames: compared with the database or done again, it means the label.
// More of these are in labels-in-sql.slow.test.ts.

const migrations = useMigrations();

describe('names the label that has another name since:', () => {
  it.each(CHAINS)('%s', async (...[, ...declared]) => {
    expect(await stepsLeftAfterEach(migrations, declared)).toEqual([]);
  });
});

it('is undone and done again as a chain', async () => {
  const declared =
    CHAINS.at(-1)
      ?.slice(1)
      .filter((one) => typeof one !== 'string') ?? [];
  await stepsLeftAfterEach(migrations, declared);
  const chain = migrationsOf(declared);
  for (const [n, one] of [...chain.entries()].reverse())
    await migrations.downAfter([BASELINE, ...chain.slice(0, n)], one);
  for (const [n, one] of chain.entries()) await migrations.upAfter([BASELINE, ...chain.slice(0, n)], one);
  expect(await migrations.schema()).toContain(
    "pets known CHECK ((sort = ANY (ARRAY['queen'::enum_pets_kind, 'dog'::enum_pets_kind])))",
  );
});
