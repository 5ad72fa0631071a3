'use strict';

// Compiles a project's TypeScript if the sources have changed since the last time.
//
// Plain JavaScript, because it runs before anything is compiled, including this package itself in its own checkout:
// for every sequelize-cli command, through `.sequelizerc`, and for `sequelize-live-migrations build`.

const fs = require('node:fs');
const path = require('node:path');
const { filesUnder, fingerprint, readIfExists, stateOf, unitsOf } = require('./sources');

/** The file with the fingerprint of what was compiled; in the output of the first folder. */
const STAMP = '.built-from';
/** The file with a fingerprint and the state that the files with these contents have, beside the stamp. */
const STATE = '.built-from-state';
/** The file with what the compiler knows of the last build, with which it checks again only what an edit may have changed. */
const BUILD_INFO = '.tsbuildinfo';
const DRAFT = '.dist-';
/** What builds a project whose development dependencies are not installed. */
const BUILD = 'npm ci && npx sequelize-live-migrations build';
const ABANDONED_AFTER_MS = 10 * 60_000;

/** Whether every source has its compiled file. */
function isComplete(units) {
  return units.every(({ output, files }) => {
    const compiled = new Set(filesUnder(output));
    return files.every((file) => compiled.has(file.replace(/\.ts$/, '.js')));
  });
}

/**
 * The compiler's command line: TypeScript 7's native compiler, which checks some thousand lines in half a second, or the one
 * in JavaScript, which takes some seconds, on a platform without the native one. The native one is started directly, without
 * its script, which would start Node.js once more.
 */
function compilerOf({ root }) {
  const native = installed(`@typescript/typescript-${process.platform}-${process.arch}`, root);
  if (native) return [path.join(native, 'lib', process.platform === 'win32' ? 'tsc.exe' : 'tsc')];
  const portable = installed('typescript', root);
  return portable && [process.execPath, path.join(portable, 'bin', 'tsc')];
}

/** The folder of a package, as the project resolves it; undefined where it is not installed. */
function installed(name, root) {
  try {
    return path.dirname(require.resolve(`${name}/package.json`, { paths: [root] }));
  } catch {
    return undefined;
  }
}

/**
 * Moves compiled files to the output one atomic rename at a time, so that another command which loads them at the same
 * time finds none missing or half written. Removes the compiled files of sources that do not exist any more.
 *
 * @param leaveAsItIs whether to keep the earlier compiled file of a source
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
    if (!current.includes(file) && ![STAMP, STATE, BUILD_INFO].includes(file))
      fs.rmSync(path.join(output, file), { force: true });
  }
}

/** Runs the compiler. @returns {string | undefined} its output, where it fails */
function runCompiler({ root, typescript: { project } }, [program, ...args], draft, keepGoing) {
  const { spawnSync } = require('node:child_process'); // loaded only where something is compiled
  const options = [
    ...['--project', project, '--outDir', draft, '--noEmitOnError', String(!keepGoing)],
    ...(keepGoing ? [] : ['--incremental', '--tsBuildInfoFile', path.join(draft, BUILD_INFO)]),
  ];
  const result = spawnSync(program, [...args, ...options], { cwd: root, encoding: 'utf8' });
  if (result.status === 0) return undefined;
  return `${result.stdout}${result.stderr}${result.error ?? ''}`.trim();
}

/**
 * Compiles into a folder of this process's own, and installs the result unless the sources have changed meanwhile, so
 * that it does not match any fingerprint. The stamp is removed first and written last, so that after a kill in between
 * the next command compiles again.
 *
 * @returns {string | undefined} the compiler's output, where it fails
 */
function compileInto(draft, project, units, compiler, stamp, keepGoing) {
  const stampFile = stampFileOf(units);
  const before = readIfExists(stampFile);
  // Of unchanged sources, what is compiled again is what somebody has deleted: the compiler takes that for there.
  const isWhole = before === undefined || before === stamp || keepGoing || !copyBuildInfo(units, draft);
  const errors = runCompiler(project, compiler, draft, keepGoing);
  if (errors && !keepGoing) return errors;
  // Another command may have installed a build meanwhile, of which this one has left out what it did not see change.
  const isOvertaken = readIfExists(stampFile) !== before;
  if (isOvertaken || fingerprint(project, unitsOf(project)) !== stamp) return undefined;
  const failing = [...(errors ?? '').matchAll(/^(.+?)\(\d+,\d+\): error /gm)].map(([, file]) =>
    path.normalize(file),
  );
  for (const file of [stampFile, buildInfoOf(units)]) fs.rmSync(file, { force: true });
  for (const unit of units) install(draft, unit, (file) => failing.includes(file));
  if (errors) return errors;
  // Somebody has deleted what the compiler takes for there: without a stamp, all is compiled again. Where all was compiled, it
  // is what the compiler's settings leave out.
  if (!isWhole && !isComplete(units)) return undefined;
  if (!keepGoing) fs.renameSync(path.join(draft, BUILD_INFO), buildInfoOf(units));
  fs.writeFileSync(path.join(draft, STAMP), stamp);
  fs.renameSync(path.join(draft, STAMP), stampFile);
  return undefined;
}

