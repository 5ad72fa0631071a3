'use strict';

// Compiles backend/src to backend/dist when, and only when, the sources have changed since the last time.
//
// Plain JavaScript, because it is what runs before anything is compiled: `.sequelizerc` calls it at every
// sequelize-cli command, `npm run build` runs it by hand. It decides by content and not by time stamps,
// which a git checkout, a container layer and a restored cache all rewrite.

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const SOURCES = path.join(__dirname, 'src');
const OUTPUT = path.join(__dirname, 'dist');
const STAMP = path.join(OUTPUT, '.built-from');

/** The paths of all files under `folder`, relative to it, sorted. */
function filesUnder(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

/** A hash over what is compiled: the sources and the two tsconfig files. */
function fingerprint(sources = filesUnder(SOURCES)) {
  const hash = createHash('sha256');
  const inputs = sources.filter((file) => /\.(ts|json)$/.test(file));
  for (const file of [...inputs, '../../tsconfig.json']) {
    hash.update(`${file}\0`).update(fs.readFileSync(path.join(SOURCES, file)));
  }
  return hash.digest('hex');
}

/** Whether every source has its compiled file. */
function isComplete(sources) {
  const compiled = sources.filter((file) => file.endsWith('.ts')).map((file) => file.replace(/\.ts$/, '.js'));
  return compiled.every((file) => fs.existsSync(path.join(OUTPUT, file)));
}

function readIfThere(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

/**
 * The compiler's command line: TypeScript 7's native compiler, which checks this project in less than half a
 * second, or where it has no binary the one written in JavaScript, which takes some seconds. The binary is
 * called without the script around it, which would start Node.js once more.
 */
function compiler() {
  const native = installed(`@typescript/typescript-${process.platform}-${process.arch}`);
  if (native) return [path.join(native, 'lib', process.platform === 'win32' ? 'tsc.exe' : 'tsc')];
  const portable = installed('typescript');
  return portable && [process.execPath, path.join(portable, 'bin', 'tsc')];
}

/** The folder of an installed package. */
function installed(name) {
  try {
    return path.dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

/**
 * Puts the compiled files in place one atomic rename at a time, so that a second command that is loading
 * them meanwhile never finds one missing or half written; the stamp goes first and comes back last, so that
 * a kill in between only means that the next command compiles again.
 */
function install(compiled, stamp) {
  fs.mkdirSync(OUTPUT, { recursive: true });
  fs.rmSync(STAMP, { force: true });
  const files = filesUnder(compiled);
  for (const file of files) {
    fs.mkdirSync(path.dirname(path.join(OUTPUT, file)), { recursive: true });
    fs.renameSync(path.join(compiled, file), path.join(OUTPUT, file));
  }
  for (const file of filesUnder(OUTPUT)) {
    if (!files.includes(file)) fs.rmSync(path.join(OUTPUT, file), { force: true });
  }
  const stampDraft = path.join(compiled, 'stamp');
  fs.writeFileSync(stampDraft, stamp);
  fs.renameSync(stampDraft, STAMP);
}

/**
 * Compiles into a folder of this process's own and installs the result, unless the sources have changed
 * meanwhile: then what was compiled is of no known version.
 *
 * @returns {string | undefined} the compiler's complaint
 */
function compile([program, ...args], stamp) {
  const { spawnSync } = require('node:child_process'); // not loaded where nothing is compiled
  const draft = fs.mkdtempSync(path.join(__dirname, '.dist-'));
  try {
    const result = spawnSync(program, [...args, '--project', SOURCES, '--outDir', draft], {
      encoding: 'utf8',
    });
    if (result.status !== 0) return `${result.stdout}${result.stderr}${result.error ?? ''}`.trim();
    if (fingerprint() === stamp) install(draft, stamp);
    return undefined;
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * Makes backend/dist current.
 *
 * @returns {string | undefined} nothing when it is, otherwise the message for the user; the previous output
 *   is then left as it was.
 */
function build() {
  if (!fs.existsSync(SOURCES)) {
    return fs.existsSync(OUTPUT)
      ? undefined // an image that carries only the compiled files
      : 'backend/dist is missing, and so is backend/src: copy it from a build (npm ci && npm run build).';
  }
  const sources = filesUnder(SOURCES);
  const stamp = fingerprint(sources);
  const builtFrom = readIfThere(STAMP);
  if (builtFrom === stamp && isComplete(sources)) return undefined;
  const tsc = compiler();
  if (!tsc) {
    return (
      `backend/dist is ${builtFrom ? 'older than backend/src' : 'missing'}, and the compiler is not installed: ` +
      'run "npm ci && npm run build" before "npm ci --omit=dev". The database was not touched.'
    );
  }
  return compileAs(stamp, tsc);
}

function compileAs(stamp, tsc) {
  try {
    removeOldDrafts();
    const complaint = compile(tsc, stamp);
    if (!complaint && readIfThere(STAMP) !== fingerprint()) return build();
    return complaint && `backend/src does not compile; the database was not touched.\n\n${complaint}`;
  } catch (error) {
    return `backend/dist cannot be written (${error.message}); the database was not touched.`;
  }
}

/** Removes what commands that were killed while compiling have left. */
function removeOldDrafts() {
  for (const entry of fs.readdirSync(__dirname).filter((name) => name.startsWith('.dist-'))) {
    const draft = path.join(__dirname, entry);
    const { mtimeMs } = fs.statSync(draft, { throwIfNoEntry: false }) ?? { mtimeMs: Infinity };
    if (Date.now() - mtimeMs > 10 * 60_000) fs.rmSync(draft, { recursive: true, force: true });
  }
}

module.exports = { build };

if (require.main === module) {
  const problem = build();
  if (problem) {
    console.error(problem);
    process.exitCode = 1;
  }
}
