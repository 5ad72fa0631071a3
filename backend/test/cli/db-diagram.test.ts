import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/build';
import { run } from '../support/cli';
import { createMigratedDatabase, dropDatabases } from '../support/database';
import { copyProject, removeCopies } from '../support/project';

afterAll(() => dropDatabases());
afterAll(() => removeCopies());

it('the diagram in the README is the one that npm run db:diagram draws of a migrated database', async () => {
  const { url } = await createMigratedDatabase();
  const checkout = copyProject();
  const [original, copy] = [ROOT, checkout].map((folder) => path.join(folder, 'README.md'));
  const text = fs.readFileSync(original ?? '', 'utf8');
  fs.writeFileSync(copy ?? '', text.replace(/erDiagram[\s\S]*?```/, '```'));
  const script = path.join(checkout, 'backend/dist/cli/db-diagram.js');
  const { code, stdout } = await run(process.execPath, [script], { env: { DATABASE_URL: url } });
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^Drawn from database \w+ into README\.md: conversation_messages, sections, user_sessions\n$/,
  );
  expect(fs.readFileSync(copy ?? '', 'utf8')).toBe(text);
});
