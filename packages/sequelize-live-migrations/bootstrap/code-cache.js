'use strict';

// What module.enableCompileCache does, for Node.js before 22.8. The libraries for that keep what is compiled when a module is
// loaded; V8 compiles most functions later, when they are first called, so what is kept is taken when the process ends (manual
// of Node.js, vm, script.createCachedData).

const { Buffer } = require('node:buffer');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');

const PACKAGE = path.dirname(__dirname) + path.sep;
const IN_MODULES = `${path.sep}node_modules${path.sep}`;
const HASH_BYTES = 32;

/** Of the file, to be counted on when `pack` changes: a project's other versions of this package may have left one. */
const FORMAT = 1;

const WRAPPER_LENGTH = Module.wrapper[0].length;

/**
 * Has the modules that are loaded from here on compiled from what earlier processes have kept, and keeps what this one has
 * compiled, when it ends, where it is more than that.
 */
function keepCode(folder) {
  const file = path.join(folder, `${process.version}-${process.arch}-${FORMAT}.cache`);
  const kept = read(file);
  const scripts = new Map();
  const compile = Module.prototype._compile;
  Module.prototype._compile = function compileFromCache(source, filename, format) {
    const isCommonJs = format !== 'module';
    const script = isCommonJs && isKept(source, filename) && scriptOf(source, filename, kept.get(filename));
    if (!script) return compile.call(this, source, filename, format);
    scripts.set(filename, script);
    return run(script, this, filename);
  };
  process.on('exit', () => {
    if ([...scripts.values()].some(({ cachedDataRejected }) => cachedDataRejected !== false))
      write(file, new Map([...kept].filter(isStillThere).concat(cachesOf(scripts))));
  });
}

/**
 * Libraries and this package: the project's own files change, and each checkout would have its own. V8 has no way to resolve an
 * `import()` in a script of this kind.
 */
function isKept(source, filename) {
  const isLibrary = filename.startsWith(PACKAGE) || filename.includes(IN_MODULES);
  return isLibrary && !source.includes('import(');
}

/** @returns undefined for what is no CommonJS: Node.js finds out what it is, or says what is wrong */
function scriptOf(source, filename, kept) {
  const wrapped = Module.wrap(source.replace(/^#!/, '//'));
  const hash = hashOf(wrapped);
  const cachedData = kept && hash.equals(kept.hash) ? kept.data : undefined;
  try {
    const options = { filename, columnOffset: -WRAPPER_LENGTH, cachedData };
    return Object.assign(new vm.Script(wrapped, options), { hash });
  } catch {
    return undefined;
  }
}

/** Runs a module as Node.js does, which does not export how it makes a module's `require`. */
function run(script, module, filename) {
  const require = (id) => module.require(id);
  require.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  require.resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  const { exports } = module;
  const compiled = script.runInThisContext();
  return compiled.call(exports, exports, require, module, filename, path.dirname(filename));
}

/** Other releases of a library may be in other folders, and what was kept of them would stay for ever. */
const isStillThere = ([filename]) => fs.existsSync(filename);

const cachesOf = (scripts) =>
  Array.from(scripts, ([filename, script]) => [
    filename,
    { hash: script.hash, data: script.createCachedData() },
  ]);

/** V8 runs what it is given: only a whole file is taken. */
function read(file) {
  try {
    const contents = fs.readFileSync(file);
    const kept = contents.subarray(HASH_BYTES);
    return hashOf(kept).equals(contents.subarray(0, HASH_BYTES)) ? unpack(v8.deserialize(kept)) : new Map();
  } catch {
    return new Map();
  }
}

/** What cannot be kept is compiled each time. */
function write(file, caches) {
  const contents = v8.serialize(pack(caches));
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    replace(file, Buffer.concat([hashOf(contents), contents]));
  } catch {
    // The folder cannot be written, or the disk is full.
  }
}

/** Under another name first, since commands run at the same time. */
function replace(file, contents) {
  const unfinished = `${file}.${process.pid}`;
  try {
    fs.writeFileSync(unfinished, contents);
    fs.renameSync(unfinished, file);
  } catch (error) {
    fs.rmSync(unfinished, { force: true });
    throw error;
  }
}

// All in one buffer, because to read hundreds of them takes as long as half of what they save.

function pack(caches) {
  const buffers = [...caches.values()].flatMap(({ hash, data }) => [hash, data]);
  const lengths = buffers.map(({ length }) => length);
  return { filenames: [...caches.keys()], lengths, bytes: Buffer.concat(buffers) };
}

function unpack({ filenames, lengths, bytes }) {
  const buffers = [];
  let start = 0;
  for (const length of lengths) {
    buffers.push(bytes.subarray(start, start + length));
    start += length;
  }
  return new Map(
    filenames.map((filename, n) => [filename, { hash: buffers[2 * n], data: buffers[2 * n + 1] }]),
  );
}

const hashOf = (contents) => createHash('sha256').update(contents).digest();

module.exports = { keepCode };
