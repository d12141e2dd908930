import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MusterError } from '#base/errors';

/** The reviewed table: which name, in which ecosystem (`*`: any distribution), is which product. `#` at a name's end stands for a version. */
interface AliasTable {
  /** Product by name, by ecosystem. */
  names: ReadonlyMap<string, ReadonlyMap<string, string>>;
  products: ReadonlySet<string>;
}

const COLUMNS = 'product\tecosystem\tname\twhy';

/** Reads the text of `product-aliases.tsv`. Throws FILE_MALFORMED, with the line, for a row that is not four cells, or a name that stands twice. */
export function readAliasTable(text: string): AliasTable {
  const byEcosystem = new Map<string, Map<string, string>>();
  const products = new Set<string>();
  const lines = text.split('\n');
  if (lines[0] !== COLUMNS)
    throw new MusterError('FILE_MALFORMED', `The product aliases must begin with the line “${COLUMNS}”.`);
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line === '') continue;
    const [target, ecosystem, name, why, ...rest] = line.split('\t');
    if (!target || !ecosystem || !name || !why || rest.length > 0)
      throw new MusterError('FILE_MALFORMED', `Product aliases, line ${index + 1}: a row has four cells.`);
    const names = byEcosystem.get(ecosystem) ?? new Map<string, string>();
    byEcosystem.set(ecosystem, names);
    if (names.has(name))
      throw new MusterError(
        'FILE_MALFORMED',
        `Product aliases, line ${index + 1}: ${name} stands there twice.`,
      );
    names.set(name, target);
    products.add(target);
  }
  return { names: byEcosystem, products };
}

const TABLE = readAliasTable(readFileSync(join(import.meta.dirname, 'product-aliases.tsv'), 'utf8'));

/**
 * The product that a name of a distribution's source package means: one name for what one upstream makes, however many
 * versions of it are packaged side by side. `ecosystem` as in a report's `affected` rows (`debian`, `oracle`, `netbsd`, `pypi` …), or `nixpkgs` for the name of a package of ours; for `cpe` the name is `vendor:product`. Never throws; without white space; the same for the
 * result of itself. What the table and the naming customs of the ecosystem do not tell is kept: better two names for one
 * product than one for two.
 */
export function canonicalProduct(ecosystem: string, name: string): string {
  let product = name.trim().slice(0, 200).toLowerCase().replace(/\s+/g, '-');
  // Once does for all names that exist; only made-up ones carry a version behind a version.
  for (let round = 0; round < 200; round += 1) {
    const next = ecosystem === 'cpe' ? fromCpe(product) : fromPackage(ecosystem, product);
    if (next === product) break;
    product = next;
  }
  return product;
}

/** How names of distributions at large, and products, begin. */
const BEGINNINGS = new Set(
  [
    ...TABLE.products,
    ...(TABLE.names.get('*')?.keys() ?? []),
    ...(TABLE.names.get('debian')?.keys() ?? []),
  ].map((name) => name.slice(0, 3)),
);

/** The product that people mean by a name, as far as the reviewed table tells: null for names that it does not have. */
export function productCalled(name: string): string | null {
  const plain = name.trim().slice(0, 200).toLowerCase();
  // Most words of a text begin like no name.
  if (!BEGINNINGS.has(plain.slice(0, 3))) return null;
  return lookUp('*', plain) ?? lookUp('debian', withoutVersion(plain) ?? plain);
}

function fromPackage(ecosystem: string, plain: string): string {
  const { category, name } = withoutPath(ecosystem, plain);
  for (const candidate of candidates(ecosystem, category, name)) {
    const product = lookUp(ecosystem, candidate);
    if (product !== null) return product;
  }
  const customary = inDebianStyle(ecosystem, category, withoutPackaging(ecosystem, name));
  return withoutVersion(customary) ?? customary;
}

