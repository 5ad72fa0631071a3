import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compile } from '../../bootstrap/compile';

const MODULES = path.resolve(__dirname, '../../../../node_modules');

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-compile-'));
const source = path.join(root, 'app/src/one.ts');
const output = path.join(root, 'app/dist/one.js');
const remembered = path.join(root, 'app/dist/.built-from-state');
const project = { root, typescript: { project: 'tsconfig.json', folders: ['app'] } };

beforeAll(() => {
  fs.mkdirSync(path.dirname(source), { recursive: true });
  fs.symlinkSync(MODULES, path.join(root, 'node_modules'), 'junction');
  const compilerOptions = { target: 'es2022', module: 'commonjs', rootDir: '.', types: [] };
  fs.writeFileSync(path.join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['app'] }));
});
beforeEach(() => {
  fs.writeFileSync(source, 'export const one = 1;\n');
  expect(compile(project)).toBeUndefined();
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

/** Has the clock go on, so that what was just written is not new any more. */
function later(): void {
  const now = Date.now() + 60_000;
  jest.spyOn(Date, 'now').mockReturnValue(now);
}

const compiled = () => fs.readFileSync(output, 'utf8');

it('a source that the last command has read is not read again', () => {
  later();
  compile(project);
  const read = jest.spyOn(fs, 'readFileSync');
  expect(compile(project)).toBeUndefined();
  expect(read.mock.calls.map(([file]) => file)).not.toContain(source);
});

it('an edit that leaves the size and the time of modification as they were is compiled', () => {
  later();
  compile(project);
  const { atime, mtime } = fs.statSync(source);
  fs.writeFileSync(source, 'export const one = 2;\n');
  fs.utimesSync(source, atime, mtime);
  expect(compile(project)).toBeUndefined();
  expect(compiled()).toContain('one = 2');
});

it('the state of a source that is only just written is not relied on', () => {
  fs.rmSync(remembered, { force: true });
  compile(project);
  expect(fs.existsSync(remembered)).toBe(false);
});

it('a state that was remembered of other contents is not relied on', () => {
  later();
  compile(project);
  const [, state = ''] = fs.readFileSync(remembered, 'utf8').split(' ');
  fs.writeFileSync(source, 'export const one = 3;\n');
  compile(project);
  // As a slower command would write it that has read the contents before.
  fs.writeFileSync(remembered, `${'0'.repeat(64)} ${state}`);
  fs.writeFileSync(source, 'export const one = 1;\n');
  expect(compile(project)).toBeUndefined();
  expect(compiled()).toContain('one = 1');
});

it('a compiled file that is gone is compiled again, whatever is remembered', () => {
  later();
  compile(project);
  fs.rmSync(output);
  expect(compile(project)).toBeUndefined();
  expect(compiled()).toContain('one = 1');
});

it('after an edit only what it may have changed is compiled, and checked', () => {
  const [other, otherOutput] = [path.join(root, 'app/src/two.ts'), path.join(root, 'app/dist/two.js')];
  fs.writeFileSync(source, 'export const one: number = 4;\n');
  fs.writeFileSync(other, "import { one } from './one';\nexport const two: number = one;\n");
  compile(project);
  const { ino } = fs.statSync(otherOutput);
  fs.writeFileSync(source, 'export const one: number = 5;\n');
  expect(compile(project)).toBeUndefined();
  expect([compiled(), fs.statSync(otherOutput).ino]).toEqual([expect.stringContaining('one = 5'), ino]);
  fs.writeFileSync(source, "export const one = 'six';\n");
  expect(compile(project)).toContain(
    "two.ts(2,14): error TS2322: Type 'string' is not assignable to type 'number'",
  );
  expect(compiled()).toContain('one = 5');
  fs.rmSync(other);
  expect(compile(project)).toBeUndefined();
  expect([compiled(), fs.existsSync(otherOutput)]).toEqual([expect.stringContaining("one = 'six'"), false]);
});

it('a compiled file that is gone is there after the edit of another', () => {
  const [other, otherOutput] = [path.join(root, 'app/src/two.ts'), path.join(root, 'app/dist/two.js')];
  fs.writeFileSync(other, 'export const two = 2;\n');
  compile(project);
  fs.rmSync(otherOutput);
  fs.writeFileSync(source, 'export const one = 7;\n');
  expect(compile(project)).toBeUndefined();
  expect([compiled(), fs.existsSync(otherOutput)]).toEqual([expect.stringContaining('one = 7'), true]);
  fs.rmSync(other);
});

it("a source that the compiler's settings leave out is not waited for", () => {
  const settings = path.join(root, 'tsconfig.json');
  const before = fs.readFileSync(settings, 'utf8');
  fs.writeFileSync(settings, before.replace('"include"', '"exclude":["**/*.left.ts"],"include"'));
  const left = path.join(root, 'app/src/one.left.ts');
  fs.writeFileSync(left, 'export const left = 1;\n');
  for (const one of [9, 10]) {
    fs.writeFileSync(source, `export const one = ${String(one)};\n`);
    expect(compile(project)).toBeUndefined();
    expect(compiled()).toContain(`one = ${String(one)}`);
    expect(compile(project)).toBeUndefined();
  }
  expect(fs.existsSync(path.join(root, 'app/dist/one.left.js'))).toBe(false);
  fs.writeFileSync(settings, before);
  fs.rmSync(left);
});

it('what another command removes meanwhile is done without', () => {
  jest.spyOn(fs, 'copyFileSync').mockImplementation(() => {
    throw Object.assign(new Error('ENOENT: no such file or directory'), { code: 'ENOENT' });
  });
  fs.writeFileSync(source, 'export const one = 11;\n');
  expect(compile(project)).toBeUndefined();
  expect(compiled()).toContain('one = 11');
});

it('what a build that keeps going has compiled in between is not taken for what was there before', () => {
  fs.writeFileSync(source, 'export const one = 8;\n');
  expect(compile(project, { keepGoing: true })).toBeUndefined();
  expect(compiled()).toContain('one = 8');
  fs.writeFileSync(source, 'export const one = 1;\n');
  expect(compile(project)).toBeUndefined();
  expect(compiled()).toContain('one = 1');
});

it('where nothing can be remembered, the sources are read each time', () => {
  later();
  fs.rmSync(remembered, { force: true });
  jest.spyOn(fs, 'renameSync').mockImplementation(() => {
    throw new Error('EROFS: read-only file system');
  });
  expect(compile(project)).toBeUndefined();
  expect(fs.existsSync(remembered)).toBe(false);
});
