import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import { readText } from '../document.ts';
import { DocumentProblem, type RawDocument } from '../source.ts';

/** YAML of sources is written by people: the largest document is an advisory of some 100 KB. */
const MAX_YAML = 2 << 20;
const MAX_DEPTH = 64;

/**
 * The value of a document of YAML, of objects without a prototype. References within it (`&a`, `*a`), which are how a kilobyte becomes a
 * gigabyte, are refused; dates stay text, since they are read by who knows where they stand. Of a name that stands twice in one place
 * (Alpine's lists have some) the lists are joined, and else the last value counts.
 *
 * @throws DocumentProblem
 */
export function readYaml(document: RawDocument, text = readText(document)): unknown {
  const { key } = document;
  if (text.length > MAX_YAML)
    throw new DocumentProblem(
      'too-large',
      key,
      `${key} has ${text.length} characters of YAML, more than ${MAX_YAML}`,
    );
  try {
    const read = parseDocument(text, {
      schema: 'core',
      uniqueKeys: false,
      logLevel: 'silent',
      prettyErrors: true,
    });
    const [error] = read.errors;
    if (error !== undefined) throw error;
    return valueIn(read.contents, 0);
  } catch (cause) {
    const { message, linePos } = cause as Error & { linePos?: readonly { line: number }[] };
    const line = linePos?.[0]?.line;
    throw new DocumentProblem(
      'bad-grammar',
      line === undefined ? '(root)' : `line ${line}`,
      `${key} is not YAML: ${message.split('\n', 1)[0]?.slice(0, 200)}`,
      { cause },
    );
  }
}

function valueIn(node: Node | null | unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new Error(`nested more than ${MAX_DEPTH} deep`);
  if (node === null || node === undefined) return null;
  if (isScalar(node)) return node.value;
  if (isSeq(node)) return node.items.map((item) => valueIn(item, depth + 1));
  if (!isMap(node)) throw new Error('what refers to another part of the document is not read');
  const object: Record<string, unknown> = Object.create(null);
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.source ?? key.value) : '';
    const inner = valueIn(value, depth + 1);
    const known = object[name];
    object[name] = Array.isArray(known) && Array.isArray(inner) ? [...known, ...inner] : inner;
  }
  return object;
}
