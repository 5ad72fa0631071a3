import type { Column } from '../catalog';
import { alterColumnSql, alterStep, otherOf, type Overlap } from './overlap';
import { moveSequence } from './overlap-sequence';
import type { Step } from './step';

/** The steps that give one of two columns the default of the other one, or the sequence from which that gets its values. */
export function moveDefault(overlap: Overlap, { name: from, default: value, serial }: Column): Step[] {
  const { table, conversion } = overlap;
  const to = otherOf(overlap, from);
  if (serial && conversion) return [moveSequence(table, from, to, conversion.to)];
  if (value === null) return [];
  const setDefault = alterColumnSql(table, to, `SET DEFAULT ${value}`);
  return [alterStep(table, `set the default of ${table}.${to}`, [setDefault])];
}
