/** Has each test of a file leave behind no variable of the environment that was not there before. */
export function useOwnEnvironment(): void {
  const before = { ...process.env };
  afterEach(() => {
    for (const name of Object.keys(process.env))
      if (!(name in before)) Reflect.deleteProperty(process.env, name);
  });
}
