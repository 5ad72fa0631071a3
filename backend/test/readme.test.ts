import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './support/build';

// What the READMEs say. Their commands are typed in readme.slow.test.ts.

/** All documents: those at the top, and what is below the folders that are ours. */
const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', ...['backend', 'packages'].flatMap(documentsBelow)];

function documentsBelow(folder: string): string[] {
  const files = fs.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  const others = /(^|\/)(node_modules|dist|fixtures|\.[^/]*)\//;
  return files
    .filter((file) => file.endsWith('.md') && !others.test(file))
    .map((file) => `${folder}/${file}`);
}

it('the quick start is the first thing that the README says', () => {
  const text = fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8');
  const [, first] = /```sh\n([\s\S]*?)```/.exec(text) ?? [];
  expect(first).toBe('npm ci && npx sequelize-cli db:migrate\nnpm ci && npm test\n');
});

it.each(DOCUMENTS)('%s links to files that exist', (file) => {
  const text = fs.readFileSync(path.join(ROOT, file), 'utf8');
  const links = [...text.matchAll(/\]\((?!https:)([^)#]+)(#[^)]*)?\)/g)].map(([, link = '']) => link);
  const missing = links.filter((link) => !fs.existsSync(path.join(ROOT, path.dirname(file), link)));
  expect(missing).toEqual([]);
});

it('package.json has every script that the README names', () => {
  const text = fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8');
  const manifest: unknown = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  const scripts = typeof manifest === 'object' && manifest && 'scripts' in manifest ? manifest.scripts : {};
  const named = new Set([...text.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, name = '']) => name));
  expect([...named].filter((name) => !(name in Object(scripts)))).toEqual([]);
});
