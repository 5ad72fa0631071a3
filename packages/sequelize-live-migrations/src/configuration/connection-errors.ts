import type { Client } from 'pg';
import { MAINTENANCE_DATABASES, quoteIdentifier } from '../postgres';
import { DB_VARIABLES, variable } from './environment';
import { ConfigurationError, messageOf } from './errors';

/**
 * Explains an error of connecting: it begins with the server's or Node.js's own words, and goes on with where that was and
 * what to do about it, in one line.
 *
 * @param place where the connection is configured; undefined for a server that nobody has configured
 * @returns the same error. What is no error is passed on: the null that means success
 */
export function explain<E>(error: E, client: Client, place: string | undefined): E {
  if (typeof error !== 'object' || error === null || !('message' in error)) return error;
  if (error instanceof ConfigurationError) return error; // says it all
  const words = ownWordsOf(error);
  const explanation = explanationOf('code' in error ? String(error.code) : '', words, client, place);
  if (explanation === undefined && words === error.message) return error;
  error.message = [words, explanation].filter((part) => part).join('. ');
  // Made with the message as it was, and what Jest prints.
  if ('stack' in error) error.stack = `Error: ${String(error.message)}${framesOf(error.stack)}`;
  return error;
}

/** An error's message in one line. Node.js leaves it empty where a host has several addresses, with an error for each. */
export function ownWordsOf(error: unknown): string {
  const errors: unknown =
    typeof error === 'object' && error !== null && 'errors' in error ? error.errors : [];
  const messages = Array.isArray(errors) && errors.length > 0 ? errors.map(messageOf) : [messageOf(error)];
  return messages.join('; ').replace(/\s+/g, ' ').trim().replace(/\.$/, '');
}

function framesOf(stack: unknown): string {
  const frames = String(stack)
    .split('\n')
    .filter((line) => /^ +at /.test(line));
  return frames.map((line) => `\n${line}`).join('');
}

/** What an explanation names. */
interface Attempt {
  /** The server's, or Node.js's. */
  readonly words: string;
  readonly host: string;
  /** `db.example:5432` */
  readonly server: string;
  readonly user: string;
  readonly database: string;
  /** Whether a URL configures the server, or what else. */
  readonly form: 'url' | 'variables' | 'file';
  /** `in DATABASE_URL`, or nothing where nobody has configured the server. */
  readonly inPlace: string;
  /** `Correct DATABASE_URL` */
  readonly correct: string;
}

type Explanation = (attempt: Attempt) => string | undefined;

function explanationOf(code: string, words: string, client: Client, place: string | undefined) {
  const { host, port, user = '', database = '' } = client;
  const attempt = {
    ...{ words, host, user, database, server: `${host}:${String(port)}` },
    form: formOf(place),
    inPlace: place === undefined ? '' : ` in ${place}`,
    correct: place === undefined ? 'Set DATABASE_URL' : `Correct ${place}`,
  };
  const byWords = Object.entries(BY_WORDS).find(([begin]) => words.startsWith(begin));
  return (byWords?.[1] ?? BY_CODE[code])?.(attempt);
}

/** Where the fields of a connection are given by themselves, DB_* or in config.json, a password is not encoded. */
function formOf(place: string | undefined): Attempt['form'] {
  if (place === DB_VARIABLES) return 'variables';
  return place !== undefined && /^\S+\.\w+$/.test(place) ? 'file' : 'url';
}

const wrongPassword: Explanation = ({ server, user, correct, form }) =>
  `PostgreSQL at ${server} refuses the user ${user} or the password. ` +
  {
    url: `${correct}, where special characters of a password are percent-encoded, or pg_hba.conf.`,
    variables:
      `${correct}, or pg_hba.conf. DB_PASSWORD is the password as it is, without any encoding; in a file .env, it is ` +
      "in single quotes, '…', if it has a #, a quotation mark or a space.",
    file: `${correct}, where the password is as it is, without any encoding, or pg_hba.conf.`,
  }[form];

const noPassword: Explanation = ({ server, user, inPlace, form }) =>
  `PostgreSQL at ${server} asks for a password of the user ${user}, and none is given${inPlace}. ` +
  {
    url: 'Write postgres://user:password@host:5432/database, its special characters percent-encoded, or set PGPASSWORD.',
    variables: 'Set DB_PASSWORD, or PGPASSWORD.',
    file: `Write it as "password"${inPlace}, or set PGPASSWORD.`,
  }[form];

/** What encrypts a connection, for the end of a sentence. */
const encrypt = ({ inPlace, form }: Attempt): string =>
  ({
    url: `add sslmode=require or verify-full${inPlace}`,
    variables: 'set PGSSLMODE=require or verify-full',
    file: `add "dialectOptions": { "ssl": { "rejectUnauthorized": false } }${inPlace}`,
  })[form];

