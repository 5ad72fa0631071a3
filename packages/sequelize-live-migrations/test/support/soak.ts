/**
 * A number for a test that can be made to run for longer, `npm run test:soak`: from the environment, or what is
 * enough for `npm run test:all`.
 */
export function numberFrom(variable: string, usual: number): number {
  const given = process.env[variable];
  return given ? Number(given) : usual;
}
