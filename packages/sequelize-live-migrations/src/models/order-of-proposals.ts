import { dependenciesOf, type Dependencies } from './dependencies';
import { changesWithAnyValue } from './open-values';
import type { Proposal } from './call';

/** Whether the foreign key of a column is to be added, or removed, by itself, and not with the column or the table. */
export type IsLate = (table: string, column: string) => boolean;

interface Node extends Dependencies {
  readonly proposal: Proposal;
}

/**
 * Puts proposals into an order in which they can run: each after those that make what it needs, and otherwise as they are.
 * In the opposite order, an undo can run as well. Where columns and tables need each other in a circle, a key is added, or
 * removed, by itself.
 *
 * @param propose proposes all, with the keys that are to be late by themselves
 */
export function inOrderToRun(propose: (isLate: IsLate) => readonly Proposal[]): Proposal[] {
  const late: string[] = [];
  const isLate: IsLate = (table, column) => late.includes(nameOf(table, column));
  for (;;) {
    const { ordered, circles } = sorted(propose(isLate).map(nodeOf));
    const keys = circles.flatMap((circle) => keyIn(circle) ?? []).filter((key) => !late.includes(key));
    if (keys.length === 0) return ordered.map(({ proposal }) => proposal);
    late.push(...keys);
  }
}

function nodeOf(proposal: Proposal): Node {
  return { proposal, ...dependenciesOf(changesWithAnyValue(proposal.up)) };
}

/** Those on which others depend go before these; what is found to depend on itself in the end is given as well. */
function sorted(nodes: readonly Node[]) {
  const makers = mapOf(nodes, ({ makes }) => makes);
  const users = mapOf(nodes, ({ uses }) => uses);
  const ordered = new Set<Node>();
  const circles: Node[][] = [];
  const visit = (node: Node, from: readonly Node[]) => {
    if (ordered.has(node)) return;
    if (from.includes(node)) {
      circles.push(from.slice(from.indexOf(node)));
      return;
    }
    const before = [
      ...node.needs.flatMap((one) => makers.get(one) ?? []),
      ...node.ends.flatMap((one) => users.get(one) ?? []),
    ];
    for (const other of before) if (other !== node) visit(other, [...from, node]);
    ordered.add(node);
  };
  for (const node of nodes) visit(node, []);
  return { ordered: [...ordered], circles };
}

function mapOf(nodes: readonly Node[], of: (node: Node) => readonly string[]): Map<string, Node[]> {
  const map = new Map<string, Node[]>();
  for (const node of nodes) for (const one of of(node)) map.set(one, [...(map.get(one) ?? []), node]);
  return map;
}

/** The column whose key closes a circle. */
function keyIn(circle: readonly Node[]): string | undefined {
  const isMade = (need: string) =>
    circle.some(({ makes, ends }) => makes.includes(need) || ends.includes(need));
  const keys = circle.flatMap((node) => node.keys.filter((key) => key.needs.some(isMade)));
  const [key] = keys;
  return key && nameOf(key.table, key.column);
}

function nameOf(table: string, column: string): string {
  return JSON.stringify([table, column]);
}
