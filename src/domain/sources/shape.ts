/** In how many of the documents that were looked at each field stood. */
export interface Shape {
  documents: number;
  fields: ReadonlyMap<string, number>;
}

/** How documents differ in shape from what their source published until now. */
export interface ShapeChange {
  /** Never seen before, and in many of the documents now. */
  fresh: string[];
  /** In nearly all documents before, and in none of those now. */
  lost: string[];
}

/** Larger documents are not looked at: they cost more than they tell. */
const MOST_BYTES = 256 << 10;
const DEEPEST = 3;
/** A form with more fields than these has names for keys somewhere: nothing can be told from it. */
const MOST_FIELDS = 400;
const MOST_SAMPLED = 200;

/** Looks at some of the documents of a run, evenly and the same ones in every run over the same bytes. */
export class ShapeSampler {
  readonly #counts = new Map<string, { seen: number; looked: number; fields: Map<string, number> }>();

  look(format: string, bytes: Buffer): void {
    const own = this.#counts.get(format) ?? { seen: 0, looked: 0, fields: new Map<string, number>() };
    this.#counts.set(format, own);
    own.seen += 1;
    const wanted = own.seen <= 50 || own.seen % 101 === 0;
    if (!wanted || own.looked >= MOST_SAMPLED) return;
    const fields = fieldsOf(bytes);
    if (fields === null) return;
    own.looked += 1;
    for (const field of fields) own.fields.set(field, (own.fields.get(field) ?? 0) + 1);
  }

  /** What was seen, by form. */
  shapes(): Map<string, Shape> {
    return new Map(
      [...this.#counts]
        .filter(([, { looked, fields }]) => looked > 0 && fields.size <= MOST_FIELDS)
        .map(([format, { looked, fields }]) => [format, { documents: looked, fields }]),
    );
  }
}

/**
 * Names of the fields of a document in JSON ("affected[].ranges") or of the elements of one in XML; null for what is neither.
 * Keys that are names of something (they hold digits, blanks or slashes) count as one, `*`. Never throws.
 */
export function fieldsOf(bytes: Buffer): Set<string> | null {
  if (bytes.length > MOST_BYTES) return null;
  const text = bytes.toString('utf8').trimStart();
  if (text.startsWith('<')) return elementsOf(text);
  if (!text.startsWith('{') && !text.startsWith('[')) return null;
  try {
    const found = new Set<string>();
    collect(JSON.parse(text), '', 0, found);
    return found;
  } catch {
    return null;
  }
}

function elementsOf(text: string): Set<string> | null {
  const found = new Set<string>();
  for (const [, name] of text.matchAll(/<([A-Za-z][\w:.-]{0,59})[\s/>]/g)) {
    if (name !== undefined) found.add(name);
    if (found.size > MOST_FIELDS) return null;
  }
  // A web page is none of the source's own forms.
  return found.has('html') ? null : found;
}

function collect(value: unknown, path: string, depth: number, found: Set<string>): void {
  if (depth > DEEPEST || found.size > MOST_FIELDS || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const each of value.slice(0, 20)) collect(each, `${path}[]`, depth, found);
    return;
  }
  for (const [key, each] of Object.entries(value).slice(0, MOST_FIELDS)) {
    const name = /^[A-Za-z_$@][A-Za-z_$@:.-]{0,59}$/.test(key) ? key : '*';
    const own = path === '' ? name : `${path}.${name}`;
    found.add(own);
    collect(each, own, depth + 1, found);
  }
}

/** As many documents have to have been known, and looked at now, before anything is said of a change. */
const KNOWN_AT_LEAST = 50;
const NOW_AT_LEAST = 10;
const MANY = 0.2;
const NEARLY_ALL = 0.95;

/** How what was seen now differs from what was known; null where it does not, or too little is known. */
export function shapeChange(known: Shape, now: Shape): ShapeChange | null {
  if (known.documents < KNOWN_AT_LEAST || now.documents < NOW_AT_LEAST) return null;
  const fresh = [...now.fields].filter(
    ([field, count]) => !known.fields.has(field) && count >= now.documents * MANY,
  );
  const lost = [...known.fields].filter(
    ([field, count]) => count >= known.documents * NEARLY_ALL && !now.fields.has(field),
  );
  if (fresh.length + lost.length === 0) return null;
  // A field that is gone takes those within it along: the outermost is told.
  return { fresh: outermost(fresh.map(([field]) => field)), lost: outermost(lost.map(([field]) => field)) };
}

function outermost(fields: readonly string[]): string[] {
  const all = new Set(fields);
  const within = (field: string) =>
    [...field.matchAll(/\[\]|\./g)].some(({ index }) => all.has(field.slice(0, index)));
  return fields.filter((field) => !within(field)).sort();
}

/** Enough to know a shape by; older documents weigh less as new ones come. */
const REMEMBERED = 2000;

/** What is known of a shape after it was seen once more. */
export function learn(known: Shape | null, now: Shape): Shape {
  if (known === null) return now;
  const keep = Math.min(1, REMEMBERED / (known.documents + now.documents));
  const fields = new Map<string, number>();
  for (const field of new Set([...known.fields.keys(), ...now.fields.keys()])) {
    const count = ((known.fields.get(field) ?? 0) + (now.fields.get(field) ?? 0)) * keep;
    // Once seen stays known.
    fields.set(field, Math.max(1, Math.round(count)));
  }
  return { documents: Math.round((known.documents + now.documents) * keep), fields };
}
