import { draftSchema, type IssueDraft, type ListedKind } from '#domain/issues';

/** What the form of a new issue has in its fields. */
export type TypedDraft = Readonly<Record<(typeof DRAFT_FIELDS)[number], string>>;

export const DRAFT_FIELDS = [
  'product',
  'title',
  'summary',
  'severity',
  'references',
  'published',
  'attributes',
  'modules',
  'releases',
] as const;

/** Where each kind of package is typed. */
const LISTS = [
  ['attributes', 'attribute'],
  ['modules', 'module'],
  ['releases', 'nix'],
] as const satisfies readonly (readonly [string, ListedKind])[];

/** A form as it was filled in; what is left out is empty. */
export function typedDraft(form: URLSearchParams): TypedDraft {
  return Object.fromEntries(
    DRAFT_FIELDS.map((name) => [name, (form.get(name) ?? '').slice(0, 20_001)]),
  ) as TypedDraft;
}

/** The draft that a form describes, or what is wrong with it: lists have one thing a line. */
export function draftOf(typed: TypedDraft): { draft: IssueDraft } | { field: string; why: string } {
  const text = (name: keyof TypedDraft) => typed[name].trim() || undefined;
  const references = lines(typed.references);
  const packages = LISTS.flatMap(([name, kind]) =>
    lines(typed[name]).map((each) => ({ package: each, kind })),
  );
  const wanted = {
    product: text('product') ?? '',
    title: text('title') ?? '',
    summary: text('summary'),
    severity: text('severity'),
    published: text('published'),
    ...(references.length === 0 ? {} : { references }),
    ...(packages.length === 0 ? {} : { packages }),
  };
  const parsed = draftSchema.safeParse(
    Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)),
  );
  if (parsed.success) return { draft: parsed.data };
  const [issue] = parsed.error.issues;
  const [name = '', at] = issue?.path ?? [];
  if (name === 'packages') {
    const wrong = packages[Number(at)];
    const field = LISTS.find(([, kind]) => kind === wrong?.kind)?.[0] ?? 'attributes';
    return { field, why: `${wrong?.package ?? 'That'} is no name of a package.` };
  }
  if (name === 'references')
    return { field: name, why: `${references[Number(at)] ?? 'That'}: ${issue?.message ?? 'is wrong'}` };
  const missing = String(wanted[name as 'product' | 'title'] ?? '') === '';
  return { field: String(name), why: missing ? 'This is needed.' : `${issue?.message ?? 'That is wrong'}.` };
}

function lines(text: string): string[] {
  return [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
}
