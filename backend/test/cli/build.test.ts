import { sequelizeCli } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { edit, MIGRATION, useCopyToEdit } from '../support/edited-migration';
import { removeCopies } from '../support/project';
import { schemaOf } from '../support/schema';

afterAll(removeCopies);
afterAll(() => dropDatabases());

describe('an edited migration', () => {
  const project = useCopyToEdit();

  it('is compiled by the next command, before it touches the database', async () => {
    const database = await createDatabase();
    edit(project(), MIGRATION, (text) => text.replace('defaultValue: 1', 'defaultValue: 7'));
    const { code } = await sequelizeCli('db:migrate', database.url, { cwd: project() });
    expect(code).toBe(0);
    expect(await schemaOf(database)).toContain('sections version integer not null default 7');
  });

  it('stops the command with the compiler’s message when it has a type error, the database untouched', async () => {
    const database = await createDatabase();
    edit(project(), MIGRATION, (text) => text.replace('allowNull: false', "allowNull: 'no'"));
    const { code, stderr } = await sequelizeCli('db:migrate', database.url, { cwd: project() });
    expect(code).toBe(1);
    expect(stderr).toContain('ERROR: The TypeScript does not compile; the database was not touched.');
    expect(stderr).toMatch(/20250723-add-version-to-sections\.ts\(\d+,\d+\): error TS2322/);
    expect(await schemaOf(database)).toEqual([]);
  });
});
