import { z } from 'zod';
import { webAddress } from '#base/formats';
import { comparatorOf, contains, type Verdict } from '#base/versions';
import type { IssueNames } from '#domain/issues';
import { SUGGESTION_DISMISSALS } from './decision.ts';

const version = z.string().min(1).max(100);

/**
 * A remembered suppression: this vendor's product is not that attribute. It always names both; channel and versions (of the
 * package) narrow it.
 */
export const ruleSchema = z.strictObject({
  attr: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\s/]+$/),
  /** As records name it; the canonical name of an issue's product counts, too. */
  product: z.string().min(1).max(200),
  vendor: z.string().min(1).max(200).optional(),
  channel: z.string().min(1).max(64).optional(),
  versions: z
    .array(
      z.strictObject({
        min: version.optional(),
        minInclusive: z.boolean().optional(),
        max: version.optional(),
        maxInclusive: z.boolean().optional(),
      }),
    )
    .min(1)
    .max(20)
    .optional(),
  reason: z.enum(SUGGESTION_DISMISSALS),
  note: z.string().trim().min(1).max(4000).optional(),
  /** Where one can see that it is so. */
  evidence: z
    .string()
    .refine((address) => webAddress(address) !== null, 'is no address of the web')
    .optional(),
  /** The day on which somebody has to look again. */
  expiresOn: z.iso.date().optional(),
});
export type RuleValue = z.infer<typeof ruleSchema>;

/** A rule that holds. */
export interface ActiveRule {
  id: number;
  value: RuleValue;
}

/** What a rule is held against: a suggestion with its channels. */
export interface Suppressible {
  attr: string;
  channels: readonly { channel: string; version: string; verdict: Verdict }[];
}

/**
 * The rule that suppresses a suggestion: the first of those that speak of it, if together they cover every channel in which
 * it may be hit. Null where some channel is not covered: then a person has to look at all of it.
 */
export function suppressedBy(
  rules: readonly ActiveRule[],
  suggestion: Suppressible,
  names: IssueNames,
): ActiveRule | null {
  const speaking = rules.filter(({ value }) => value.attr === suggestion.attr && namesMatch(value, names));
  const open = suggestion.channels.filter(({ verdict }) => verdict !== 'not_affected');
  if (open.length === 0) return null;
  const used = open.map((cell) => speaking.find(({ value }) => covers(value, cell)));
  const [first] = used;
  if (first === undefined || used.includes(undefined)) return null;
  return first;
}

/**
 * Whether the issue is about what the rule names. A vendor must be the only one that records name (NVD's names count before
 * those of the records themselves): two vendors may share the name of a product.
 */
function namesMatch({ product, vendor }: RuleValue, { products, named }: IssueNames): boolean {
  const wanted = product.toLowerCase();
  const nvd = named.filter(({ ecosystem }) => ecosystem === 'cpe');
  const telling = nvd.length > 0 ? nvd : named;
  const called = telling.filter(({ name }) => name === wanted);
  if (vendor === undefined)
    return products.includes(wanted) || (telling.length > 0 && called.length === telling.length);
  return (
    called.length > 0 && telling.every((each) => each.name === wanted && each.vendor === vendor.toLowerCase())
  );
}

function covers({ channel, versions }: RuleValue, cell: { channel: string; version: string }): boolean {
  if (channel !== undefined && channel !== cell.channel) return false;
  return (
    versions === undefined ||
    versions.some((range) => contains(definedOnly(range), cell.version, comparatorOf('nix')) === true)
  );
}

function definedOnly<T extends object>(range: T): { [K in keyof T]-?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(range).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]-?: Exclude<T[K], undefined>;
  };
}
