/** What bootstrap/compile.js exports, which is JavaScript because it runs before anything is compiled. */
interface CompiledProject {
  readonly root: string;
  readonly typescript?: { readonly project: string; readonly folders: readonly string[] };
}

export function compile(
  project: CompiledProject,
  options?: { readonly keepGoing?: boolean },
): string | undefined;
