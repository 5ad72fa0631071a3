import { createRequire } from 'node:module';

/** A project as its `.sequelizerc` describes it, with absolute paths (see bootstrap/project.js). */
export interface Project {
  readonly root: string;
  /** The module that names the database, compiled; undefined where the environment names it. */
  readonly config: string | undefined;
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
  return bootstrap().loadProject(root);
}

/**
 * The project with another folder in place of one of its own: that of the sources, or of what they are compiled to.
 *
 * @param kind `migrations` or `seeders`
 */
export function withFolder(project: Project, kind: string, folder: string): Project {
  return { ...project, [kind]: bootstrap().folderTyped(project, folder) };
}

interface Bootstrap {
  loadProject(root: string): Project;
  folderTyped(project: Project, folder: string): Folder;
}

/** What describes a project before anything is compiled. */
function bootstrap(): Bootstrap {
  const loaded: unknown = createRequire(__filename)('../../bootstrap/project.js');
  if (isBootstrap(loaded)) return loaded;
  throw new Error('sequelize-live-migrations is not installed whole: bootstrap/ is missing.');
}

function isBootstrap(loaded: unknown): loaded is Bootstrap {
  return typeof loaded === 'object' && loaded !== null && 'loadProject' in loaded && 'folderTyped' in loaded;
}
