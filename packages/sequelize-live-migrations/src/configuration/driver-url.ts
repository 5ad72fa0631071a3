import { partsOf } from './url-parts';

/**
 * The same connection URL as node-postgres and Sequelize by themselves understand it: `sslmode=require` means an encrypted
 * connection to a server of whatever certificate, as for libpq (PostgreSQL manual, 34.19), and not a verified one.
 *
 * @param url one that `connectionFromUrl` accepts
 */
export function urlForDriver(url: string): string {
  const { parameters } = partsOf('The URL', url);
  const mode = parameters.get('sslmode') ?? '';
  if (parameters.has('uselibpqcompat') || !['require', 'verify-ca'].includes(mode)) return url;
  // Older versions of node-postgres know only the first of these.
  return mode === 'require' && !parameters.has('sslrootcert')
    ? url.replace(/([?&]sslmode=)require/, '$1no-verify')
    : `${url}&uselibpqcompat=true`;
}
