import { createRequire } from 'node:module';
import path from 'node:path';
import type { File } from '../generators';
import type { Project } from '../sequelize-cli';

/** The part of Prettier's API that is needed. */
interface Prettier {
  format(text: string, options: object): string | Promise<string>;
  resolveConfig(file: string): Promise<object | null>;
}

/** Files as a project formats them: with Prettier and the project's own settings, where it has such; otherwise as they are. */
export async function formattedFiles(
  { root }: Pick<Project, 'root'>,
  files: readonly File[],
): Promise<File[]> {
  const prettier = prettierOf(root);
  if (!prettier) return [...files];
  return Promise.all(
    files.map(async ([file, text]) => {
      const config = await prettier.resolveConfig(file);
      return [file, config ? await prettier.format(text, { ...config, filepath: file }) : text] as const;
    }),
  );
}

function prettierOf(root: string): Prettier | undefined {
  try {
    const loaded: unknown = createRequire(path.join(root, 'package.json'))('prettier');
    return isPrettier(loaded) ? loaded : undefined;
  } catch {
    return undefined;
  }
}

function isPrettier(loaded: unknown): loaded is Prettier {
  return typeof loaded === 'object' && loaded !== null && 'format' in loaded && 'resolveConfig' in loaded;
}
