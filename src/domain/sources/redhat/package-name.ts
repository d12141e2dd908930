import { PackageURL } from 'packageurl-js';

/** A package as Red Hat writes it. */
export interface RpmName {
  name: string;
  /** epoch:version-release without an epoch of 0: what `rpm` compares. */
  evr: string;
}

/**
 * "java-1.8.0-openjdk-1:1.8.0.131-0.b11.el6_9" or, before 2018, "openssl-1.0.1e-48.el6_8.1". Null if it is no
 * name-version-release.
 */
export function splitNvr(nvr: string): RpmName | null {
  const release = nvr.lastIndexOf('-');
  const version = nvr.lastIndexOf('-', release - 1);
  if (version < 1 || release < version + 2 || release === nvr.length - 1) return null;
  if (/[\s/@]/.test(nvr)) return null;
  const rest = nvr.slice(version + 1);
  return { name: nvr.slice(0, version), evr: rest.startsWith('0:') ? rest.slice(2) : rest };
}

const ARCHITECTURE = /\.(src|noarch|i[3-6]86|x86_64|ia64|ppc|ppc64|ppc64le|s390|s390x|aarch64|armv7hl)$/;

/** A component of a product. */
export interface Component {
  name: string;
  evr?: string;
  /** `module` is a module as such; its packages are components of their own. */
  kind: 'source' | 'binary' | 'module' | 'container' | 'other';
  /** "nodejs:18": the module that it is in, where that is said. */
  module?: string;
}

/**
 * Reads the id of a component of a CSAF document ("curl-0:7.61.1-22.el8_6.12.src", "curl.src", "nodejs:18/nodejs",
 * "registry.redhat.io/quay/quay-rhel8@sha256:…_amd64") with the help of its purl, which is left out in old documents.
 */
export function componentOf(id: string, purl: string | undefined): Component {
  if (id.includes('@') || purl?.startsWith('pkg:oci/')) {
    const path = id.split('@', 1)[0] ?? id;
    return { name: path.slice(path.lastIndexOf('/') + 1) || path, kind: 'container' };
  }
  return byPurl(id, purl) ?? byId(id);
}

/** Every other kind of purl (Maven, npm) says no more than the id. */
function byPurl(id: string, text: string | undefined): Component | null {
  if (text === undefined || !text.startsWith('pkg:rpm')) return null;
  let purl: PackageURL;
  try {
    purl = PackageURL.fromString(text);
  } catch {
    return null;
  }
  const { type, name, version } = purl;
  if (type === 'rpmmod') return { name, kind: 'module', module: moduleOf(`${name}:${version ?? ''}`) };
  const { arch, epoch, rpmmod } = purl.qualifiers ?? {};
  // The purl of most documents has no epoch; the id has.
  const number = epoch ?? /^-(\d+):/.exec(id.startsWith(name) ? id.slice(name.length) : '')?.[1] ?? '0';
  const module = rpmmod ?? id.split('::', 2)[1];
  return {
    name,
    kind: arch === 'src' ? 'source' : 'binary',
    ...(version && { evr: number === '0' ? version : `${number}:${version}` }),
    ...(module !== undefined && { module: moduleOf(module) }),
  };
}

/** Name and stream, without version, context and architecture. */
function moduleOf(text: string): string {
  return text.split(':', 2).join(':');
}

function byId(id: string): Component {
  // Newer documents put the module behind: "…el8.x86_64::nodejs:18".
  const [plain = id, module] = id.split('::', 2);
  const inModule = { ...(module !== undefined && { module: moduleOf(module) }) };
  const arch = ARCHITECTURE.exec(plain);
  const bare = arch === null ? plain : plain.slice(0, arch.index);
  const kind = arch === null ? 'other' : arch[1] === 'src' ? 'source' : 'binary';
  // A version is read only where the epoch marks it: "jenkins-2-plugins" has none.
  const rpm = /-\d+:[^:]*$/.test(bare.slice(-200)) ? splitNvr(bare) : null;
  if (rpm !== null) return { ...rpm, kind, ...inModule };
  const slash = bare.indexOf('/');
  if (slash > 0 && bare.slice(0, slash).includes(':'))
    return { name: bare.slice(slash + 1), kind, module: bare.slice(0, slash) };
  const [name = bare, stream] = bare.split(':', 2);
  if (stream === undefined) return { name: bare, kind, ...inModule };
  return { name, kind: 'module', module: `${name}:${stream}` };
}
