import fc from 'fast-check';
import { Schema } from '../../../src/vocabulary';
import type { TestMigration } from '../migrations';
import { WORDS } from './words';
import { type Choices, Draw, World } from './world';

// Migrations of several changes, each of which is possible after those before it. What is drawn at random is only numbers:
// which change it is, and which of the tables, columns, … that are there by then. So fast-check can make a failure small.

const choices = fc.array(fc.nat({ max: 1000 }), { minLength: 6, maxLength: 6 });

/** Some migrations of some changes each. */
export const migrationsAtRandom = fc
  .array(fc.array(choices, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 })
  .map((drawn) => {
    const world = new World();
    return drawn.map((changes, n): TestMigration => {
      const declared = changes.flatMap((one) => changeOf(world, one) ?? []);
      const name = `${String(n + 1).padStart(2, '0')}.js`;
      const up = (schema: Schema) => declared.forEach((declare) => declare(schema));
      return Object.assign({ name, up }, { [fc.toStringMethod]: () => inWords(name, up) });
    });
  });

function changeOf(world: World, choices: Choices): ((schema: Schema) => void) | undefined {
  const draw = new Draw(choices);
  const word = draw.of(WORDS);
  const table = draw.of(world.tables);
  return word && table && word(world, table, draw);
}

/** For the message of a failure. */
function inWords(name: string, up: (schema: Schema) => void): string {
  const schema = new Schema();
  up(schema);
  return `${name} ${JSON.stringify(schema.changes)}`;
}

/** What is done with them: each number says whether the next one runs or the last one is undone, and where it is cut short. */
export const walkAtRandom = fc.array(
  fc.record({ isUndo: fc.boolean(), cutAt: fc.option(fc.nat({ max: 40 }), { freq: 2 }) }),
  { minLength: 3, maxLength: 10 },
);