const orElse = ({ correct }: Attempt) => `or ${correct.charAt(0).toLowerCase()}${correct.slice(1)}.`;

const noServer: Explanation = (attempt) =>
  `No PostgreSQL server answers at ${attempt.server}. Start it, ${orElse(attempt)}`;

const noHost: Explanation = ({ host, correct }) => `There is no host ${host}. ${correct}.`;

const notTrusted: Explanation = ({ server, inPlace }) =>
  `The certificate of ${server} is not trusted. Name the file of its authority${inPlace}, ` +
  'sslrootcert=FILE; or encrypt without verifying the server, sslmode=require without sslrootcert.';

/** `db:create` itself needs a maintenance database to connect to. */
const createIt = ({ database, inPlace }: Attempt) =>
  MAINTENANCE_DATABASES.includes(database)
    ? `Create it with psql: CREATE DATABASE ${database}`
    : `Create it with "${environmentPrefix()}npx sequelize-cli db:create${inPlace === ' in --url' ? ' --url …' : ''}"`;

/** What was typed with `--env`, or is only set for one command, has to be typed again. */
function environmentPrefix(): string {
  const environment = variable('NODE_ENV') ?? 'development';
  return environment === 'development' ? '' : `NODE_ENV=${environment} `;
}

/** Node.js's codes, and those of the server (manual, Appendix A). */
const BY_CODE: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: noServer,
  ECONNRESET: noServer,
  EHOSTUNREACH: noServer,
  ENETUNREACH: noServer,
  ENOENT: noServer,
  ETIMEDOUT: noServer,
  ENOTFOUND: noHost,
  EAI_AGAIN: noHost,
  CERT_HAS_EXPIRED: notTrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: notTrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: ({ server, inPlace }) =>
    `The certificate of ${server} is one for another name. Name the host${inPlace} as the certificate does; or use ` +
    'sslmode=verify-ca, which verifies the authority only.',
  SELF_SIGNED_CERT_IN_CHAIN: notTrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: notTrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: notTrusted,
  '28P01': wrongPassword,
  '28000': (attempt) =>
    `PostgreSQL at ${attempt.server} does not let the user ${attempt.user} in. ` +
    (/no encryption|SSL off/.test(attempt.words)
      ? `If it demands TLS, ${encrypt(attempt)}; otherwise correct its pg_hba.conf.`
      : `Correct its pg_hba.conf or the role, ${orElse(attempt)}`),
  '3D000': (attempt) =>
    `There is no database ${attempt.database} at ${attempt.server}. ${createIt(attempt)}, ${orElse(attempt)}`,
  '42501': ({ server, user, database }) =>
    `The user ${user} may not connect to database ${database} at ${server}. Allow it: ` +
    `GRANT CONNECT ON DATABASE ${quoteIdentifier(database)} TO ${quoteIdentifier(user)}.`,
  // "database … is not currently accepting connections"
  '55000': ({ database }) =>
    `Somebody has shut it, perhaps for maintenance. Afterwards: ALTER DATABASE ${quoteIdentifier(database)} ` +
    'ALLOW_CONNECTIONS true, in another database; then run the same command again.',
  '53300': ({ server }) =>
    `No connection to ${server} is left. Run the same command again when others have ended theirs.`,
  '57P03': ({ server }) =>
    `PostgreSQL at ${server} does not accept connections yet. Run the same command again.`,
};

/** Those without a code, or with one that says less. */
const BY_WORDS: Readonly<Record<string, Explanation>> = {
  'The server does not support SSL connections': ({ server, inPlace, form }) =>
    `${form === 'file' ? 'Leave "ssl" out' : 'Use sslmode=disable'}${inPlace}, or turn on TLS at ${server}.`,
  'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be': noPassword,
  'Connection terminated unexpectedly': (attempt) =>
    `What answers at ${attempt.server} has ended the connection: perhaps it is no PostgreSQL, or it demands TLS: ` +
    `${encrypt(attempt)}.`,
  'no PostgreSQL user name specified': ({ correct }) =>
    `No user is named: postgres://user:password@host:5432/database. ${correct}, or set PGUSER.`,
  'timeout expired': noServer,
  'unsupported startup parameter': ({ server, inPlace }) =>
    `At ${server} a pooler passes on no such parameter. Name the server itself${inPlace}, or leave the parameter out.`,
  query_wait_timeout: ({ server }) =>
    `The pool at ${server} had no session to give for that long. A run needs two at once, sometimes three: name the ` +
    'server itself, or make the pool larger.',
};
