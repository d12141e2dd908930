import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { JsonFieldError } from '#base/formats';
import { affectedOf } from './configurations.ts';

/** A match of API 2.0 from "a:vendor:product:version[:update…]" and bounds. */
function match(name: string, bounds: Record<string, string> = {}, vulnerable = true) {
  const parts = name.split(/(?<!\\):/);
  const criteria = ['cpe', '2.3', ...parts, ...Array(11 - parts.length).fill('*')].join(':');
  return { vulnerable, criteria, ...bounds };
}

function or(...cpeMatch: unknown[]) {
  return { operator: 'OR', negate: false, cpeMatch };
}

function configuration(...nodes: unknown[]) {
  return { nodes };
}

function exact(version: string) {
  return { min: version, max: version, maxInclusive: true };
}

function rows(...configurations: unknown[]) {
  return affectedOf(configurations, 'c').map(({ vendor, name, versions, note }) => ({
    name: `${vendor}:${name}`,
    affected: versions?.affected,
    otherwise: versions?.otherwise,
    ...(note !== undefined && { note }),
  }));
}

describe('affectedOf', () => {
  test('one row for a vendor and product, with ranges and exact versions', () => {
    assert.deepEqual(
      affectedOf(
        [
          configuration(
            or(
              match('a:apache:http_server:*', {
                versionStartIncluding: '2.4.0',
                versionEndExcluding: '2.4.26',
              }),
              match('a:apache:http_server:2.2.32'),
              match('o:debian:debian_linux:8.0'),
            ),
          ),
          configuration(
            or(
              match('a:apache:http_server:*', {
                versionEndIncluding: '2.0.65',
                versionStartExcluding: '2.0.1',
              }),
            ),
          ),
        ],
        'c',
      ),
      [
        {
          ecosystem: 'cpe',
          vendor: 'apache',
          name: 'http_server',
          versions: {
            scheme: 'generic',
            affected: [
              { min: '2.4.0', max: '2.4.26' },
              exact('2.2.32'),
              { min: '2.0.1', minInclusive: false, max: '2.0.65', maxInclusive: true },
            ],
            unaffected: [],
            otherwise: 'unaffected',
          },
        },
        {
          ecosystem: 'cpe',
          vendor: 'debian',
          name: 'debian_linux',
          versions: { scheme: 'generic', affected: [exact('8.0')], unaffected: [], otherwise: 'unknown' },
        },
      ],
    );
  });

  test('what is not vulnerable is a platform, and never affected', () => {
    const found = rows(
      {
        operator: 'AND',
        nodes: [
          or(match('a:adobe:reader:*', { versionEndExcluding: '11.0' })),
          or(match('o:microsoft:windows:-', {}, false), match('o:apple:mac_os_x:*', {}, false)),
        ],
      },
      configuration(or(match('a:adobe:air:1.0'), match('h:cisco:router:*', {}, false))),
    );
    assert.deepEqual(found, [
      {
        name: 'adobe:reader',
        affected: [{ max: '11.0' }],
        otherwise: 'unaffected',
        note: 'running_on=o:apple:mac_os_x,o:microsoft:windows',
      },
      { name: 'adobe:air', affected: [exact('1.0')], otherwise: 'unknown' },
    ]);
  });

  test('the tree of feeds 1.1 says the same', () => {
    const found = affectedOf(
      [
        {
          operator: 'AND',
          children: [
            {
              operator: 'OR',
              cpe_match: [{ vulnerable: true, cpe23Uri: 'cpe:2.3:a:x:y:1.0:*:*:*:*:*:*:*' }],
            },
            {
              operator: 'OR',
              cpe_match: [{ vulnerable: false, cpe23Uri: 'cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:*' }],
            },
          ],
        },
      ],
      'c',
    );
    assert.deepEqual(
      found.map(({ name, note }) => [name, note]),
      [['y', 'running_on=o:linux:linux_kernel']],
    );
  });

  test('a platform that only some matches need is marked', () => {
    const [row] = rows(
      { operator: 'AND', nodes: [or(match('a:x:y:1.0')), or(match('o:microsoft:windows:-', {}, false))] },
      configuration(or(match('a:x:y:2.0'))),
    );
    assert.equal(row?.note, 'running_on=*,o:microsoft:windows');
    const [both] = rows({ operator: 'AND', nodes: [or(match('a:x:y:1.0')), or(match('a:x:z:1.0'))] });
    assert.equal(both?.note, undefined);
  });

  test('every version, no version known, updates', () => {
    assert.deepEqual(
      rows(
        configuration(
          or(
            match('a:x:all:*'),
            match('a:x:all:3.0'),
            match('a:x:none:-'),
            match('a:x:some:-'),
            match('a:x:some:*', { versionEndExcluding: '2.0' }),
            match('a:openbsd:openssh:7.2:p2'),
            match('a:openbsd:openssh:7.2:-'),
            match('a:openbsd:openssh:7.2:-'),
          ),
        ),
      ),
      [
        { name: 'x:all', affected: [{}], otherwise: 'unknown' },
        { name: 'x:none', affected: [], otherwise: 'unknown' },
        { name: 'x:some', affected: [{ max: '2.0' }], otherwise: 'unknown' },
        { name: 'openbsd:openssh', affected: [exact('7.2-p2'), exact('7.2')], otherwise: 'unknown' },
      ],
    );
  });

  test('what narrows a match is kept for who compares', () => {
    const [row] = rows(
      configuration(
        or(
          match('a:x:y:*:*:*:*:lts:wordpress:*:*', { versionEndExcluding: '2.0' }),
          match('a:x:y:1.0:*:*:*:esm:wordpress:x64:*'),
          match('a:x:y:0.9:*:*:*:*:wordpress:*:*'),
        ),
      ),
    );
    assert.equal(row?.note, 'sw_edition=*,esm,lts; target_sw=wordpress; target_hw=*,x64');
  });

  test('hardware counts only where there is nothing else', () => {
    assert.deepEqual(
      rows(configuration(or(match('h:d-link:dir:*'), match('o:d-link:dir_firmware:1.0')))).map(
        ({ name }) => name,
      ),
      ['d-link:dir_firmware'],
    );
    assert.deepEqual(
      rows(configuration(or(match('h:intel:xeon:-')))).map(({ name }) => name),
      ['intel:xeon'],
    );
    // Names of hardware and software may be the same.
    assert.equal(rows(configuration(or(match('h:x:y:1.0'), match('o:x:y:2.0')))).length, 1);
  });

  test('a negated node says nothing', () => {
    assert.deepEqual(
      rows(configuration({ operator: 'OR', negate: true, cpeMatch: [match('a:x:y:1.0')] })),
      [],
    );
  });

  test('quoting does not make two products of one', () => {
    const found = rows(
      configuration(or(match('a:gnu:c\\+\\+:1.0'), match('a:gnu:c\\+\\+:1.1'), match('a:gnu:c\\+\\+:1\\:2'))),
    );
    assert.deepEqual(found, [
      { name: 'gnu:c++', affected: [exact('1.0'), exact('1.1'), exact('1:2')], otherwise: 'unknown' },
    ]);
  });

  test('names the place of what is wrong', () => {
    const cases: [unknown, string][] = [
      [[configuration(or(match('a:x:y:1'))), 7], 'c[1]'],
      [[configuration(or({ vulnerable: true, criteria: 'cpe:2.3:nonsense' }))], 'c[0].cpeMatch.criteria'],
      [[configuration(or({ vulnerable: true }))], 'c[0].cpeMatch.criteria'],
      [[configuration(or({ criteria: 'x' }))], 'c[0].cpeMatch.vulnerable'],
      [[configuration(or({ ...match('a:x:y:*'), versionEndExcluding: 2 }))], 'c[0].cpeMatch.version…'],
      [[configuration({ cpeMatch: {} })], 'c[0].cpeMatch'],
    ];
    for (const [value, where] of cases)
      assert.throws(
        () => affectedOf(value as unknown[], 'c'),
        (error) => error instanceof JsonFieldError && error.where === where,
        where,
      );
  });

  test('a tree without end is refused, and a long note is cut', () => {
    let node: Record<string, unknown> = or(match('a:x:y:1'));
    for (let depth = 0; depth < 50_000; depth++) node = { operator: 'AND', children: [node] };
    assert.throws(() => affectedOf([node], 'c'), JsonFieldError);
    const many = Array.from({ length: 200 }, (_, at) => match(`o:vendor:platform_${at}:-`, {}, false));
    const [row] = rows({ operator: 'AND', nodes: [or(match('a:x:y:1.0')), or(...many)] });
    assert.ok((row?.note?.length ?? 999) <= 500 && row?.note?.endsWith(',…'), row?.note);
  });
});
