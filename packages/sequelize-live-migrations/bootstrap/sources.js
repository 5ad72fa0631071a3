'use strict';

// What a project is compiled from, and whether that has changed. Plain JavaScript, like compile.js.

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

/** A file that is younger may change once more within the same tick of the clock of its time stamps. */
const SETTLED_AFTER_MS = 2_000;

/** The paths of all files under `folder`, relative to it, sorted; none where the folder does not exist. */
function filesUnder(folder) {
  return fs.existsSync(folder) ? filesIn(folder, '').sort() : [];
}

// Not with readdir's own option `recursive`, which takes twice as long, in each command.
function filesIn(folder, below) {
  return fs.readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const file = below + entry.name;
    if (entry.isDirectory()) return filesIn(folder, `${file}${path.sep}`);
    return entry.isFile() ? [file] : [];
  });
}

/**
 * The sources and outputs of a project: each of its folders has `src`, which is compiled to `dist`. The first one is
 * the application; an image may do without another that only development needs.
 */
function unitsOf({ root, typescript: { folders } }) {
  const needed = folders.filter((folder, n) => n === 0 || fs.existsSync(path.join(root, folder)));
  return needed.map((folder) => {
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

/** The files that are compiled, and the settings of the compiler. */
function inputsOf({ root, typescript: { project } }, units) {
  return [
    ...units.flatMap(({ sources, files }) => files.map((file) => path.join(sources, file))),
    ...settingsFiles(path.join(root, project)),
  ];
}

/** The compiler's settings: the named tsconfig file, and those that it extends. */
function settingsFiles(file) {
  // One that does not exist is the compiler's to name.
  const [, base] = /"extends":\s*"(\.[^"]+)"/.exec(readIfExists(file) ?? '') ?? [];
  return base === undefined ? [file] : [file, ...settingsFiles(path.resolve(path.dirname(file), base))];
}

/** A hash of the contents of what is compiled. Not of time stamps, which a checkout, a layer and a restored cache change. */
function fingerprint(project, units) {
  const hash = createHash('sha256');
  for (const file of inputsOf(project, units)) {
    hash
      .update(`${path.relative(project.root, file)}\0`)
      .update(readIfExists(file) ?? '')
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * A hash of what the file system says of the same files, without reading them: where it is as it was, so are the contents,
 * as for git's index. It takes a third of the time.
 *
 * @returns {string | undefined} undefined while one of them is so new that it might change and look the same
 */
function stateOf(project, units) {
  const hash = createHash('sha256');
  const now = Date.now();
  for (const file of inputsOf(project, units)) {
    const stats = fs.statSync(file, { throwIfNoEntry: false });
    if (stats && now - Math.max(stats.mtimeMs, stats.ctimeMs) < SETTLED_AFTER_MS) return undefined;
    hash
      .update(`${file}\0`)
      .update(stats ? [stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino].join() : '');
  }
  return hash.digest('hex');
}

/** The contents of a file; undefined where it does not exist. */
function readIfExists(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

module.exports = { filesUnder, fingerprint, readIfExists, stateOf, unitsOf };
