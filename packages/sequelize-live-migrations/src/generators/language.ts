import path from 'node:path';
import { type Folder, isEsModule } from '../sequelize-cli';

/** What a file is written in: its ending. CommonJS ends in `.cjs` where `.js` is an ES module. */
export type Language = 'ts' | 'js' | 'cjs';

/**
 * What migrations, seeders and their tests are written in: what is compiled in TypeScript, and all else in CommonJS,
 * which every version of Node.js, sequelize-cli and umzug runs.
 */
export function languageOf({ sources, compiled }: Folder): Language {
  if (sources !== compiled) return 'ts';
  return hasEsModules(sources) ? 'cjs' : 'js';
}

/** Whether `.js` in a folder is an ES module. */
function hasEsModules(folder: string): boolean {
  return isEsModule(path.join(folder, 'it.js'));
}

/** How a new file, of which the name is given, is to be written so that Node.js takes it for what it is. */
export function moduleKindOf(file: string): 'cjs' | 'esm' {
  return isEsModule(file) ? 'esm' : 'cjs';
}

/** Whether what a project runs is compiled from TypeScript. */
export function isCompiled({ migrations }: { readonly migrations: Folder }): boolean {
  return migrations.sources !== migrations.compiled;
}
