// A URL that was typed, `--url`, is handed on in DATABASE_URL: to the configuration, and to a process that runs in place
// of this one. So it is parsed in the same way, and its password is not printed. Messages say what was typed.

const MARK = 'DATABASE_URL_WAS_TYPED';

/** Has a typed URL name the database of this process, and of those that it starts. */
export function useTypedUrl(url: string): void {
  Object.assign(process.env, typedUrlVariables(url));
}

/** The variables with which a process works on the database of a URL, whatever its project's configuration names. */
export function typedUrlVariables(url: string): NodeJS.ProcessEnv {
  return { DATABASE_URL: url, [MARK]: 'yes' };
}

/** What messages call the place where a URL was given. */
export function placeOf(variable: string): string {
  return variable === 'DATABASE_URL' && process.env[MARK] ? '--url' : variable;
}

/** The URL that was typed, if one was. */
export function typedUrl(): string | undefined {
  return process.env[MARK] ? process.env['DATABASE_URL'] : undefined;
}
