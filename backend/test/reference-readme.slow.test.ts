import { dropDatabases } from './support/database';
import { EXPECTATIONS, expectedOf, QUICK, typeAsItStands } from './support/reference-readme';

// The other commands of the readme that this project's commands must honour.

afterAll(() => dropDatabases());

it.each(Object.keys(EXPECTATIONS).filter((command) => !QUICK.includes(command)))('%s', async (command) => {
  expect(await typeAsItStands(command)).toEqual(expectedOf(command));
});
