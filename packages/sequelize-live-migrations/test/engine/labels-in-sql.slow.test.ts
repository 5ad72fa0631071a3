import { BASELINE, migrationsOf, stepsLeftAfterEach } from '../support/chains';
import { CHAINS } from '../support/labels-in-sql';
import { useMigrations } from '../support/migrations';

// SQL of a migration names a label, which a later one renames: done again, it means the label.

const migrations = useMigrations();

describe('undone and done again before it, ends as it was:', () => {
  it.each(CHAINS)('%s', async (...[, ...declared]) => {
    await stepsLeftAfterEach(migrations, declared);
    const before = await migrations.schema();
    const chain = migrationsOf(declared);
    for (const one of chain.slice(0, 2)) {
      await migrations.undoAndRedoAmong([BASELINE, ...chain], one);
      expect(await migrations.schema()).toEqual(before);
    }
  });
});
