import type { Affected } from '../source.ts';

/** A version of an rpm: epoch:version-release, without an epoch of 0. */
export function evrOf(epoch: string | undefined, version: string, release: string): string {
  const bare = release === '' ? version : `${version}-${release}`;
  return epoch === undefined || epoch === '' || epoch === '0' ? bare : `${epoch}:${bare}`;
}

/** Without an epoch of 0, which some write and some do not. */
export function plainEvr(evr: string): string {
  return evr.startsWith('0:') ? evr.slice(2) : evr;
}

/** "xz" for "xz-5.2.5-8.el9_0.src.rpm", whatever stands before it; null for what is no source package. */
export function sourceName(file: string | undefined): string | null {
  const name = /(?:^|\/)([^/]{1,300})\.(?:no)?src\.rpm$/.exec(file ?? '')?.[1];
  return name === undefined ? null : (splitNvr(name)?.name ?? null);
}

/** What a name of an rpm tells by itself. */
export interface Nvr {
  name: string;
  evr: string;
}

const ARCHITECTURE =
  /\.(?:src|nosrc|noarch|i[3-6]86|x86_64|ia64|ppc|ppc64|ppc64le|s390|s390x|aarch64|armv[67]hl|riscv64|loongarch64)$/;

/**
 * Splits "xz-5.2.5-8.el9_0", "bind-0:9.8.2-0.68.rc1.el6", with or without an architecture and `.rpm` behind; null for what
 * is no name-version-release.
 */
export function splitNvr(text: string): Nvr | null {
  if (text.length > 400 || /[\s/@]/.test(text)) return null;
  const bare = text.replace(/\.rpm$/, '').replace(ARCHITECTURE, '');
  const release = bare.lastIndexOf('-');
  const version = bare.lastIndexOf('-', release - 1);
  if (version < 1 || release < version + 2 || release === bare.length - 1) return null;
  const evr = bare.slice(version + 1);
  return { name: bare.slice(0, version), evr: plainEvr(evr) };
}

/** Parts that are never what a flaw is in. */
const PARTS =
  /-(?:debuginfo|debugsource|debug|32bit|64bit|x86|lang|doc|docs|devel-docs)$|-(?:debuginfo|debugsource)-/;
/** As the ones above, and parts that go by the name of their whole. */
const COMPONENTS = /-(?:devel|libs|common|utils|tools|static|headers|javadoc|data)$/;

/**
 * Lists of binary packages as their source packages, as far as their names tell: of packages with one version in one release,
 * those that the text names (a title: "Moderate: libtiff security update") stand for the others; else those that others
 * begin with (samba for samba-client); else the beginning that all of them share (fence-agents for fence-agents-apc and
 * fence-agents-lpar). Nothing else is known of what belongs together.
 */
export function foldBinaries(rows: readonly Affected[], text = ''): Affected[] {
  const groups = new Map<string, Affected[]>();
  for (const row of rows) {
    const { release, status, fixed, vulnerability, note } = row;
    const key = JSON.stringify([release, status, fixed, vulnerability, note]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const words = new Set(
    text
      .slice(0, 2000)
      .split(/[\s,;()]+/)
      .map((word) => word.replace(/[:.]+$/, '')),
  );
  for (const word of [...words]) {
    const [name = word] = word.split(':', 1);
    words.add(name);
  }
  return [...groups.values()].flatMap((group) => foldGroup(group, words));
}

function foldGroup(group: readonly Affected[], words: ReadonlySet<string>): Affected[] {
  if (group.length === 1) return [...group];
  const named = group.filter(({ name }) => words.has(name));
  if (named.length > 0) return named;
  const names = new Set(group.map(({ name }) => name));
  const wholes = group.filter(({ name }) => !PARTS.test(name) && !beginsWithOther(name, names));
  const left = wholes.length > 0 ? wholes : group;
  const shared = sharedBeginning(left.map(({ name }) => name));
  const [first] = left;
  return shared !== null && first !== undefined ? [{ ...first, name: shared }] : [...left];
}

/** Beginnings that say in which language or for which desktop something is, and not what it is. */
const KINDS = new Set(
  'apache erlang fonts ghc glassfish gnome golang google jakarta java jboss jackson kde kf5 lib lua maven mingw mingw32 mingw64 mod nodejs ocaml perl php plexus python python2 python3 python36 python38 python39 qt qt5 qt6 R ruby rubygem rubygems rust sle texlive typelib xorg yast2'.split(
    ' ',
  ),
);

/**
 * Words that all of the names begin with, as long as they are a name by themselves. A number behind a library's name is its ABI
 * (libnvidia-container1 beside libnvidia-container-tools).
 */
function sharedBeginning(names: readonly string[]): string | null {
  const distinct = [...new Set(names)].map((name) => name.split('-'));
  const [first = []] = distinct;
  if (distinct.length < 2) return null;
  const lengths = distinct.map((words) =>
    /\D\d{1,2}$/.test(words.at(-1) ?? '') ? words.length : words.length - 1,
  );
  const most = Math.min(...lengths);
  let shared = 0;
  while (
    shared < most &&
    distinct.every((words) => withoutNumber(words[shared]) === withoutNumber(first[shared]))
  )
    shared += 1;
  const same = distinct.every((words) => words[shared - 1] === first[shared - 1]);
  const last = same ? first[shared - 1] : withoutNumber(first[shared - 1]);
  const beginning = [...first.slice(0, Math.max(shared - 1, 0)), last ?? ''].join('-');
  return shared === 0 || KINDS.has(beginning) || beginning.length < 3 ? null : beginning;
}

function withoutNumber(word = ''): string {
  return word.replace(/(?<=\D)\d{1,2}$/, '');
}

/** Whether one of the names, followed by a hyphen, is the beginning of this one, or what it is a part of. */
function beginsWithOther(name: string, names: ReadonlySet<string>): boolean {
  const bare = name.replace(COMPONENTS, '');
  if (bare !== name && names.has(bare)) return true;
  for (let at = name.lastIndexOf('-'); at > 0; at = name.lastIndexOf('-', at - 1))
    if (names.has(name.slice(0, at))) return true;
  return false;
}
