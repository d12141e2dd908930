import { SaxesParser } from 'saxes';
import { plainText } from '../document.ts';
import { DocumentProblem } from '../source.ts';

/** An element with its attributes, its child elements, and everything in it in order. */
export interface XmlElement {
  name: string;
  attributes: Map<string, string>;
  children: (XmlElement | string)[];
}

const MAX_DEPTH = 40;
const MAX_ELEMENTS = 200_000;

/**
 * The root element of a small XML document. A document type with declarations of its own is refused: an advisory needs
 * no entities, and they are how a kilobyte becomes a gigabyte. Throws `truncated` where the text ends too early,
 * `bad-xml` with line and column otherwise.
 */
export function parseXml(key: string, text: string): XmlElement {
  const root: XmlElement = { name: '', attributes: new Map(), children: [] };
  const open = [root];
  let count = 0;
  let ended = false;
  const parser = new SaxesParser({ position: true });
  const fail = (message: string): never => {
    const where = `line ${parser.line}, column ${parser.column}`;
    throw new DocumentProblem(ended ? 'truncated' : 'bad-xml', where, `${key}, ${where}: ${message}`);
  };
  parser.on('error', ({ message }) => fail(plainText(message, 300)));
  parser.on('doctype', (doctype) => {
    if (doctype.includes('[')) fail('The document type declares things of its own');
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length > MAX_DEPTH || ++count > MAX_ELEMENTS) fail('Too many elements');
    const element = { name, attributes: new Map(Object.entries(attributes)), children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => open.pop());
  const addText = (piece: string) => open.at(-1)?.children.push(piece);
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text);
  ended = true;
  parser.close();
  const element = childrenOf(root)[0];
  return element ?? fail('There is no element in it');
}

/** Child elements, all or those of one name. */
export function childrenOf(element: XmlElement | undefined, name?: string): XmlElement[] {
  return (element?.children ?? []).filter(
    (child): child is XmlElement => typeof child !== 'string' && (name === undefined || child.name === name),
  );
}

/** Every element of a name below this one, in the document's order. */
export function elementsOf(element: XmlElement | undefined, name: string): XmlElement[] {
  return childrenOf(element).flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...elementsOf(child, name),
  ]);
}

/** All text in an element, as one line. */
export function textOf(element: XmlElement | undefined): string {
  return rawText(element).replace(/\s+/g, ' ').trim();
}

function rawText(element: XmlElement | undefined): string {
  return (element?.children ?? [])
    .map((child) => (typeof child === 'string' ? child : ` ${rawText(child)} `))
    .join('');
}

/** Paragraphs and list items of an element, one a line, list items with a dash. */
export function paragraphsOf(element: XmlElement | undefined): string[] {
  const parts = childrenOf(element);
  const loose = textOf({ name: '', attributes: new Map(), children: element?.children.filter(isText) ?? [] });
  const blocks = parts.flatMap((part) =>
    part.name === 'ul' || part.name === 'ol'
      ? childrenOf(part).map((item) => `- ${textOf(item)}`)
      : [textOf(part)],
  );
  return [loose, ...blocks].filter((block) => block !== '');
}

function isText(child: XmlElement | string): boolean {
  return typeof child === 'string';
}
