import { useMigrations } from '../support/migrations';
import { rowsOf, SESSIONS, SPLITS } from '../support/table-splits';

// A part of a table becomes one of its own, in one migration: nothing is lost, back and forth, wherever it is cut short.

const migrations = useMigrations();

// Sequelize, of each connection that was cut.
beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => {
  migrations.beforeStatement = undefined;
  jest.restoreAllMocks();
});

it.each(SPLITS)(
  '%s: wherever the run is cut short, the same command does the rest',
  async (_, up, select) => {
    const one = { name: 'one.js', up };
    await migrations.reset(SESSIONS);
    const before = await rowsOf(migrations, 'SELECT id, project FROM sessions');
    await migrations.up(one);
    const after = (await migrations.schema()).filter(isNoTime);
    for (let n = 3; n < 300; n += 17) {
      await migrations.reset(SESSIONS);
      let sent = 0;
      migrations.beforeStatement = () => {
        sent += 1;
        return sent === n ? Promise.reject(new Error('the network is gone')) : Promise.resolve();
      };
      const isCut = await migrations.up(one).then(
        () => false,
        () => true,
      );
      migrations.beforeStatement = undefined;
      if (isCut) await migrations.up(one);
      expect({ n, rows: await rowsOf(migrations, select) }).toEqual({ n, rows: before });
      expect((await migrations.schema()).filter(isNoTime)).toEqual(after);
      if (sent < n) return;
    }
    throw new Error('The migration has sent more statements than were cut.');
  },
);

/** Whether a line of a schema is no comment on what is kept aside, which says when that was. */
function isNoTime(line: string): boolean {
  return !line.includes('Kept aside by');
}
