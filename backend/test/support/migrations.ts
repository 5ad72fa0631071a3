import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './build';

/** The names of all migrations, as they are recorded, in order. */
export const MIGRATIONS: readonly string[] = fs
  .readdirSync(path.join(ROOT, 'backend/src/migrations'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, '.js'))
  .sort();
