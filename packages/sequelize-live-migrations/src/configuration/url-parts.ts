import { ConfigurationError } from './errors';

/** A connection URL, taken apart. All but the parameters is as it is written, percent-encoded. */
export interface UrlParts {
  readonly scheme: string;
  /** `user:password`, or nothing. */
  readonly credentials: string;
  /** `one.example:5432,other.example`, or nothing. */
  readonly hosts: string;
  readonly database: string;
  /** Decoded. Of one that is given twice the last one counts, as for libpq. */
  readonly parameters: ReadonlyMap<string, string>;
}

export const EXAMPLE_URL = 'postgres://user:password@host:5432/database';

const PARTS =
  /^(?<scheme>postgres|postgresql|socket):\/\/(?:(?<credentials>[^@/?]*)@)?(?<hosts>[^@/?]*)(?:\/(?<database>[^@?]*))?(?:\?(?<query>.*))?$/is;

/**
 * Takes a connection URL apart. A password with certain characters in it would be taken for something else, and printed: so
 * it is refused, with what to type.
 *
 * @param place what messages call the place where the URL is configured
 * @throws ConfigurationError, which never has the URL in it
 */
export function partsOf(place: string, url: string): UrlParts {
  const { scheme, credentials = '', hosts = '', database = '', query = '' } = PARTS.exec(url)?.groups ?? {};
  if (!/^(postgres|postgresql|socket):\/\//i.test(url)) {
    throw new ConfigurationError(`${place} is not a PostgreSQL connection URL, such as ${EXAMPLE_URL}.`);
  }
  if (scheme === undefined || url.includes('#') || /^[^/]*@/.test(query)) {
    throw unencoded(place, 'has an @ after the host, or a #');
  }
  if (/%(?![0-9a-f]{2})/i.test(url)) throw unencoded(place, 'has a % that encodes no character');
  return { scheme, credentials, hosts, database, parameters: parametersIn(query) };
}

/** Says how a password is written into a URL: most often the cause of what is wrong with one. */
export function unencoded(place: string, what: string): ConfigurationError {
  return new ConfigurationError(
    `${place} ${what}: in a password write # as %23, % as %25, / as %2F, ? as %3F and @ as %40; in a file .env, ` +
      'all after a # is a comment. Nothing was done.',
  );
}

/** libpq decodes `%20` in a parameter, and takes a + for a +. */
function parametersIn(query: string): Map<string, string> {
  return new Map(new URLSearchParams(query.replaceAll('+', '%2B')));
}

export function urlFromParts({ scheme, credentials, hosts, database, parameters }: UrlParts): string {
  const query = [...parameters].map((parameter) => parameter.map(encodeURIComponent).join('=')).join('&');
  return `${scheme}://${credentials && `${credentials}@`}${hosts}/${database}${query && `?${query}`}`;
}

/** A host as a URL writes it: a folder, for a Unix socket, percent-encoded, and an IPv6 address in brackets. */
export function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : encodeURIComponent(host);
}
