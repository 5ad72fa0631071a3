import { connectionFromUrl, messageOf, sessionOpener, urlOfServer } from '../../src/configuration';
import { closeRefusingServers, explanationAfter, refusingServer } from '../support/refusing-server';
import { hasOpenssl, useTls } from '../support/tls';

// Whoever cannot connect reads the server's or Node.js's own words first, then what to type: the same from each command. That
// it is the same is tested with commands; what it is, case by case, in this process.

afterEach(closeRefusingServers);

/** The same for the error of a session that cannot be opened, which is what a command prints. */
async function explanationOf(url: string, words: string): Promise<string> {
  const place = 'DATABASE_URL';
  const connection = connectionFromUrl(place, await urlOfServer(place, url));
  const error: unknown = await sessionOpener(connection, place)().then(
    (session) => session.end(),
    (reason: unknown) => reason,
  );
  return explanationAfter(words, messageOf(error).replace(ADVICE_OF_NODE, '$1'));
}

/** What Node.js since 24 adds to the words of OpenSSL: how it takes certificates from the machine. */
const ADVICE_OF_NODE = /^(self-signed certificate); .*?(?=\. )/;

describe('a server that lets nobody in', () => {
  const ENTRY = 'no pg_hba.conf entry for host "10.0.0.1", user "ann", database "pets"';

  it.each([
    [
      '28000',
      `${ENTRY}, no encryption`,
      /does not let the user ann in\. If it demands TLS, add sslmode=require .* in DATABASE_URL;/,
    ],
    ['28000', `${ENTRY}, SSL off`, /add sslmode=require/],
    ['28000', `${ENTRY}, SSL encryption`, /Correct its pg_hba\.conf or the role, or correct DATABASE_URL\./],
    [
      '28000',
      'no PostgreSQL user name specified in startup packet',
      /No user is named: postgres:\/\/user:password@host:5432\/database\. Correct DATABASE_URL, or set PGUSER\.$/,
    ],
    ['28000', 'role "ann" is not permitted to log in', /Correct its pg_hba\.conf or the role/],
    ['28000', 'kein pg_hba.conf-Eintrag für Host »10.0.0.1«', /does not let the user ann in/],
    [
      '28P01',
      'password authentication failed for user "ann"',
      /refuses the user ann or the password\. .* percent-encoded/,
    ],
    [
      '55000',
      'database "pets" is not currently accepting connections',
      /ALTER DATABASE "?pets"? ALLOW_CONNECTIONS true/,
    ],
    ['53300', 'sorry, too many clients already', /Run the same command again/],
    ['08P01', 'unsupported startup parameter: options', /a pooler passes on no such parameter/],
    ['57P03', 'the database system is starting up', /Run the same command again/],
  ])('is quoted, and explained: %s %s', async (code, message, explanation) => {
    const url = await refusingServer(code, message);
    expect(await explanationOf(url, message)).toMatch(explanation);
  });
});

describe('where the connection is not configured by a URL', () => {
  const refused = (place: string, code: string, words: string) =>
    refusingServer(code, words).then(async (url) => {
      const error: unknown = await sessionOpener(connectionFromUrl(place, url), place)().catch(
        (reason: unknown) => reason,
      );
      return explanationAfter(words, messageOf(error));
    });
  const PASSWORD = ['28P01', 'password authentication failed for user "ann"'] as const;
  const NO_TLS = ['28000', 'no pg_hba.conf entry for host "10.0.0.1", no encryption'] as const;

  it.each([
    [
      'the DB_* variables',
      /DB_PASSWORD is the password as it is, .* in single quotes/,
      /set PGSSLMODE=require/,
    ],
    [
      'config/config.json',
      /password is as it is, without any encoding/,
      /add "dialectOptions": .* in config\/config\.json/,
    ],
    ['url in config/config.json', /are percent-encoded/, /add sslmode=require/],
  ])('what is said of a password and of TLS is true of %s', async (place, password, tls) => {
    expect(await refused(place, ...PASSWORD)).toMatch(password);
    expect(await refused(place, ...NO_TLS)).toMatch(tls);
  });

  it('a missing database is created with the NODE_ENV and the --url that were typed', async () => {
    const missing = await refused('--url', '3D000', 'database "pets" does not exist');
    expect(missing).toContain('Create it with "NODE_ENV=test npx sequelize-cli db:create --url …"');
  });
});

(hasOpenssl() ? describe : describe.skip)('a server that demands TLS (needs openssl)', () => {
  const url = useTls();

  it.each([
    ['', 'Connection terminated unexpectedly', /demands TLS: add sslmode=require .* in DATABASE_URL\.$/],
    ['?sslmode=verify-full', 'self-signed certificate', /is not trusted\. .* sslrootcert=FILE;/],
    ['?sslmode=verify-full&sslrootcert=system', 'self-signed certificate', /is not trusted\./],
    ['?sslrootcert=system', 'self-signed certificate', /is not trusted\./],
  ])('is explained for a URL that ends in "%s"', async (parameters, words, explanation) => {
    expect(await explanationOf(`${url()}${parameters}`, words)).toMatch(explanation);
  });
});
