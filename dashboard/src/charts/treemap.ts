import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';

/** A cell of a treemap; places and sizes are parts of the whole, from 0 to 1. */
export interface TreemapCell<Item> {
  readonly item: Item;
  readonly group: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Node<Item> {
  readonly group?: string;
  readonly item?: Item;
  readonly size?: number;
  readonly children?: readonly Node<Item>[];
}

/**
 * Lays items out so that each area is its part of the sum and a group's items lie together. Items of no or negative size have no area and
 * are left out. `aspect` is the width of the whole divided by its height.
 */
export function layOutTreemap<Item>(
  items: readonly Item[],
  { size, group, aspect }: { size: (item: Item) => number; group: (item: Item) => string; aspect: number },
): TreemapCell<Item>[] {
  const groups = new Map<string, Node<Item>[]>();
  for (const item of items) {
    if (size(item) <= 0) continue;
    const leaves = groups.get(group(item)) ?? [];
    leaves.push({ item, size: size(item) });
    groups.set(group(item), leaves);
  }
  const tree: Node<Item> = { children: [...groups].map(([name, children]) => ({ group: name, children })) };
  const root = hierarchy<Node<Item>>(tree, (node) => node.children as Node<Item>[] | undefined)
    .sum((node) => node.size ?? 0)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const laidOut = treemap<Node<Item>>().tile(treemapSquarify).size([aspect, 1])(root);
  return laidOut.leaves().flatMap((leaf) => {
    const { item } = leaf.data;
    if (item === undefined) return [];
    const [left, width] = [leaf.x0 / aspect, (leaf.x1 - leaf.x0) / aspect];
    return [{ item, group: group(item), left, top: leaf.y0, width, height: leaf.y1 - leaf.y0 }];
  });
}