/** Spellings to look up, the given one first, each a little further from it. */
function candidates(ecosystem: string, category: string, name: string): string[] {
  const bare = withoutPackaging(ecosystem, name);
  const customary = inDebianStyle(ecosystem, category, bare);
  const versionless = withoutVersion(customary) ?? customary;
  return [...new Set([name, bare, customary, versionless])];
}

/** Who takes its names from whom: what the table says of the latter holds for the former. */
const NAMED_AFTER: ReadonlyMap<string, string> = new Map([
  ...['fedora', 'centos', 'alma', 'rocky', 'oracle', 'amazon', 'mageia'].map((id) => [id, 'redhat'] as const),
  ['netbsd', 'freebsd'],
]);

function isRpm(ecosystem: string): boolean {
  return ecosystem === 'suse' || ecosystem === 'redhat' || NAMED_AFTER.get(ecosystem) === 'redhat';
}

function lookUp(ecosystem: string, name: string): string | null {
  if (isLinuxFlavour(name) || (isRpm(ecosystem) && RPM_KERNEL.test(name))) return 'linux';
  const stem = /^(.*?[a-z+])-?\d+(?:\.\d+)*$/.exec(name)?.[1];
  for (const scope of [ecosystem, NAMED_AFTER.get(ecosystem) ?? '*', '*']) {
    const names = TABLE.names.get(scope);
    const product = names?.get(name) ?? (stem === undefined ? undefined : names?.get(`${stem}#`));
    if (product !== undefined) return product;
  }
  return TABLE.products.has(name) ? name : null;
}

/** Flavours and backports of the kernel that distributions name after a board, a cloud or a release. */
const FLAVOUR =
  /^linux-(?:aws|azure|gcp|gke|gkeop|hwe|ibm|iot|intel|kvm|lowlatency|nvidia|oem|oracle|raspi2?|realtime|riscv|bluefield|dell300x|snapdragon|ti-omap4|armadaxp|ec2|euclid|flo|fsl-imx51|goldfish|grouper|maguro|mako|manta|mvl-dove|qcm-msm|xilinx|lts-[a-z]+|linaro-[a-z]+|lts-backport-[a-z]+|source-[\d.]+|fips|raspi-realtime|starfive|allwinner|laptop)(?:-(?:edge|fde|hwe|cvm|osp1|iotg|tegra|fips|[\d.]+))*$/;

/** The kernel in distributions of rpms: a package for each configuration and use, and its patches without a restart. */
const RPM_KERNEL =
  /^(?:kernel-(?:64k|64kb|azure|bigmem|bigsmp|debug|default|desktop|devel|docs?|ec2|headers|kvmsmall|linus|livepatch|longterm|lpae|macros|obs-build|obs-qa|pae|ppc64|preempt|rt|rt_debug|rt_trace|server|source|syms|tmb|tools|trace|uek|vanilla|xen|zfcpdump)(?:[-_.\d][\w.+-]{0,80})?|kernel-\d[\w.]{0,40}|(?:kpatch-patch|kgraft-patch)-[\w.-]{1,80})$/;

function isLinuxFlavour(name: string): boolean {
  return name.length < 60 && (FLAVOUR.test(name) || /^linux-\d+(?:\.\d+)*$/.test(name));
}

/** Gentoo's category, and the streams and image names of Red Hat (`firefox:flatpak/firefox`). */
function withoutPath(ecosystem: string, plain: string): { category: string; name: string } {
  const slash = plain.lastIndexOf('/');
  const category = plain.slice(0, Math.max(slash, 0));
  const last = plain.slice(slash + 1);
  const colon = ecosystem === 'redhat' ? last.indexOf(':') : -1;
  return { category, name: (colon > 0 ? last.slice(0, colon) : last) || plain };
}

/** Software collections: the same source, built to lie beside the system's. */
const COLLECTION =
  /^(?:rh-[a-z]+\d*|jbcs-httpd24|httpd24|devtoolset-\d+|gcc-toolset-\d+|php5[3-5]|ruby(?:193|200|22)|python(?:27|33)|mariadb55|mysql55|postgresql92|nodejs010|perl516|nginx1[468]|git19)-(?=.)/;

