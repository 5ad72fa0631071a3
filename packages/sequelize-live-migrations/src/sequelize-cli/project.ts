import { createRequire } from 'node:module';

/** Where a project has its things, in absolute paths: what its `.sequelizerc` says (see bootstrap/project.js). */
export interface Project {
  readonly root: string;
  /** The module that exports `resolveDatabase`, as it is loaded. */
  readonly config: string;
  readonly migrations: Folder;
  readonly seeders: Folder | undefined;
  /** A module that exports `sequelize`, with the models attached. */
  readonly models: Folder | undefined;
  /** Where the generators write tests. */
  readonly tests: string | undefined;
}

/** A folder of modules: as they are written, and as they are loaded. The same, where nothing is compiled. */
export interface Folder {
  readonly sources: string;
  readonly compiled: string;
}

let current: Project | undefined;

/** From now on, this process works on a project. */
export function useProject(project: Project): void {
  current = project;
}

/** @throws where this process was not told of one */
export function currentProject(): Project {
  if (current) return current;
  throw new Error('The .sequelizerc does not hand over to sequelize-live-migrations: see its README.');
}

/** The project of a folder, as its `.sequelizerc` describes it. @throws where there is none */
export function loadProject(root: string): Project {
  const bootstrap: unknown = createRequire(__filename)('../../bootstrap/project.js');
  if (!hasLoader(bootstrap))
    throw new Error('sequelize-live-migrations is not installed whole: bootstrap/ is missing.');
  return bootstrap.loadProject(root);
}

function hasLoader(bootstrap: unknown): bootstrap is { loadProject(root: string): Project } {
  return typeof bootstrap === 'object' && bootstrap !== null && 'loadProject' in bootstrap;
}