/**
 * Hands on what the compiler knows of the last build. It takes paths as relative to that file, so a draft has it at its top.
 *
 * @returns whether there is any; another command may remove it at any time
 */
function copyBuildInfo(units, draft) {
  try {
    fs.copyFileSync(buildInfoOf(units), path.join(draft, BUILD_INFO));
    return true;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

function buildInfoOf([first]) {
  return path.join(first.output, BUILD_INFO);
}

function stampFileOf([first]) {
  return path.join(first.output, STAMP);
}

/**
 * Remembers that files in this state have these contents, so that the next command need not read them. Where that cannot be
 * written, as in an image, the next one reads them, too.
 */
function rememberState([{ output }], stamp, state) {
  const draft = path.join(output, `${STATE}-${process.pid}`);
  try {
    fs.writeFileSync(draft, `${stamp} ${state}`);
    fs.renameSync(draft, path.join(output, STATE));
  } catch {
    return;
  }
}

/** Removes the folders of commands that were killed while compiling. */
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
      const errors = compileInto(draft, project, units, compiler, stamp, keepGoing);
      if (errors) return `The TypeScript does not compile; the database was not touched.\n\n${errors}`;
    } finally {
      fs.rmSync(draft, { recursive: true, force: true });
    }
    const changedMeanwhile = readIfExists(stampFileOf(units)) !== fingerprint(project, unitsOf(project));
    return changedMeanwhile ? compile(project, { keepGoing }) : undefined;
  } catch (error) {
    return (
      `The compiled files cannot be written (${error.message}); the database was not touched. Type the command as a user ` +
      `who may write there, or compile beforehand as such a user: ${BUILD}.`
    );
  }
}

/** The message where neither the compiled files nor their sources exist. */
function missingOutput(units) {
  const [missing] = units.filter(({ output }) => !fs.existsSync(output));
  if (missing === undefined) return undefined;
  const { folder } = missing;
  const meant = path.basename(folder) === 'src' ? path.dirname(folder) : undefined;
  const hint =
    meant === undefined ? '' : ` Or is "folders" of .sequelizerc to have '${meant}' in place of '${folder}'?`;
  return `${folder}/dist is missing, and so is ${folder}/src: copy it from a build (${BUILD}).${hint}`;
}

/**
 * Compiles a project where its sources have changed.
 *
 * @param project as `projectFrom` returns it; one without `typescript` is not compiled
 * @param keepGoing whether to compile the other sources where some do not compile, like `make --keep-going`: for commands
 *   that need no migration
 * @returns {string | undefined} the message for the user, if that fails. The earlier compiled files are then left as they
 *   were; with `keepGoing`, those of the sources that do not compile
 */
function compile(project, { keepGoing = false } = {}) {
  if (!project.typescript) return undefined;
  const units = unitsOf(project);
  if (units.every(({ files }) => files.length === 0)) return missingOutput(units); // an image without sources
  const builtFrom = readIfExists(stampFileOf(units));
  const state = stateOf(project, units);
  const isAsItWas = state && readIfExists(path.join(units[0].output, STATE)) === `${builtFrom} ${state}`;
  const stamp = isAsItWas ? builtFrom : fingerprint(project, units);
  if (builtFrom === stamp && isComplete(units)) {
    if (state && !isAsItWas) rememberState(units, stamp, state);
    return undefined;
  }
  const compiler = compilerOf(project);
  if (compiler) return compileWith(project, units, compiler, stamp, keepGoing);
  return (
    `The compiled files are ${builtFrom ? 'older than the sources' : 'missing'}, and the compiler is not installed: ` +
    `run "${BUILD}" before "npm ci --omit=dev". The database was not touched.`
  );
}

module.exports = { compile };
