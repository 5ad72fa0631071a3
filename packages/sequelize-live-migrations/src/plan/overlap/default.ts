import { type Column, isIdentity } from '../../catalog';
import type { Step } from '../draft/step';
import { alterColumnSql, alterStep, otherOf, type Overlap } from '../recognised/overlap';
import { moveIdentity, moveSequence } from './sequence';

/** The steps that give one of two columns the default of the other one, or the sequence from which that gets its values. */
export function moveDefault(overlap: Overlap, column: Column): Step[] {
  const { table, conversion } = overlap;
  const { name: from, default: value, serial } = column;
  const to = otherOf(overlap, from);
  if (isIdentity(column) && conversion) return [moveIdentity(table, column, to, conversion.to)];
  if (serial && conversion) return [moveSequence(table, from, to, conversion.to)];
  if (value === null) return [];
  const setDefault = alterColumnSql(table, to, `SET DEFAULT ${value}`);
  return [alterStep(table, `set the default of ${table}.${to}`, [setDefault])];
}
