import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

// Projects in which Node.js may keep what it compiles.

const PACKAGE = path.resolve(__dirname, '../..');
const MODULES = path.resolve(PACKAGE, '../../node_modules');
export const CLI = path.join(MODULES, 'sequelize-cli/lib/sequelize');
export const BIN = path.join(PACKAGE, 'bin.js');

const projects: string[] = [];

/** Removes them, when all tests of a file are done. */
export function removeProjects(): void {
  for (const root of projects.splice(0)) fs.rmSync(root, { recursive: true, force: true });
}

/** A project with nothing but its `.sequelizerc`, which finds the package in `modules`. */
export function projectWith(modules: string): string {
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

/** Runs Node.js in a project, with no variables but these and those that find programs. */
export function run(root: string, args: readonly string[], variables: NodeJS.ProcessEnv = {}) {
  const { PATH, HOME } = process.env;
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    env: { PATH, HOME, ...variables },
    encoding: 'utf8',
  });
  return { status, stderr };
}

/** Whether a project has what Node.js has compiled. */
export const isKept = (root: string) => fs.existsSync(path.join(root, 'node_modules/.cache/node'));
