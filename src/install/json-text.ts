// Owns putting one value into the text of a JSON file with or without comments: no other character of it moves.
import { findNodeAtLocation, parseTree, stripComments, type Node } from 'jsonc-parser';

interface Style {
  readonly eol: string;
  /** One level of indentation. */
  readonly unit: string;
}

/** As the file is written already. */
function styleOf(text: string): Style {
  return { eol: text.includes('\r\n') ? '\r\n' : '\n', unit: /^([ \t]+)\S/mu.exec(text)?.[1] ?? '  ' };
}

const endOf = ({ offset, length }: Node): number => offset + length;

/** The white space at the start of the line of `offset`. */
function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/u.exec(text.slice(start, offset))?.[0] ?? '';
}

const pretty = (value: unknown, indent: string, { eol, unit }: Style): string =>
  JSON.stringify(value, undefined, unit).replaceAll('\n', `${eol}${indent}`);

const spliced = (text: string, start: number, end: number, put: string): string =>
  text.slice(0, start) + put + text.slice(end);

/** Appends to the object or list `node`: behind what is in it, and behind comments that belong to that. */
function appended(text: string, node: Node, key: string | undefined, value: unknown): string {
  const style = styleOf(text);
  const last = node.children?.at(-1);
  const closing = endOf(node) - 1;
  const place = node.offset + text.slice(node.offset, closing).trimEnd().length;
  const outer = indentAt(text, node.offset);
  const isOneLine = !text.slice(node.offset, closing).includes('\n');
  const label = key === undefined ? '' : `${JSON.stringify(key)}: `;
  if (last !== undefined && isOneLine) {
    const member = ` ${label}${JSON.stringify(value)}`;
    return withComma(spliced(text, place, place, member), text, last, closing);
  }
  const inner = last === undefined ? outer + style.unit : indentAt(text, last.offset);
  const member = `${style.eol}${inner}${label}${pretty(value, inner, style)}`;
  const end = isOneLine ? `${style.eol}${outer}` : '';
  const changed = spliced(text, place, place, `${member}${end}`);
  return last === undefined ? changed : withComma(changed, text, last, closing);
}

/** `changed` with a comma behind `last`, where `text` has none there already. */
function withComma(changed: string, text: string, last: Node, closing: number): string {
  const hasComma = stripComments(text.slice(endOf(last), closing)).includes(',');
  return hasComma ? changed : spliced(changed, endOf(last), endOf(last), ',');
}

/** `text` with `value` at `path`; a number in it is a place in a list, -1 its end. What is missing on the way is made. */
export function withValueAt(text: string, path: readonly (string | number)[], value: unknown): string {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (root === undefined) return text;
  const node = findNodeAtLocation(root, [...path]);
  if (node !== undefined)
    return spliced(text, node.offset, endOf(node), pretty(value, indentAt(text, node.offset), styleOf(text)));
  const last = path.at(-1) ?? '';
  const parentPath = path.slice(0, -1);
  const parent = findNodeAtLocation(root, parentPath);
  if (parent !== undefined) return appended(text, parent, typeof last === 'string' ? last : undefined, value);
  return withValueAt(text, parentPath, typeof last === 'string' ? { [last]: value } : [value]);
}
