import { decodeString } from "micromark-util-decode-string";
import type { Link, Nodes, Parents } from "mdast";
import { toString } from "mdast-util-to-string";
import { endOf, filler, startOf } from "./markdown.ts";
import { Ink, ProseBuilder, type Prose } from "./prose.ts";

/**
 * The plain text of a paragraph, heading or table cell: markup removed, escapes and entities
 * decoded, images and HTML left out, template tags (Liquid) removed, each character mapped to the
 * source it came from.
 */
export function flatten(block: Parents, source: string): Prose {
  const builder = new ProseBuilder();
  const stack: { node: Nodes; ink: Ink; closing?: number }[] = [{ node: block, ink: Ink.plain }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node } = top;
    if (top.closing !== undefined) {
      builder.enclose(top.closing, startOf(node), endOf(node));
      continue;
    }
    const from = builder.length;
    switch (node.type) {
      case "text":
        align(node.value, source, startOf(node), endOf(node), true, (unit, start, end) =>
          builder.add(unit, start, end, top.ink),
        );
        break;
      case "inlineCode": {
        const ticks = /^`*/.exec(source.slice(startOf(node), endOf(node)))?.[0].length ?? 0;
        align(node.value, source, startOf(node) + ticks, endOf(node) - ticks, false, (u, s, e) =>
          builder.add(u, s, e, Ink.code),
        );
        builder.enclose(from, startOf(node), endOf(node));
        break;
      }
      case "break":
        builder.add(" ", startOf(node), endOf(node));
        break;
      case "html":
        if (/^<br\b/i.test(node.value)) builder.add(" ", startOf(node), endOf(node));
        break;
      case "image":
      case "imageReference":
      case "footnoteReference":
        break;
      default: {
        if (!("children" in node)) break;
        const local = node.type === "link" && isTitleLink(node);
        const ink = local ? Ink.reference : top.ink;
        // What is cut along the edge of bold text or a link is cut with its marks.
        if (node !== block) stack.push({ node, ink, closing: from });
        for (let i = node.children.length - 1; i >= 0; i--) {
          stack.push({ node: node.children[i]!, ink });
        }
      }
    }
  }
  return withoutTemplateTags(builder.build());
}

type Emit = (unit: string, start: number, end: number) => void;

/**
 * Walks a node's value and its source side by side. They differ by escapes and entities, by the
 * indentation and quote marks at the start of continued lines, and by folded white space.
 */
function align(
  value: string,
  source: string,
  start: number,
  end: number,
  decodes: boolean,
  emit: Emit,
): void {
  let at = start;
  for (let i = 0; i < value.length;) {
    const unit = value[i]!;
    if (decodes && source[at] === "&") {
      const entity = /^&(?:#\d{1,7}|#x[0-9a-f]{1,6}|\w{1,31});/i.exec(
        source.slice(at, at + 34),
      )?.[0];
      const decoded = entity === undefined ? "" : decodeString(entity);
      if (entity !== undefined && decoded !== entity && value.startsWith(decoded, i)) {
        for (const piece of decoded.split("")) emit(piece, at, at + entity.length);
        at += entity.length;
        i += decoded.length;
        continue;
      }
    }
    if (/\s/.test(unit)) {
      const from = at;
      while (i < value.length && /\s/.test(value[i]!)) i++;
      let continued = false;
      while (at < end && (/\s/.test(source[at]!) || (continued && skipped(source[at], value[i])))) {
        continued ||= source[at] === "\n" || source[at] === "\r";
        at++;
      }
      emit(" ", from, at);
      continue;
    }
    if (decodes && source[at] === "\\" && source[at + 1] === unit) {
      emit(unit, at, at + 2);
      at += 2;
      i++;
      continue;
    }
    if (source[at] !== unit && source[at] !== "\0") {
      const ahead = source.slice(at, Math.min(end, at + 200)).indexOf(unit);
      if (ahead > 0) at += ahead;
    }
    const from = Math.max(start, Math.min(at, end - 1));
    if (unit !== filler) emit(unit, from, from + 1);
    at++;
    i++;
  }
}

/** A link whose words are the title it leads to, rather than words of the sentence around it. */
function isTitleLink(link: Link): boolean {
  if (!link.url.startsWith("#")) return false;
  const slug = toString(link)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
  return link.url.slice(1).toLowerCase() === slug;
}

/** A block quote's mark at the start of a continued line. */
function skipped(mark: string | undefined, next: string | undefined): boolean {
  return mark === ">" && next !== ">";
}

/** `{{ … }}` and `{% … %}`, and the brackets of a link that such a tag kept from being one. */
const templateTags =
  /\[([^\][]{1,500})\]\(\s*(?:\{\{[^{}]{0,500}\}\}|\{%[^{}]{0,500}%\})[^()\s]{0,500}\)|\{\{[^{}]{0,500}\}\}|\{%[^{}]{0,500}%\}/g;

function withoutTemplateTags(prose: Prose): Prose {
  if (!/\{[{%]/.test(prose.text)) return prose;
  const builder = new ProseBuilder();
  let at = 0;
  for (const match of prose.text.matchAll(templateTags)) {
    prose.slice({ from: at, to: match.index }).appendTo(builder);
    const label = match[1];
    if (label !== undefined) {
      prose.slice({ from: match.index + 1, to: match.index + 1 + label.length }).appendTo(builder);
    }
    at = match.index + match[0].length;
  }
  prose.slice({ from: at, to: prose.text.length }).appendTo(builder);
  return builder.build();
}
