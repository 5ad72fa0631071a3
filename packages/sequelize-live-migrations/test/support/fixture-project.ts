import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadProject } from '../../src/sequelize-cli/project';
import { ROOT } from './build';

/** A project as a user of the package has it, in plain JavaScript: pets and their toys. */
export const FIXTURE = path.resolve(__dirname, '../fixtures/project');

export const PETS = '20250101-create-pets.js';
export const KIND = '20250201-add-kind-to-pets.js';
export const TOYS = '20250301-create-toys.js';

/** The names of its migrations, as they are recorded, in order. */
export const MIGRATIONS: readonly string[] = [PETS, KIND, TOYS];

/** The project, as its `.sequelizerc` describes it. */
export const fixtureProject = () => loadProject(FIXTURE);

const copies: string[] = [];

interface CopyOptions {
  /** Whether everything that is installed here is installed there. */
  readonly withModules?: boolean;
}

/** A copy of the project in a folder of its own, for tests that edit its files. */
export function copyFixture({ withModules = true }: CopyOptions = {}): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-project-'));
  copies.push(folder);
  fs.cpSync(FIXTURE, folder, { recursive: true });
  if (withModules) fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

/** Removes the copies that this test file has made: for `afterAll`. */
export function removeCopies(): void {
  for (const folder of copies.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}
