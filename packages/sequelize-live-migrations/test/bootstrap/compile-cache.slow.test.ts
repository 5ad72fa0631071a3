import fs from 'node:fs';
import path from 'node:path';
import { CLI, isKept, projectWith, removeProjects, run } from '../support/compile-cache';

// More of these are in compile-cache.test.ts.

afterAll(removeProjects);

const worked = { status: 0, stderr: '' };

it('where it cannot be written, the commands work as before', () => {
  const root = projectWith('project/node_modules');
  fs.writeFileSync(path.join(root, 'node_modules/.cache'), 'a file is in the way');
  expect([run(root, [CLI, '--version']), isKept(root)]).toEqual([worked, false]);
});

it('a folder for modules is not made where the project has none of its own', () => {
  const root = projectWith('node_modules');
  expect([run(root, [CLI, '--version']), fs.existsSync(path.join(root, 'node_modules'))]).toEqual([
    worked,
    false,
  ]);
});

it('the variable of Node.js turns it off', () => {
  const root = projectWith('project/node_modules');
  const off = { NODE_DISABLE_COMPILE_CACHE: '1' };
  expect([run(root, [CLI, '--version'], off), isKept(root)]).toEqual([worked, false]);
});
