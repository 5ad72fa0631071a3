import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/build';
import { shell } from '../support/cli';
import { createMigratedDatabase, dropDatabases } from '../support/database';
import { copyProject, removeCopies } from '../support/project';

const FILE = 'backend/docs/schema.md';

afterAll(() => dropDatabases());
afterAll(() => removeCopies());

it('the diagram in the documents is the one that npm run db:diagram draws of a migrated database', async () => {
  const { url } = await createMigratedDatabase();
  const checkout = copyProject({ with: [FILE] });
  const [original, copy] = [ROOT, checkout].map((folder) => path.join(folder, FILE));
  const text = fs.readFileSync(original ?? '', 'utf8');
  fs.writeFileSync(copy ?? '', text.replace(/erDiagram[\s\S]*?```/, '```'));
  const { code, stdout } = await shell('npm run --silent db:diagram', {
    cwd: checkout,
    env: { DATABASE_URL: url },
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^Drawn from database \w+ into backend\/docs\/schema\.md: conversation_messages, sections, user_sessions\n$/,
  );
  expect(fs.readFileSync(copy ?? '', 'utf8')).toBe(text);
});
