import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import { messageOf } from '../configuration';
import { failIfLoadingExits } from './without-result';

const requireModule = createRequire(__filename);

/** What ES modules export, or the error of loading one, by their files: `require` does not load them on Node.js 20. */
const imported = new Map<string, { readonly exported: unknown } | { readonly error: unknown }>();
let loads = 0;

/** Loads the ES modules among some files. An error is kept for whoever needs the module. */
export async function importModules(files: readonly string[]): Promise<void> {
  const modules = files.filter((file) => !imported.has(file) && isEsModule(file));
  const areLoaded = failIfLoadingExits(modules);
  await Promise.all(
    modules.map(async (file) => {
      imported.set(file, await importModule(file).catch((error: unknown) => ({ error })));
    }),
  );
  areLoaded();
}

async function importModule(file: string, query = ''): Promise<{ exported: unknown }> {
  const bootstrap: unknown = requireModule('../../bootstrap/import.js');
  if (!canImport(bootstrap))
    throw new Error('sequelize-live-migrations is not installed whole: bootstrap/ is missing.');
  return { exported: await bootstrap.importModule(`${pathToFileURL(file).href}${query}`) };
}

function canImport(module: unknown): module is { importModule(specifier: string): Promise<unknown> } {
  return typeof module === 'object' && module !== null && 'importModule' in module;
}

/** What a module exports. An ES module has to be imported before. @throws what loading it throws */
export function exportedBy(file: string): unknown {
  const found = imported.get(file);
  if (!found) return required(file);
  if ('error' in found) throw found.error;
  return found.exported;
}

function required(file: string): unknown {
  const isLoaded = failIfLoadingExits([file]);
  try {
    return requireModule(file);
  } finally {
    isLoaded();
  }
}

/** Why a module cannot be loaded, in one line, and where in it: `boom (migrations/20250101-create-pets.js:7)`. */
export function whyNotLoaded(file: string, error: unknown): string {
  const [reason = ''] = messageOf(error).split('\n'); // the next lines say who has required it
  const stack = types.isNativeError(error) ? (error.stack ?? '') : '';
  const [, after = ''] = stack.split(`${file}:`);
  const line = Number.parseInt(after, 10);
  const place = line ? ` (${path.relative(process.cwd(), file)}:${String(line)})` : '';
  return `${reason.replace(/\.$/, '')}${place}`;
}

/** What a module exports when it is run again, with new state. */
export async function loadAgain(file: string): Promise<unknown> {
  if (isEsModule(file)) {
    loads += 1;
    return (await importModule(file, `?again=${String(loads)}`)).exported;
  }
  Reflect.deleteProperty(requireModule.cache, requireModule.resolve(file));
  return requireModule(file);
}

/**
 * Whether Node.js takes a file for an ES module: by its ending, else by the nearest package.json (its manual, "Packages").
 * JSON is none: `import` of it would need an attribute, and `require` reads it.
 */
export function isEsModule(file: string): boolean {
  if (/\.m[jt]s$/.test(file)) return true;
  return /\.[jt]s$/.test(file) && typeOf(path.dirname(file)) === 'module';
}

function typeOf(folder: string): unknown {
  const manifest = path.join(folder, 'package.json');
  if (fs.existsSync(manifest)) {
    const parsed: unknown = JSON.parse(fs.readFileSync(manifest, 'utf8'));
    return typeof parsed === 'object' && parsed !== null && 'type' in parsed ? parsed.type : undefined;
  }
  const parent = path.dirname(folder);
  return parent === folder || path.basename(folder) === 'node_modules' ? undefined : typeOf(parent);
}
