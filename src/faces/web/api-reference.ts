/** The API's document as a page shows it. Plain data in, plain data out. */

type Json = Record<string, unknown>;

/** A piece of what a type is called; `shape` where it has a place of its own on the page. */
export interface TypeWord {
  text: string;
  shape: string | null;
}

export interface FieldView {
  name: string;
  type: TypeWord[];
  required: boolean;
  description: string;
}

export interface OperationView {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string | null;
  role: string;
  parameters: (FieldView & { where: string })[];
  body: { type: TypeWord[]; fields: FieldView[] } | null;
  answers: { status: string; description: string; type: TypeWord[] }[];
}

export interface ApiReference {
  chapters: { title: string; description: string; operations: OperationView[] }[];
  shapes: { name: string; description: string; type: TypeWord[]; fields: FieldView[] }[];
}

/** Reads the document that `makeDocument` writes; what it does not have is empty. */
export function referenceOf(document: Json): ApiReference {
  const paths = objectIn(document.paths);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(objectIn(methods)).map(([method, one]) => operationOf(method, path, objectIn(one))),
  );
  const byTag = (name: string) =>
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(objectIn(methods)).flatMap(([method, one]) =>
        listIn(objectIn(one).tags).includes(name)
          ? operations.filter((each) => each.path === path && each.method === method.toUpperCase())
          : [],
      ),
    );
  return {
    chapters: listIn(document.tags).map((tag) => ({
      title: textIn(objectIn(tag).name),
      description: textIn(objectIn(tag).description),
      operations: byTag(textIn(objectIn(tag).name)),
    })),
    shapes: Object.entries(objectIn(objectIn(document.components).schemas)).map(([name, schema]) => ({
      name,
      description: textIn(objectIn(schema).description),
      type: typeOf(objectIn(schema)),
      fields: fieldsOf(objectIn(schema)),
    })),
  };
}

function operationOf(method: string, path: string, one: Json): OperationView {
  const body = contentOf(objectIn(one.requestBody));
  return {
    id: textIn(one.operationId),
    method: method.toUpperCase(),
    path,
    summary: textIn(one.summary),
    description: one.description === undefined ? null : textIn(one.description),
    role: textIn(one['x-least-role']),
    parameters: listIn(one.parameters).map((each) => {
      const { name, in: where, required, description, schema } = objectIn(each);
      return {
        name: textIn(name),
        where: textIn(where),
        type: typeOf(objectIn(schema)),
        required: required === true,
        description: textIn(description),
      };
    }),
    body: body === null ? null : { type: typeOf(body), fields: fieldsOf(body) },
    answers: Object.entries(objectIn(one.responses)).map(([status, answer]) => ({
      status,
      description: textIn(objectIn(answer).description),
      type: typeOf(contentOf(objectIn(answer)) ?? {}),
    })),
  };
}

function contentOf({ content }: Json): Json | null {
  const [media] = Object.values(objectIn(content));
  return media === undefined ? null : objectIn(objectIn(media).schema);
}

function fieldsOf(schema: Json): FieldView[] {
  const required = listIn(schema.required);
  return Object.entries(objectIn(schema.properties)).map(([name, field]) => ({
    name,
    type: typeOf(objectIn(field)),
    required: required.includes(name),
    description: textIn(objectIn(field).description),
  }));
}

/** What a schema is called: "list of Issue", "string or null". Schemas are ours, and as deep as we wrote them. */
function typeOf(schema: Json): TypeWord[] {
  const { $ref, type, items, anyOf, oneOf } = schema;
  if (typeof $ref === 'string') {
    const name = $ref.slice($ref.lastIndexOf('/') + 1);
    return [{ text: name, shape: name }];
  }
  if (Array.isArray(schema.enum)) return [plain(schema.enum.map(String).join(' | '))];
  if (schema.const !== undefined) return [plain(JSON.stringify(schema.const))];
  const either = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : null;
  if (either !== null)
    return either.flatMap((each, index) => [
      ...(index === 0 ? [] : [plain(' or ')]),
      ...typeOf(objectIn(each)),
    ]);
  if (type === 'array') return [plain('list of '), ...typeOf(objectIn(items))];
  if (
    type === 'object' &&
    objectIn(schema.properties).items !== undefined &&
    objectIn(schema.properties).next !== undefined
  )
    return [plain('part of a '), ...typeOf(objectIn(objectIn(schema.properties).items))];
  if (Array.isArray(type)) return [plain(type.map(String).join(' or '))];
  if (typeof type !== 'string') return [plain('any')];
  return [plain(typeof schema.format === 'string' ? `${type} (${schema.format})` : type)];
}

function plain(text: string): TypeWord {
  return { text, shape: null };
}

function objectIn(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
