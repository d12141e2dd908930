import { asString, parseIds, sliceLines } from '#base/formats';
import { compose } from '../compose.ts';
import { checkFile, readText } from '../document.ts';
import { readYaml } from '../forms/yaml.ts';
import {
  type Affected,
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type SourceFile,
  type SourceFormat,
} from '../source.ts';

/**
 * What Alpine found not to be true of its packages (`main.yaml`, `community.yaml` of security-rejections): `{package: [CVE]}`. It holds
 * for every release, and where the same CVE is also called fixed the rejection wins.
 */
export const rejections: SourceFormat = {
  name: 'rejections',
  recognises: (path) =>
    /(?:^|\/)(?:security-)?rejections(?:-[\w.]+)?(?:\/|!\/|\/-\/raw\/[\w.-]+\/)(?:[^/]+\/)*(?:main|community|testing)\.ya?ml$/.test(
      path,
    ),
  split,
  parse,
};

/** A package begins with a line that is not indented. */
function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  const { bytes, path } = file;
  const repository = /(\w+)\.ya?ml$/.exec(path)?.[1] ?? '';
  if (bytes[bytes.length - 1] !== 0x0a)
    throw new DocumentProblem('truncated', path, `${path} ends within a line`);
  let start = -1;
  let name = '';
  for (const line of sliceLines(bytes)) {
    const found = /^["']?([A-Za-z0-9_][\w.+-]{0,120})["']?[ \t]*:/.exec(line.toString('latin1', 0, 200))?.[1];
    if (found === undefined) continue;
    const at = line.byteOffset - bytes.byteOffset;
    if (start >= 0) yield { key: `rejected/${repository}/${name}`, bytes: bytes.subarray(start, at) };
    start = at;
    name = found;
  }
  if (start >= 0) yield { key: `rejected/${repository}/${name}`, bytes: bytes.subarray(start) };
  else if (
    bytes
      .toString('latin1', 0, 4096)
      .split('\n')
      .some((line) => line.trim() !== '' && !/^(?:#|---|\.\.\.|\{\})/.test(line))
  )
    throw new DocumentProblem('bad-grammar', 'line 1', `${path} names no package`);
}

function parse(document: RawDocument): ParsedReport | null {
  const text = readText(document);
  const value = readYaml(document, text);
  const { key } = document;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DocumentProblem('wrong-type', '(root)', `${key} is not a package with a list`);
  const [entry] = Object.entries(value);
  if (entry === undefined) return null;
  const [name, list] = entry;
  if (!Array.isArray(list))
    throw new DocumentProblem('wrong-type', name.slice(0, 60), `${key}: what is rejected is no list`);
  const ids = list.flatMap((id) => parseIds(typeof id === 'string' ? id : asText(id)));
  if (ids.length === 0) return null;
  const affected = ids.map(
    (vulnerability): Affected => ({
      ecosystem: 'alpine',
      name,
      vulnerability,
      status: 'not_affected',
      note: 'rejected',
    }),
  );
  return compose({
    key,
    kind: 'tracker',
    title: `${name}: not affected in Alpine`,
    published: null,
    url: 'https://gitlab.alpinelinux.org/alpine/security/security-rejections',
    vulnerabilities: ids,
    affected,
  });
}

function asText(value: unknown): string {
  return typeof value === 'object' ? '' : asString(String(value), 'list[]');
}
