import { literal } from 'sequelize';
import { PETS, ROWS, update } from '../support/bulk-update';
import { useMigrations } from '../support/migrations';

// More of these are in bulk-update.test.ts.

const migrations = useMigrations();

describe('rows that match a condition get values', () => {
  it('and so few at once that nobody waits for long, however long a row takes', async () => {
    await migrations.reset(`${PETS}; ${ROWS}; CREATE TABLE updates (at xid8);
      CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM pg_sleep(0.002); INSERT INTO updates VALUES (pg_current_xact_id()); RETURN new; END $$;
      CREATE TRIGGER note BEFORE UPDATE ON pets FOR EACH ROW EXECUTE FUNCTION note()`);
    await migrations.up(update('pets', { age: -1 }, literal('id BETWEEN 1 AND 600')));
    const sizes = await migrations.query('SELECT count(*)::int FROM updates GROUP BY at ORDER BY at');
    const last = sizes.slice(-5).map(({ count }) => Number(count));
    expect(Math.max(...last)).toBeLessThan(40);
  });
});
