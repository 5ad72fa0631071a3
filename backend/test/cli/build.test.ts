import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/build';
import { sequelizeCli } from '../support/cli';
import { createDatabase, dropDatabases } from '../support/database';
import { copyProject, removeCopies } from '../support/project';
import { schemaOf } from '../support/schema';

const MIGRATION = 'backend/src/migrations/20250723-add-version-to-sections.ts';

afterAll(removeCopies);
afterAll(() => dropDatabases());

function edit(project: string, file: string, change: (text: string) => string): void {
  const target = path.join(project, file);
  fs.writeFileSync(target, change(fs.readFileSync(target, 'utf8')));
}

describe('an edited migration', () => {
  const original = fs.readFileSync(path.join(ROOT, MIGRATION), 'utf8');
  let project: string;

  beforeAll(() => {
    project = copyProject();
  });

  afterEach(() => fs.writeFileSync(path.join(project, MIGRATION), original));

  it('is compiled by the next command, before it touches the database', async () => {
    const database = await createDatabase();
    edit(project, MIGRATION, (text) => text.replace('defaultValue: 1', 'defaultValue: 7'));
    const { code } = await sequelizeCli('db:migrate', database.url, { cwd: project });
    expect(code).toBe(0);
    expect(await schemaOf(database)).toContain('sections version integer not null default 7');
  });

  it('stops the command with the compiler’s message when it has a type error, the database untouched', async () => {
    const database = await createDatabase();
    edit(project, MIGRATION, (text) => text.replace('allowNull: false', "allowNull: 'no'"));
    const { code, stderr } = await sequelizeCli('db:migrate', database.url, { cwd: project });
    expect(code).toBe(1);
    expect(stderr).toContain('ERROR: The TypeScript does not compile; the database was not touched.');
    expect(stderr).toMatch(/20250723-add-version-to-sections\.ts\(\d+,\d+\): error TS2322/);
    expect(await schemaOf(database)).toEqual([]);
  });
});
