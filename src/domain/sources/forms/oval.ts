import { cweIds, parseIds, parseIsoDate, scoreVector } from '#base/formats';
import { plainText, readText } from '../document.ts';
import {
  type CvssScore,
  DocumentProblem,
  type RawDocument,
  type SourceFile,
  type SourceFormat,
} from '../source.ts';
import { plainEvr, splitNvr } from './rpm.ts';
import { sliceXml } from './xml-slices.ts';
import { childrenOf, elementsOf, parseXml, textOf, type XmlElement } from './xml-tree.ts';

/**
 * What is read of one definition of an OVAL file (OVAL 5.x). The tests, objects and states that it refers to stand elsewhere in
 * the file and are not read: every distribution says in the comments of its criteria what they test.
 */
export interface OvalDefinition {
  /** "oval:com.redhat.rhsa:def:20190966" */
  id: string;
  class: string;
  title: string;
  description: string;
  platforms: readonly string[];
  references: readonly { source: string; id: string; url: string }[];
  severity: string;
  /** ISO, null where there is none. */
  issued: string | null;
  updated: string | null;
  cves: readonly OvalCve[];
  /** Addresses of bugs, and of what else the advisory refers to. */
  bugs: readonly string[];
  cpes: readonly string[];
  criteria: readonly Criterion[];
  /** `<advisory>`, for what single distributions have in it. */
  advisory: XmlElement | undefined;
}

interface OvalCve {
  id: string;
  impact: string;
  scores: readonly CvssScore[];
  weaknesses: readonly string[];
}

/** One condition of a definition, with the conditions that hold around it. */
export interface Criterion {
  comment: string;
  /** What must be installed for it to count: "Oracle Linux 5". */
  platforms: readonly string[];
  /** "x86_64", where it only counts there. */
  arch: string | null;
}

/** Cuts an OVAL file into its definitions. Keys have the file's own name: numbers of definitions repeat from file to file. */
export function splitOval(file: SourceFile): ReturnType<SourceFormat['split']> {
  const [name = ''] = /[^/]*$/.exec(file.path) ?? [];
  const base = name.replace(/\.(?:gz|bz2|xz|zst)$/, '').replace(/\.xml$/, '');
  return sliceXml(file, {
    root: 'oval_definitions',
    entry: 'definition',
    key: (head) => {
      // Some have a space before their number.
      const id = /\bid="oval:[\w.-]{1,100}:def: ?(\d{1,60})"/.exec(head)?.[1];
      return id === undefined ? null : `OVAL/${base}/${id}`;
    },
  });
}

/** Whether the beginning is of an OVAL file whose maker, or the names of whose definitions, are those. */
export function isOval(head: string, maker: RegExp): boolean {
  return /<oval_definitions\b/.test(head) && maker.test(head);
}

export function readOval(document: RawDocument): OvalDefinition {
  const root = parseXml(document.key, readText(document));
  if (root.name !== 'definition')
    throw new DocumentProblem(
      'wrong-type',
      plainText(root.name, 60) || '(root)',
      `${document.key} is no definition`,
    );
  const id = root.attributes.get('id');
  if (id === undefined)
    throw new DocumentProblem('missing-field', 'definition/@id', `${document.key} has no id`);
  const metadata = childrenOf(root, 'metadata')[0];
  if (metadata === undefined)
    throw new DocumentProblem('missing-field', 'definition/metadata', `${document.key} has no <metadata>`);
  const advisory = childrenOf(metadata, 'advisory')[0];
  const date = (name: string) =>
    dateOf(document.key, name, childrenOf(advisory, name)[0]?.attributes.get('date'));
  return {
    id,
    class: root.attributes.get('class') ?? '',
    title: textOf(childrenOf(metadata, 'title')[0]),
    description: (childrenOf(metadata, 'description')[0]?.children ?? [])
      .filter((each) => typeof each === 'string')
      .join('')
      .trim(),
    platforms: childrenOf(metadata, 'affected')
      .flatMap((each) => childrenOf(each, 'platform'))
      .map(textOf),
    references: childrenOf(metadata, 'reference').map(({ attributes }) => ({
      source: attributes.get('source') ?? '',
      id: attributes.get('ref_id') ?? '',
      url: attributes.get('ref_url') ?? '',
    })),
    severity: textOf(childrenOf(advisory, 'severity')[0]),
    issued: date('issued'),
    updated: date('updated'),
    cves: childrenOf(advisory, 'cve').flatMap(readCve),
    bugs: ['bugzilla', 'bug', 'ref'].flatMap((name) =>
      childrenOf(advisory, name).map((bug) => bug.attributes.get('href') ?? textOf(bug)),
    ),
    cpes: elementsOf(advisory, 'cpe').map(textOf),
    criteria: childrenOf(root, 'criteria').flatMap((criteria) => walk(criteria, [], null)),
    advisory,
  };
}

