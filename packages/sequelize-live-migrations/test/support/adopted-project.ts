import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './build';
import type { TestDatabase } from './database';

/** The `.sequelizerc` of a project that has everything where sequelize-cli has it, as the README gives it. */
export const RC = "module.exports = require('sequelize-live-migrations/sequelizerc')({ root: __dirname });";

const folders: string[] = [];

/** A project that hands over to this package, with some files, by their paths. */
export function projectWith(files: Readonly<Record<string, string>>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-adopted-'));
  folders.push(folder);
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  for (const [name, text] of Object.entries({ '.sequelizerc': RC, ...files })) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/** Removes the projects that this test file has made: for `afterAll`. */
export function removeProjects(): void {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}

/** A database as the fields of sequelize-cli's configuration. */
export function fieldsOf({ url }: TestDatabase) {
  const { hostname: host, port, username, password, pathname } = new URL(url);
  return {
    dialect: 'postgres',
    host,
    port,
    username,
    password: decodeURIComponent(password),
    database: pathname.slice(1),
  };
}

/** The files and folders of a project, but for what is installed. */
export function contentsOf(cwd: string): Record<string, string> {
  const entries = fs.readdirSync(cwd, { recursive: true, withFileTypes: true, encoding: 'utf8' });
  return Object.fromEntries(
    entries
      .map((entry) => [entry, path.relative(cwd, path.join(entry.parentPath, entry.name))] as const)
      .filter(([, file]) => !/^(node_modules|\.sequelizerc$)/.test(file))
      .map(([entry, file]) => [
        file,
        entry.isFile() ? fs.readFileSync(path.join(cwd, file), 'utf8') : 'folder',
      ]),
  );
}
