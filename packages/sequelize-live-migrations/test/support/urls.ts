/** A URL with other parts in place of its own. */
export function urlWith(
  url: string,
  parts: Partial<Record<'username' | 'password' | 'hostname' | 'port' | 'pathname', string>>,
): string {
  return Object.assign(new URL(url), parts).href;
}

/** The name of the database in a URL. */
export function nameIn(url: string): string {
  return new URL(url).pathname.slice(1);
}
