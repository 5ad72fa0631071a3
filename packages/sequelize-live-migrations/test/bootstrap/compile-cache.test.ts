import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const PACKAGE = path.resolve(__dirname, '../..');
const MODULES = path.resolve(PACKAGE, '../../node_modules');
const CLI = path.join(MODULES, 'sequelize-cli/lib/sequelize');
const BIN = path.join(PACKAGE, 'bin.js');

const projects: string[] = [];
afterAll(() => projects.forEach((root) => fs.rmSync(root, { recursive: true, force: true })));

/** A project with nothing but its `.sequelizerc`, which finds the package in `modules`. */
function projectWith(modules: string): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-cache-'));
  projects.push(root);
  fs.mkdirSync(path.join(root, 'project/migrations'), { recursive: true });
  fs.mkdirSync(path.join(root, modules), { recursive: true });
  fs.symlinkSync(PACKAGE, path.join(root, modules, 'sequelize-live-migrations'), 'junction');
  fs.writeFileSync(
    path.join(root, 'project/.sequelizerc'),
    "module.exports = require('sequelize-live-migrations/sequelizerc')({ root: __dirname });\n",
  );
  return path.join(root, 'project');
}

function run(root: string, args: readonly string[], variables: NodeJS.ProcessEnv = {}) {
  const { PATH, HOME } = process.env;
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    env: { PATH, HOME, ...variables },
    encoding: 'utf8',
  });
  return { status, stderr };
}

const isKept = (root: string) => fs.existsSync(path.join(root, 'node_modules/.cache/node'));
const worked = { status: 0, stderr: '' };

it.each([
  ['sequelize-cli', [CLI, '--version']],
  ['sequelize-live-migrations', [BIN, 'check']],
])('%s keeps what Node.js compiles, in the project', (_, args) => {
  const root = projectWith('project/node_modules');
  run(root, args);
  expect(isKept(root)).toBe(true);
});

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
