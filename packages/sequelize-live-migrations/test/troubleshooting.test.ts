import fs from 'node:fs';
import path from 'node:path';

// Whoever searches the page of messages for words of one finds them only while both say the same.

const PACKAGES = path.resolve(__dirname, '../..');

/** The headings that quote PostgreSQL, psql, Node.js or sequelize-cli. */
const OF_OTHERS = [
  'Cannot find ".../config/config.json"',
  'syntax error at or near ">"',
  'database "…" already exists',
  'relation "…" already exists',
  'relation "…" does not exist',
  "Cannot find module 'checkout-postgres'",
  'The server does not support SSL connections',
  'permission denied',
  'permission denied to create database',
  'must be owner of database',
  'is not defined in ES module scope',
  'canceling statement due to statement timeout',
  'could not look up effective user ID',
  'waiting for old snapshots',
  'waiting for writers before build',
];

/** The sources of both packages, with what is written over several lines put together. */
function sources(): string {
  const folders = ['sequelize-live-migrations', 'checkout-postgres'].flatMap((name) => [
    path.join(PACKAGES, name, 'src'),
    path.join(PACKAGES, name, 'bootstrap'),
  ]);
  const files = folders.filter((folder) => fs.existsSync(folder)).flatMap((folder) => filesBelow(folder));
  const programs = ['sequelize-live-migrations', 'checkout-postgres'].map((name) =>
    path.join(PACKAGES, name, 'bin.js'),
  );
  return [...files, ...programs]
    .map((file) => fs.readFileSync(file, 'utf8'))
    .join('\n')
    .replace(/['`]\s*\+\s*\n\s*['`]/g, '');
}

function filesBelow(folder: string): string[] {
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /\.[jt]s$/.test(file)).map((file) => path.join(folder, file));
}

it('each heading of the page of messages is part of a message', () => {
  const page = fs.readFileSync(path.join(__dirname, '../docs/troubleshooting.md'), 'utf8');
  const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, heading = '']) => heading);
  const quoted = headings.flatMap((heading) =>
    [...heading.matchAll(/`([^`]*)`/g)].map(([, text = '']) => text),
  );
  const ofOurs = quoted.filter((text) => /\s/.test(text) && !OF_OTHERS.includes(text));
  expect(ofOurs.length).toBeGreaterThan(40);
  const written = sources();
  const missing = ofOurs.filter((text) => !text.split('…').every((part) => written.includes(part.trim())));
  expect(missing).toEqual([]);
});
