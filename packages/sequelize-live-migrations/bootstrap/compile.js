'use strict';

// Compiles a project's TypeScript when, and only when, the sources have changed since the last time.
//
// Plain JavaScript, because it is what runs before anything is compiled, this package included in its own checkout:
// `.sequelizerc` has it called at every sequelize-cli command, `sequelize-live-migrations build` by hand. It decides
// by content and not by time stamps, which a git checkout, a container layer and a restored cache all rewrite.

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

/** Says what the compiled files are made from; in the first folder's output. */
const STAMP = '.built-from';
const DRAFT = '.dist-';
const ABANDONED_AFTER_MS = 10 * 60_000;

/** The paths of all files under `folder`, relative to it, sorted; none where there is no such folder. */
function filesUnder(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

/** The sources and outputs of a project: each of its folders has `src`, which is compiled to `dist`. */
function unitsOf({ root, typescript: { folders } }) {
  return folders.map((folder) => {
    const sources = path.join(root, folder, 'src');
    return {
      folder,
      sources,
      output: path.join(root, folder, 'dist'),
      files: filesUnder(sources).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts')),
      hasManifest: fs.existsSync(path.join(root, folder, 'package.json')),
    };
  });
}

/** The compiler's settings: the named tsconfig file, and those that it extends. */
function settingsFiles(file) {
  const [, base] = /"extends":\s*"(\.[^"]+)"/.exec(fs.readFileSync(file, 'utf8')) ?? [];
  return base === undefined ? [file] : [file, ...settingsFiles(path.resolve(path.dirname(file), base))];
}

