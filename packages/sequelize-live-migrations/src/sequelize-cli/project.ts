import { createRequire } from 'node:module';

/** A project as its `.sequelizerc` describes it, with absolute paths (see bootstrap/project.js). */
export interface Project {
  readonly root: string;
  /** The module that exports `resolveDatabase`, compiled. */
  readonly config: string;
  readonly migrations: Folder;
  readonly seeders: Folder | undefined;
  /** The folder whose index exports `sequelize`, with the models attached. */
  readonly models: Folder | undefined;
  /** The folder that the generators write tests to. */
  readonly tests: string | undefined;
}

/** A folder of modules: of the sources, and of what they are compiled to. The same where nothing is compiled. */
export interface Folder {
  readonly sources: string;
  readonly compiled: string;
}

let current: Project | undefined;

/** Sets the project of this process. */
export function useProject(project: Project): void {
  current = project;
}

/** The project of this process. @throws where it has none */
export function currentProject(): Project {
  if (current) return current;
  throw new Error('The .sequelizerc does not hand over to sequelize-live-migrations: see its README.');
}

/** The project in a folder, as its `.sequelizerc` describes it. @throws where there is none */
export function loadProject(root: string): Project {
  const bootstrap: unknown = createRequire(__filename)('../../bootstrap/project.js');
  if (!hasLoader(bootstrap))
    throw new Error('sequelize-live-migrations is not installed whole: bootstrap/ is missing.');
  return bootstrap.loadProject(root);
}

function hasLoader(bootstrap: unknown): bootstrap is { loadProject(root: string): Project } {
  return typeof bootstrap === 'object' && bootstrap !== null && 'loadProject' in bootstrap;
}
