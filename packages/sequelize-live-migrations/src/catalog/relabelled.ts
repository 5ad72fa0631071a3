import { isOfEnum } from './model';

/** The enum types whose labels are not those of the live types of their names any more, after the steps of a plan. */
export class Relabelled {
  /** By type, the labels that have other names by now: the live one, and the one that it has. */
  private readonly types = new Map<string, ReadonlyMap<string, string>>();

  /**
   * The labels of a type, or of that of its elements, that have other names by now; undefined where all are those of the
   * live type.
   */
  labelsOf(type: string): ReadonlyMap<string, string> | undefined {
    return [...this.types].find(([name]) => isOfEnum(type, name))?.[1];
  }

  /** Notes that a type has more labels than the live type. */
  noteMore(type: string): void {
    this.types.set(type, this.types.get(type) ?? new Map());
  }

  /** Notes that a label has another name by now than in the live type. */
  noteLabel(type: string, from: string, to: string): void {
    const labels = this.types.get(type) ?? new Map<string, string>();
    const [live] = [...labels].find(([, now]) => now === from) ?? [from];
    this.types.set(type, new Map(labels).set(live, to));
  }

  /** Notes that a type has another name by now: what gets the one from before is another type than the live one. */
  noteType(from: string, to: string): void {
    this.types.set(to, this.types.get(from) ?? new Map());
    this.types.set(from, new Map());
  }
}
