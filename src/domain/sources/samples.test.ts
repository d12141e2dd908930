import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SOURCES, sourceNamed } from './registry.ts';
import { SAMPLES } from './samples.ts';
import { assertLimits, assertPieces, formatOf, readFile } from './testing.ts';

describe('a small document of each form', () => {
  for (const { source, form, path, text } of SAMPLES) {
    if (sourceNamed(source).signals !== undefined) continue;
    test(`${source} ${form} is recognised by its form alone, cut into pieces of itself, and read`, () => {
      const file = { path, bytes: Buffer.from(text) };
      assert.equal(formatOf(sourceNamed(source), file)?.name, form);
      const format = sourceNamed(source).formats.find(({ name }) => name === form) ?? assert.fail();
      const { documents, reports, problems } = readFile(format, file);
      assert.deepEqual(problems, []);
      assert.ok(reports.length > 0, 'no report');
      assertPieces(file, documents);
      for (const report of reports) assertLimits(report);
      assert.ok(reports.some(({ vulnerabilities }) => vulnerabilities.length > 0) || form === 'cefs');
      assert.ok(reports.some(({ affected }) => affected.length > 0));
    });
  }

  test('where documents go by their reports, one that cannot be read has that very name', () => {
    const other = SAMPLES.flatMap(({ source, form, path, text }) => {
      const format = sourceNamed(source).formats.find(({ name }) => name === form);
      if (format?.namedByReport !== true) return [];
      return [...format.split({ path, bytes: Buffer.from(text) })].flatMap((document) => {
        const key = format.parse(document)?.key ?? document.key;
        return key === document.key ? [] : [`${source}/${form}: ${document.key}, not ${key}`];
      });
    });
    assert.deepEqual(other, [], 'its report would look as if it were gone');
  });

  test('there is one of each', () => {
    const covered = new Set(SAMPLES.map(({ source, form }) => `${source}/${form}`));
    const all = SOURCES.flatMap(({ id, formats, signals = [] }) =>
      [...formats, ...signals].map(({ name }) => `${id}/${name}`),
    );
    assert.deepEqual(
      all.filter((form) => !covered.has(form)),
      [],
    );
  });

  test('no other source takes a document for its own', () => {
    for (const { source, path, text } of SAMPLES) {
      const head = text.slice(0, 4096);
      const takers = SOURCES.filter(({ formats, signals = [] }) =>
        [...formats, ...signals].some((format) => format.recognises(path, head)),
      );
      assert.deepEqual(
        takers.map(({ id }) => id),
        [source],
        path,
      );
    }
  });
});

describe('every source', () => {
  for (const source of SOURCES)
    test(`${source.id} says who it is, and where each of its forms is fetched from`, () => {
      assert.match(source.id, /^[a-z]+$/);
      assert.ok(source.licence.name !== '' && source.licence.attribution !== '');
      assert.ok(source.licence.url.startsWith('http') && source.homepage.startsWith('http'));
      const [least, most] = source.usualPerWeek;
      assert.ok(source.expectEveryHours > 0 && least >= 0 && most > least);
      const names = [...source.formats, ...(source.signals ?? [])].map(({ name }) => name);
      assert.equal(new Set(names).size, names.length);
      for (const { format, url, since } of source.feeds) {
        assert.ok(names.includes(format), format);
        assert.ok(URL.canParse(url) && url.startsWith('https://'));
        assert.match(since, /^\d{4}-\d\d-\d\d$/);
      }
    });

  test('names and aliases are each of one source', () => {
    const names = SOURCES.flatMap(({ id, aliases }) => [id, ...aliases]);
    assert.equal(new Set(names).size, names.length);
  });
});