function dateOf(key: string, name: string, written: string | undefined): string | null {
  if (written === undefined || written.trim() === '') return null;
  const date = parseIsoDate(written);
  if (date === null)
    throw new DocumentProblem(
      'bad-date',
      `advisory/${name}`,
      `${key}: "${plainText(written, 60)}" is not a date`,
    );
  return date;
}

function readCve(element: XmlElement): OvalCve[] {
  const [id] = parseIds(textOf(element));
  if (id === undefined) return [];
  const { attributes } = element;
  return [
    {
      id,
      impact: attributes.get('impact') ?? attributes.get('priority') ?? '',
      scores: ['cvss_vector', 'cvss4', 'cvss3', 'cvss2'].flatMap((name) => {
        // "7.8/AV:N/…": the score before the vector.
        const score = scoreVector((attributes.get(name) ?? '').replace(/^\d+(?:\.\d+)?\//, ''));
        return score === null ? [] : [score];
      }),
      weaknesses: cweIds(attributes.get('cwe') ?? ''),
    },
  ];
}

/**
 * Criteria with what holds around them: of parts that must all hold, those that name a platform or an architecture speak of
 * the others. A platform may itself be one of several.
 */
function walk(node: XmlElement, platforms: readonly string[], arch: string | null): Criterion[] {
  const parts = childrenOf(node).filter(({ name }) => name === 'criteria' || name === 'criterion');
  const all = node.attributes.get('operator') !== 'OR';
  const here = all ? parts.flatMap(platformsIn) : [];
  const archHere = all ? parts.map(archOf).find((each) => each !== null) : undefined;
  const within = here.length > 0 ? here : platforms;
  const withArch = archHere ?? arch;
  return parts.flatMap((part) => {
    if (part.name === 'criteria') return walk(part, within, withArch);
    const comment = commentOf(part);
    return platformIn(comment) !== null || archOf(part) !== null
      ? []
      : [{ comment, platforms: within, arch: withArch }];
  });
}

/** Names of platforms, where the part is about nothing else. */
function platformsIn(part: XmlElement): string[] {
  if (part.name === 'criterion') {
    const platform = platformIn(commentOf(part));
    return platform === null ? [] : [platform];
  }
  const parts = childrenOf(part).filter(({ name }) => name === 'criteria' || name === 'criterion');
  if (parts.length === 0 || parts.some(({ name }) => name === 'criteria')) return [];
  const names = parts.map((each) => platformIn(commentOf(each)));
  return names.every((name) => name !== null) ? names.filter((name) => name !== null) : [];
}

function commentOf(part: XmlElement): string {
  return (part.attributes.get('comment') ?? '').replace(/\s+/g, ' ').trim();
}

/** "openSUSE Leap 15.2 is installed", "suse102 is installed"; a package has a version, and no space. */
function platformIn(comment: string): string | null {
  const name = /^(.{1,200}?)(?: is installed| must be installed)$/.exec(comment)?.[1];
  if (name === undefined || (splitNvr(name) !== null && !/^sles?\d|^sled?\d/.test(name))) return null;
  return name.includes(' ') || /^(?:suse|sles?|sled|core|nld|oes|opensuse)\d/i.test(name) ? name : null;
}

function archOf(part: XmlElement): string | null {
  return part.name === 'criterion' ? (/ arch is (\S{1,20})$/.exec(commentOf(part))?.[1] ?? null) : null;
}

/** What a comment says of an rpm. */
export interface OvalPackage {
  name: string;
  /** The first version that the condition is not about. */
  before?: string;
  state: 'fixed' | 'affected' | 'not_affected';
}

/** The comments of Red Hat, Oracle, Alma and SUSE; null for what is about a signature, a kernel that runs, or a module. */
export function rpmIn(comment: string): OvalPackage | null {
  const [, name, before] = /^(\S{1,200}) (?:is earlier than|less than) (\S{1,200})$/.exec(comment) ?? [];
  if (name !== undefined && before !== undefined) return { name, before: plainEvr(before), state: 'fixed' };
  const [, plain, not] = /^(\S{1,200}) is (not )?affected$/.exec(comment) ?? [];
  if (plain !== undefined) return { name: plain, state: not === undefined ? 'affected' : 'not_affected' };
  const installed = /^(\S{1,400}) is installed$/.exec(comment)?.[1];
  if (installed === undefined) return null;
  const nvr = splitNvr(installed);
  return nvr === null
    ? { name: installed, state: 'affected' }
    : { name: nvr.name, before: nvr.evr, state: 'fixed' };
}
