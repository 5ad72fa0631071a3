import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

// Node.js keeps compiled code by itself since 22.8. Before, this package does, and these tests hold on each version.

const CODE_CACHE = path.resolve(__dirname, '../../bootstrap/code-cache.js');

/** Runs a module, and prints after it how many scripts were compiled, and how many taken from the cache. */
const PROGRAM = `
  const vm = require('node:vm');
  const scripts = [];
  vm.Script = class extends vm.Script { constructor(...args) { super(...args); scripts.push(this); } };
  if (process.argv[1] === 'kept') require(${JSON.stringify(CODE_CACHE)}).keepCode(process.argv[2]);
  try { require(process.argv[3]); } catch (error) { console.log(error.stack.replace(/\\n +at (?!.*library).*/g, '')); }
  process.on('exit', () => {
    const taken = scripts.filter(({ cachedDataRejected }) => cachedDataRejected === false).length;
    console.error(JSON.stringify({ compiled: scripts.length - taken, taken }));
  });`;

let root: string;
beforeEach(() => (root = fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-code-'))));
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

/** Writes a module of a library, and gives its path. */
function library(name: string, source: string): string {
  const file = path.join(root, 'node_modules/library', name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, source);
  return file;
}

const programOf = (file: string, how = 'kept') => ['-e', PROGRAM, how, path.join(root, 'kept'), file];

function run(file: string, how?: 'kept' | 'not kept') {
  const { PATH } = process.env;
  const { stdout, stderr } = spawnSync(process.execPath, programOf(file, how), {
    env: { PATH },
    encoding: 'utf8',
  });
  return { stdout, scripts: JSON.parse(stderr) as unknown };
}

const [compiled, taken] = [
  { compiled: 1, taken: 0 },
  { compiled: 0, taken: 1 },
];

function cacheFile(): string {
  const [file = '', ...others] = fs.readdirSync(path.join(root, 'kept'));
  expect(others).toEqual([]);
  return path.join(root, 'kept', file);
}

it('the second process takes what the first has compiled, and the first after a change compiles it, whatever it looks like', () => {
  const file = library('index.js', 'console.log(1)');
  expect([run(file), run(file), run(file)]).toEqual([
    { stdout: '1\n', scripts: compiled },
    { stdout: '1\n', scripts: taken },
    { stdout: '1\n', scripts: taken },
  ]);
  const { atime, mtime } = fs.statSync(file);
  fs.writeFileSync(file, 'console.log(2)');
  fs.utimesSync(file, atime, mtime);
  expect([run(file), run(file)]).toEqual([
    { stdout: '2\n', scripts: compiled },
    { stdout: '2\n', scripts: taken },
  ]);
});

it('functions that are first called after a module was loaded are kept too', () => {
  const sizes = ['', 'setTimeout(later);'].map((call) => {
    const body = 'console.log(1, 2, 3);'.repeat(1_000);
    run(library('index.js', `function later() { ${body} } ${call}`));
    return fs.statSync(cacheFile()).size;
  });
  expect(sizes[1]).toBeGreaterThan(2 * (sizes[0] ?? Infinity));
});

it('one process keeps what another has kept, and those at the same time do not spoil it', async () => {
  const files = ['a', 'b', 'c', 'd'].map((name) => library(`${name}.js`, `console.log('${name}')`));
  const [first = '', second = ''] = files;
  run(first);
  run(second);
  expect([run(first).scripts, run(second).scripts]).toEqual([taken, taken]);
  const processes = files.map((file) => spawn(process.execPath, programOf(file), { stdio: 'ignore' }));
  await Promise.all(processes.map((child) => once(child, 'close')));
  expect([run(first).scripts, fs.readdirSync(path.dirname(cacheFile())).length]).toEqual([taken, 1]);
});

it('what is kept of a module that is gone goes as well', () => {
  run(library('old.js', `function twice(n) { return 2 * n } ${'twice(twice(1));'.repeat(1_000)}`));
  const { size } = fs.statSync(cacheFile());
  fs.rmSync(path.join(root, 'node_modules/library/old.js'));
  run(library('new.js', ''));
  expect(fs.statSync(cacheFile()).size).toBeLessThan(size / 2);
});

it.each([
  ['cut short', (contents: Buffer) => contents.subarray(0, contents.length / 2)],
  ['empty', () => Buffer.of()],
  ['of something else', () => Buffer.from('{"a": 1}')],
  [
    'changed by a bit',
    (contents: Buffer) => contents.map((byte, n) => (n === contents.length - 40 ? byte ^ 1 : byte)),
  ],
])('a cache that is %s is not run, and written again', (_, spoil) => {
  const file = library('index.js', 'function twice(n) { return 2 * n } console.log(twice(2))');
  run(file);
  fs.writeFileSync(cacheFile(), spoil(fs.readFileSync(cacheFile())));
  expect([run(file), run(file)]).toEqual([
    { stdout: '4\n', scripts: compiled },
    { stdout: '4\n', scripts: taken },
  ]);
});

it("the project's own modules, and those that import ES modules when they run, are Node.js's to compile", () => {
  const own = path.join(root, 'own.js');
  fs.writeFileSync(
    own,
    `require('${library('index.js', 'import("node:path").then(() => console.log(1))')}')`,
  );
  const neither = { stdout: '1\n', scripts: { compiled: 0, taken: 0 } };
  expect([run(own), run(own)]).toEqual([neither, neither]);
});

describe('a module finds what it would find without the cache:', () => {
  it.each([
    [
      'what a module is given',
      `console.log(this === exports, exports === module.exports, __filename, __dirname, module.id, module.parent?.id, arguments.length);
       console.log(require.main?.filename, require.cache[__filename] === module, Object.keys(require.extensions));
       console.log(require.resolve('node:fs'), require.resolve('./index.js'), require.resolve.paths('pg'), Object.keys(require).sort());
       console.log(require.resolve('./a', { paths: [__dirname + '/other'] }), require('./other/a'));`,
    ],
    [
      'where an error is, in the first line',
      "exports.a = () => {}; console.log(new Error('wrong').stack.split('\\n')[1])",
    ],
    ['where an error is, in another', '\n\n  null.length;'],
    ['an error in the syntax', 'const a = 1;\nconst a = 2;'],
    ['a module that does not exist', "require('./nothing')"],
    ['a program', "#!/usr/bin/env node\nconsole.log(new Error().stack.split('\\n')[1])"],
    [
      'sloppy mode',
      'undeclared = 1; console.log(undeclared, (function () { return this === globalThis })())',
    ],
    ['nothing but a comment', '// nothing'],
    ['a module in a circle', "exports.first = 1; console.log(require('./index.js').first)"],
  ])('%s', (_, source) => {
    library('other/a.js', 'module.exports = module.parent.filename');
    const file = library('index.js', source);
    const { stdout } = run(file, 'not kept');
    expect([run(file).stdout, run(file).stdout]).toEqual([stdout, stdout]);
  });

  it('an ES module, where Node.js can require one', () => {
    library('package.json', '{ "type": "module" }');
    const file = library('index.js', 'console.log(typeof require, this)');
    const { stdout } = run(file, 'not kept');
    expect([run(file).stdout, run(file).stdout]).toEqual([stdout, stdout]);
  });

  it('a module that only its syntax says to be an ES module', () => {
    const file = library(
      'index.js',
      "import fs from 'node:fs'; console.log(typeof fs, import.meta.filename);",
    );
    const { stdout } = run(file, 'not kept');
    expect([run(file).stdout, run(file).stdout]).toEqual([stdout, stdout]);
  });
});