/** A hash over what is compiled: the sources, and the settings of the compiler. */
function fingerprint({ root, typescript: { project } }, units) {
  const hash = createHash('sha256');
  const inputs = [
    ...units.flatMap(({ sources, files }) => files.map((file) => path.join(sources, file))),
    ...settingsFiles(path.join(root, project)),
  ];
  for (const file of inputs) {
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(fs.readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Whether every source has its compiled file. */
function isComplete(units) {
  return units.every(({ output, files }) =>
    files.every((file) => fs.existsSync(path.join(output, file.replace(/\.ts$/, '.js')))),
  );
}

function readIfThere(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

/**
 * The compiler's command line: TypeScript 7's native compiler, which checks some thousand lines in less than half a
 * second, or where it has no binary the one written in JavaScript, which takes some seconds. The binary is called
 * without the script around it, which would start Node.js once more.
 */
function compilerOf({ root }) {
  const native = installed(`@typescript/typescript-${process.platform}-${process.arch}`, root);
  if (native) return [path.join(native, 'lib', process.platform === 'win32' ? 'tsc.exe' : 'tsc')];
  const portable = installed('typescript', root);
  return portable && [process.execPath, path.join(portable, 'bin', 'tsc')];
}

/** The folder of a package, as the project finds it. */
function installed(name, root) {
  try {
    return path.dirname(require.resolve(`${name}/package.json`, { paths: [root] }));
  } catch {
    return undefined;
  }
}

/**
 * Puts compiled files in place one atomic rename at a time, so that a second command that is loading them meanwhile
 * never finds one missing or half written. What is left of sources that are gone is removed.
 *
 * @param leaveAsItIs which sources to leave without a new compiled file
 */
function install(draft, { folder, output, files, hasManifest }, leaveAsItIs) {
  const compiled = path.join(draft, folder, 'src');
  // Below another package's package.json, Node.js might take the compiled files for ES modules.
  if (!hasManifest) {
    fs.mkdirSync(compiled, { recursive: true });
    fs.writeFileSync(path.join(compiled, 'package.json'), '{ "type": "commonjs" }\n');
  }
  const isLeft = (file) => leaveAsItIs(path.join(folder, 'src', file.replace(/\.js$/, '.ts')));
  for (const file of filesUnder(compiled).filter((candidate) => !isLeft(candidate))) {
    fs.mkdirSync(path.dirname(path.join(output, file)), { recursive: true });
    fs.renameSync(path.join(compiled, file), path.join(output, file));
  }
  const current = [
    ...files.map((file) => file.replace(/\.ts$/, '.js')),
    ...(hasManifest ? [] : ['package.json']),
  ];
  for (const file of filesUnder(output)) {
    if (!current.includes(file) && file !== STAMP) fs.rmSync(path.join(output, file), { force: true });
  }
}

/** Runs the compiler, and gives what it complains of, or nothing. */
function runCompiler({ root, typescript: { project } }, [program, ...args], draft, keepGoing) {
  const { spawnSync } = require('node:child_process'); // not loaded where nothing is compiled
  const options = ['--project', project, '--outDir', draft, '--noEmitOnError', String(!keepGoing)];
  const result = spawnSync(program, [...args, ...options], { cwd: root, encoding: 'utf8' });
  if (result.status === 0) return undefined;
  return `${result.stdout}${result.stderr}${result.error ?? ''}`.trim();
}

/**
 * Compiles into a folder of this process's own and installs the result, unless the sources have changed meanwhile:
 * then what was compiled is of no known version. The stamp goes first and comes back last, so that a kill in
 * between only means that the next command compiles again.
 *
 * @returns {string | undefined} the compiler's complaint
 */
function compileInto(draft, project, units, compiler, stamp, keepGoing) {
  const complaint = runCompiler(project, compiler, draft, keepGoing);
  if (complaint && !keepGoing) return complaint;
  if (fingerprint(project, unitsOf(project)) !== stamp) return undefined;
  const failing = [...(complaint ?? '').matchAll(/^(.+?)\(\d+,\d+\): error /gm)].map(([, file]) =>
    path.normalize(file),
  );
  const stampFile = stampFileOf(units);
  fs.rmSync(stampFile, { force: true });
  for (const unit of units) install(draft, unit, (file) => failing.includes(file));
  if (complaint) return complaint;
  fs.writeFileSync(path.join(draft, STAMP), stamp);
  fs.renameSync(path.join(draft, STAMP), stampFile);
  return undefined;
}

function stampFileOf([first]) {
  return path.join(first.output, STAMP);
}

/** Removes what commands that were killed while compiling have left. */
function removeOldDrafts(parent) {
  for (const entry of fs.readdirSync(parent).filter((name) => name.startsWith(DRAFT))) {
    const draft = path.join(parent, entry);
    const { mtimeMs } = fs.statSync(draft, { throwIfNoEntry: false }) ?? { mtimeMs: Infinity };
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) fs.rmSync(draft, { recursive: true, force: true });
  }
}

function compileWith(project, units, compiler, stamp, keepGoing) {
  const parent = path.dirname(units[0].output);
  try {
    removeOldDrafts(parent);
    const draft = fs.mkdtempSync(path.join(parent, DRAFT));
    try {
      const complaint = compileInto(draft, project, units, compiler, stamp, keepGoing);
      if (complaint) return `The TypeScript does not compile; the database was not touched.\n\n${complaint}`;
    } finally {
      fs.rmSync(draft, { recursive: true, force: true });
    }
    const changedMeanwhile = readIfThere(stampFileOf(units)) !== fingerprint(project, unitsOf(project));
    return changedMeanwhile ? compile(project, { keepGoing }) : undefined;
  } catch (error) {
    return `The compiled files cannot be written (${error.message}); the database was not touched.`;
  }
}

/** What to say where the compiled files are not there, and neither are their sources. */
function missingOutput(units) {
  const [missing] = units.filter(({ output }) => !fs.existsSync(output));
  return (
    missing &&
    `${missing.folder}/dist is missing, and so is ${missing.folder}/src: copy it from a build (npm ci && npm run build).`
  );
}

/**
 * Makes the compiled files of a project current.
 *
 * @param project as `projectFrom` gives it; one without `typescript` needs no compiling
 * @param keepGoing whether to compile what can be compiled where something cannot, like `make --keep-going`: for
 *   commands that need no migration
 * @returns {string | undefined} nothing when they are, otherwise the message for the user; what was compiled before is
 *   then left as it was, with `keepGoing` that of the sources that fail
 */
function compile(project, { keepGoing = false } = {}) {
  if (!project.typescript) return undefined;
  const units = unitsOf(project);
  if (units.every(({ files }) => files.length === 0)) return missingOutput(units); // an image without sources
  const stamp = fingerprint(project, units);
  const builtFrom = readIfThere(stampFileOf(units));
  if (builtFrom === stamp && isComplete(units)) return undefined;
  const compiler = compilerOf(project);
  if (compiler) return compileWith(project, units, compiler, stamp, keepGoing);
  return (
    `The compiled files are ${builtFrom ? 'older than the sources' : 'missing'}, and the compiler is not installed: ` +
    'run "npm ci && npm run build" before "npm ci --omit=dev". The database was not touched.'
  );
}

module.exports = { compile };
