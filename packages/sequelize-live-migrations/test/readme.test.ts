import fs from 'node:fs';
import path from 'node:path';
import * as kit from 'sequelize-live-migrations/testing';
import { dropDatabases } from './support/database';
import { README } from './support/readme';

// The files that the README has somebody write, in otherwise empty projects.

const folders: string[] = [];

afterAll(() => dropDatabases());
afterAll(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true })));

it('begins with all that a project which uses sequelize-cli has to write', () => {
  const [, first = ''] = /```js\n([\s\S]*?)```/.exec(README) ?? [];
  expect(first).toBe(
    "module.exports = require('sequelize-live-migrations/sequelizerc')({ root: __dirname });\n",
  );
});

it('names every export of the test kit, and no other', () => {
  const [, section = ''] = /\n## Testing\n([\s\S]*?)\n## /.exec(README) ?? [];
  const named = [...section.matchAll(/`(\w+)\(/g)].map(([, name]) => name);
  expect(new Set(named)).toEqual(new Set(Object.keys(kit)));
});

it('lists every setting of a .sequelizerc', () => {
  const source = fs.readFileSync(path.join(__dirname, '../bootstrap/project.js'), 'utf8');
  const [, settings = ''] = /const SETTINGS = \[([^\]]*)\]/.exec(source) ?? [];
  const names = [...settings.matchAll(/'(\w+)'/g)].map(([, name = '']) => name);
  expect(names).toContain('root');
  const [, section = ''] = /\n### The settings\n([\s\S]*?)\n## /.exec(README) ?? [];
  expect(names.filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
});
