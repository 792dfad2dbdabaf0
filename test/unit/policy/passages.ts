import { baseOf, Blocks } from "../../../src/policy/blocks.ts";
import { cutBlock, type Passage } from "../../../src/policy/cut.ts";
import { finish } from "../../../src/policy/turns.ts";

/** The passages of a text, in order. */
export function passagesOf(source: string): Passage[] {
  const blocks = new Blocks();
  finish(blocks.load(source));
  return blocks.list.flatMap((block, i, list) => {
    const { node } = block;
    if (node === undefined) return [];
    const before = list[i - 1];
    const lead = before?.node && {
      node: before.node,
      source: before.source,
      shift: baseOf(before) - baseOf(block),
    };
    return cutBlock({ node, source: block.source }, lead, list[i + 1]?.node).flatMap((piece) =>
      piece.kind === "passage" ? [piece.passage] : [],
    );
  });
}
