import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './build';
import { run } from './cli';

/** The paths of all files below a folder, relative to it. */
export function filesIn(folder: string): string[] {
  const entries = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return entries.filter((entry) => fs.statSync(path.join(folder, entry)).isFile());
}

interface PackOptions {
  /** As `npm publish` does. Otherwise what is compiled already is packed, which has no declarations. */
  readonly compile?: boolean;
}

/**
 * Packs one of this repository's packages, and unpacks it into the `node_modules` of a project, beside links to what it
 * needs. It is done in a copy, because it compiles, and others use what is compiled here.
 *
 * @returns the folder of the unpacked package
 */
export async function installPacked(
  project: string,
  { name, dependencies = {}, peerDependencies = {} }: Manifest,
  { compile = true }: PackOptions = {},
): Promise<string> {
  const folder = path.join(project, 'node_modules', name);
  await packTo(folder, name, compile);
  for (const needed of Object.keys({ ...dependencies, ...peerDependencies })) linkModule(project, needed);
  return folder;
}

interface Manifest {
  readonly name: string;
  readonly dependencies?: object;
  readonly peerDependencies?: object;
}

/** Has a project find a package that is installed here, or the one in another folder. */
export function linkModule(
  project: string,
  name: string,
  from = path.join(ROOT, 'node_modules', name),
): void {
  const link = path.join(project, 'node_modules', name);
  fs.mkdirSync(path.dirname(link), { recursive: true });
  fs.symlinkSync(from, link);
}

async function packTo(folder: string, name: string, compile: boolean): Promise<void> {
  const destination = fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-tarball-'));
  try {
    const tarball = await packTarball(destination, name, { compile });
    fs.mkdirSync(folder, { recursive: true });
    await succeed('tar', ['-xzf', tarball, '--strip-components=1'], folder);
  } finally {
    fs.rmSync(destination, { recursive: true });
  }
}

/** Packs one of this repository's packages into a folder. @returns the path of the tarball */
export async function packTarball(
  destination: string,
  name: string,
  { compile = true }: PackOptions = {},
): Promise<string> {
  const workspace = fs.mkdtempSync(path.join(os.tmpdir(), 'live-migrations-pack-'));
  try {
    const copy = path.join(workspace, 'packages', name);
    const filter = (file: string) => !(compile && path.basename(file) === 'dist');
    fs.cpSync(path.join(ROOT, 'packages', name), copy, { recursive: true, filter });
    fs.copyFileSync(path.join(ROOT, 'tsconfig.json'), path.join(workspace, 'tsconfig.json'));
    fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(workspace, 'node_modules'));
    const options = ['--pack-destination', destination, ...(compile ? [] : ['--ignore-scripts'])];
    await succeed('npm', ['pack', ...options], copy);
    const [tarball = ''] = fs.readdirSync(destination).filter((file) => file.endsWith('.tgz'));
    return path.join(destination, tarball);
  } finally {
    fs.rmSync(workspace, { recursive: true });
  }
}

async function succeed(command: string, args: readonly string[], cwd: string): Promise<void> {
  const env = { npm_config_update_notifier: 'false' };
  const { code, stdout, stderr } = await run(command, args, { cwd, env });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
}
