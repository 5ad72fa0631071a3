import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './build';
import { copyProject } from './project';

/** A migration to edit. */
export const MIGRATION = 'backend/src/migrations/20250723-add-version-to-sections.ts';

export function edit(project: string, file: string, change: (text: string) => string): void {
  const target = path.join(project, file);
  fs.writeFileSync(target, change(fs.readFileSync(target, 'utf8')));
}

/** Copies the project for the tests of a `describe`, each of which may edit that migration. @returns the copy's folder */
export function useCopyToEdit(): () => string {
  const original = fs.readFileSync(path.join(ROOT, MIGRATION), 'utf8');
  let project: string;
  beforeAll(() => {
    project = copyProject();
  });
  afterEach(() => fs.writeFileSync(path.join(project, MIGRATION), original));
  return () => project;
}
