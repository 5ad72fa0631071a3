'use strict';

// A project, as its `.sequelizerc` describes it. Plain JavaScript, because it runs before anything is compiled.

const fs = require('node:fs');
const path = require('node:path');

/** The settings in a `.sequelizerc`, of which `root` is required. */
const SETTINGS = ['root', 'config', 'migrations', 'seeders', 'models', 'tests', 'typescript'];

/**
 * The project that the settings of a `.sequelizerc` describe, with absolute paths.
 *
 * @param settings the paths of sources, relative to `root`. `typescript`: `project`, the tsconfig file of all of them,
 *   and `folders`, in each of which `src` is compiled to `dist`
 * @throws for a setting that is missing or unknown
 */
function projectFrom(settings = {}) {
  for (const name of Object.keys(settings)) {
    if (!SETTINGS.includes(name)) throw unusable(`${name} is not a setting`);
  }
  const { root, tests, typescript } = settings;
  if (root === undefined) throw unusable('root is missing: write { root: __dirname }');
  if (!path.isAbsolute(root)) throw unusable(`root is "${root}": write root: __dirname`);
  if (typescript !== undefined) assertCompiler(root, typescript);
  const existing = (...sources) => sources.find((source) => fs.existsSync(path.join(root, source)));
  const folder = (source) => source && folderOf(root, source, typescript);
  // What is left out is where sequelize-cli has it. Without a config file, the environment names the database.
  const { config = existing('config/config.js', 'config/config.json'), migrations = 'migrations' } = settings;
  const { seeders = existing('seeders'), models = existing('models') } = settings;
  return {
    root,
    config: config && path.join(root, compiledPath(config, typescript)),
    migrations: folder(migrations),
    seeders: folder(seeders),
    models: folder(models),
    tests: tests && path.join(root, tests),
    typescript,
  };
}

/** A folder of modules: of the sources, and of what they are compiled to. */
function folderOf(root, source, typescript) {
  return {
    sources: path.join(root, source),
    compiled: path.join(root, compiledPath(source, typescript)),
  };
}

/** The same for a folder that was typed: the absolute path of the sources, or of what they are compiled to. */
function folderTyped({ root, typescript }, file) {
  const source = path.relative(root, file).split(path.sep).join('/');
  const compiled = typescript?.folders.find((candidate) => source.startsWith(below(candidate, 'dist')));
  if (compiled === undefined) return folderOf(root, source, typescript);
  const rest = source.slice(below(compiled, 'dist').length);
  return folderOf(root, `${below(compiled, 'src')}${rest}`, typescript);
}

/** How paths in a part of a folder begin, however that is written: `app/src/`, and `src/` where the folder is `.`. */
function below(folder, part) {
  return `${path.posix.join(folder, part)}/`;
}

/** @throws where the setting `typescript` lacks a part, or names a file that is not there though the sources are */
function assertCompiler(root, { project, folders }) {
  if (typeof project !== 'string' || !Array.isArray(folders) || folders.length === 0)
    throw unusable("typescript has to be { project: '…/tsconfig.json', folders: ['…'] }");
  const hasSources = folders.some((folder) => fs.existsSync(path.join(root, folder, 'src')));
  if (hasSources && !fs.existsSync(path.join(root, project)))
    throw unusable(`typescript.project names ${project}, which does not exist`);
}

/** `app/dist/migrations` for `app/src/migrations`, where `app` is compiled. */
function compiledPath(written, typescript) {
  const source = path.posix.normalize(written);
  const folder = typescript?.folders.find((candidate) => source.startsWith(below(candidate, 'src')));
  if (folder === undefined) return source;
  return path.join(folder, 'dist', source.slice(below(folder, 'src').length).replace(/\.ts$/, '.js'));
}

function unusable(problem) {
  return new Error(
    `.sequelizerc: ${problem}. Nothing was done. The settings of sequelize-live-migrations are ${SETTINGS.join(', ')}.`,
  );
}

/** The projects that have been loaded, by their `.sequelizerc`, which Node.js runs only once in a process. */
const loaded = new Map();

/** The `.sequelizerc` that `loadProject` is loading, if it is. */
let loading;

/**
 * The project in the folder `root`, as its `.sequelizerc` describes it.
 *
 * @throws where there is none, or it does not describe a project
 */
function loadProject(root) {
  const file = path.join(root, '.sequelizerc');
  if (!fs.existsSync(file)) {
    throw new Error(`There is no .sequelizerc in ${root}. Type the command in the folder that has it.`);
  }
  if (!loaded.has(file)) {
    loading = file;
    try {
      require(file);
    } finally {
      loading = undefined;
    }
  }
  const project = loaded.get(file);
  if (project) return project;
  throw new Error(`${file} does not hand over to sequelize-live-migrations: see its README.`);
}

/** Whether `loadProject` is loading a `.sequelizerc`, and not sequelize-cli. */
function isLoading() {
  return loading !== undefined;
}

/** Passes the project of the `.sequelizerc` that is being loaded on to `loadProject`. */
function passOn(project) {
  loaded.set(loading, project);
  return project;
}

module.exports = { projectFrom, folderTyped, loadProject, isLoading, passOn };