/** Java by its version and who builds it: `java-1.8.0-openjdk`, `java-11-amazon-corretto`. */
const JAVA = /^java-(?:latest|\d[\d._]{0,10})-(?:openjdk|ibm|oracle|sun|amazon-corretto)(?:-[\w-]{1,40})?$/;

/** What only tells how it is packaged: collections, cross builds, binary builds. */
function withoutPackaging(ecosystem: string, name: string): string {
  if (isRpm(ecosystem))
    return JAVA.test(name) ? 'openjdk' : name.replace(COLLECTION, '').replace(/^mingw(?:32|64)?-(?=.)/, '');
  switch (ecosystem) {
    case 'netbsd':
      // Modules of the web server, built for one of its versions.
      return name.replace(/^ap\d{2}-(?=.)/, '');
    case 'gentoo':
      return name.replace(/(?<=.)-bin(?:-debug)?$/, '');
    case 'arch':
      return name.replace(/^lib32-(?=.)/, '');
    default:
      return name;
  }
}

/** Modules of languages under the name that Debian gives them. */
function inDebianStyle(ecosystem: string, category: string, name: string): string {
  if (isRpm(ecosystem))
    return name
      .replace(/^(?:rubygem|ruby\d\.\d-rubygem)-(?=.)/, 'ruby-')
      .replace(/^nodejs-(?=.)/, 'node-')
      .replace(/^python\d{1,3}(?:\.\d{1,2})?-(?=.)/, 'python-')
      .replace(/^perl-(.+)$/, 'lib$1-perl');
  switch (ecosystem) {
    case 'gentoo':
      if (category === 'dev-perl' || category === 'perl-core') return `lib${name}-perl`;
      if (category === 'virtual') return name.startsWith('perl-') ? `lib${name.slice(5)}-perl` : name;
      return category === 'dev-ruby' ? `ruby-${name}` : name;
    case 'alpine':
      return name.replace(/^py3?-(?=.)/, 'python-').replace(/^perl-(.+)$/, 'lib$1-perl');
    case 'freebsd':
    case 'netbsd':
      return name
        .replace(/^py\d{0,3}-(?=.)/, 'python-')
        .replace(/^ruby(?:gem|\d{2,3})?-(?=.)/, 'ruby-')
        .replace(/^p5-(.+)$/, 'lib$1-perl');
    case 'arch':
      return name.replace(/^perl-(.+)$/, 'lib$1-perl');
    case 'nixpkgs':
      return name
        .replace(/^python\d+(?:\.\d+)*-(?=.)/, 'python-')
        .replace(/^ruby\d*(?:\.\d+)*-(?=.)/, 'ruby-')
        .replace(/^perl\d*(?:\.\d+)*-(.+)$/, 'lib$1-perl');
    default:
      return name;
  }
}

/**
 * The name without a version at its end, or null: `openssl1.0`, `postgresql-9.4`, `gcc-6`, `libidn2-0`. Digits that only follow letters
 * (`bzip2`, `libxml2`) are part of the name unless the table says otherwise.
 */
function withoutVersion(name: string): string | null {
  const stem =
    /^(.*[a-z0-9+])-\d+(?:\.\d+)*$/.exec(name)?.[1] ?? /^(.*?[a-z+])\d+(?:\.\d+)+$/.exec(name)?.[1];
  return stem !== undefined && /[a-z].*[a-z+]/.test(stem) ? stem : null;
}

/** NVD's names are only reduced to a product where the table, or vendor and product being one word, leave no doubt. */
function fromCpe(plain: string): string {
  const known = TABLE.names.get('cpe')?.get(plain);
  if (known !== undefined) return known;
  const colon = plain.indexOf(':');
  const [vendor, product] = [plain.slice(0, Math.max(colon, 0)), plain.slice(colon + 1)];
  const own = [product, `${product}_project`, `${product}project`].includes(vendor);
  return own ? fromPackage('*', product.replaceAll('_', '-')) : plain;
}
