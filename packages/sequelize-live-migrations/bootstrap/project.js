'use strict';

// What a `.sequelizerc` says of its project. Plain JavaScript: it is read before anything is compiled.

const fs = require('node:fs');
const path = require('node:path');

/** What `.sequelizerc` may say, and whether it has to. */
const SETTINGS = {
  root: 'required',
  config: 'required',
  migrations: 'required',
  seeders: 'optional',
  models: 'optional',
  tests: 'optional',
  typescript: 'optional',
};

/**
 * The project that the settings of a `.sequelizerc` describe, with absolute paths.
 *
 * @param settings paths relative to `root`, as the sources are called. `typescript`: `project`, the tsconfig file that
 *   compiles all of it, and `folders`, each of which has `src` and, compiled, `dist`
 * @throws for a setting that is missing or unknown
 */
function projectFrom(settings) {
  for (const name of Object.keys(settings)) {
    if (!(name in SETTINGS)) throw unusable(`${name} is not a setting`);
  }
  for (const [name, need] of Object.entries(SETTINGS)) {
    if (need === 'required' && settings[name] === undefined) throw unusable(`${name} is missing`);
  }
  const { root, config, migrations, seeders, models, tests, typescript } = settings;
  const folder = (source) =>
    source && {
      sources: path.join(root, source),
      compiled: path.join(root, compiledPath(source, typescript)),
    };
  return {
    root,
    config: path.join(root, compiledPath(config, typescript)),
    migrations: folder(migrations),
    seeders: folder(seeders),
    models: folder(models),
    tests: tests && path.join(root, tests),
    typescript,
  };
}

/** `backend/dist/migrations` for `backend/src/migrations`, where `backend` is compiled. */
function compiledPath(source, typescript) {
  const folder = typescript?.folders.find((candidate) => source.startsWith(`${candidate}/src/`));
  if (folder === undefined) return source;
  return path.join(folder, 'dist', source.slice(`${folder}/src/`.length).replace(/\.ts$/, '.js'));
}

function unusable(problem) {
  const known = Object.keys(SETTINGS).join(', ');
  return new Error(`.sequelizerc: ${problem}. The settings of sequelize-live-migrations are ${known}.`);
}

/** The projects that were loaded, by their `.sequelizerc`: Node.js runs that once for a process. */
const loaded = new Map();

/** The `.sequelizerc` that is being loaded for what it says, and not by sequelize-cli. */
let loading;

/**
 * The project of the folder `root`, as its `.sequelizerc` describes it.
 *
 * @throws where there is none, or it describes none
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

/** Whether a `.sequelizerc` is being loaded by `loadProject`, which is given its project. */
function isLoading(project) {
  if (loading !== undefined) loaded.set(loading, project);
  return loading !== undefined;
}

module.exports = { projectFrom, loadProject, isLoading };
