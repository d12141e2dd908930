import { readFileSync } from 'node:fs';
import { productOf } from './product-of.ts';

type Row = [
  string,
  string,
  string | null,
  string | null,
  string,
  string | null,
  string | null,
  string[],
  string,
];
const rows = readFileSync('/tmp/w-K/rows.jsonl', 'utf8')
  .split('\n')
  .map((l) => JSON.parse(l) as Row);
const OLD = new Set(['debian', 'ubuntu', 'gentoo']);
const byCve = new Map<string, Map<string, number>>();
for (const [src, eco, , vendor, name, , , ids] of rows)
  if (OLD.has(src))
    for (const id of ids) {
      if (ids.length > 30) continue;
      const m = byCve.get(id) ?? new Map();
      m.set(productOf({ ecosystem: eco, vendor, name }), 1);
      byCve.set(id, m);
    }
const seen = new Map<string, { n: Set<string>; other: Map<string, number>; prod: string; same: number }>();
for (const [src, eco, , vendor, name, , , ids] of rows) {
  if (OLD.has(src) || src === 'nvd' || src === 'cve') continue;
  const prod = productOf({ ecosystem: eco, vendor, name });
  const key = `${eco}\t${name}`;
  const e = seen.get(key) ?? { n: new Set(), other: new Map(), prod, same: 0 };
  seen.set(key, e);
  for (const id of ids) {
    if (e.n.has(id)) continue;
    e.n.add(id);
    const o = byCve.get(id);
    if (!o) continue;
    if (o.has(prod)) e.same++;
    else for (const p of o.keys()) e.other.set(p, (e.other.get(p) ?? 0) + 1);
  }
}
const ecos = new Map<string, { names: number; known: number; same: number; differ: number }>();
const worst: string[] = [];
for (const [key, e] of seen) {
  const eco = key.split('\t')[0]!;
  const c = ecos.get(eco) ?? { names: 0, known: 0, same: 0, differ: 0 };
  ecos.set(eco, c);
  c.names++;
  const top = [...e.other].sort((a, b) => b[1] - a[1])[0];
  if (e.same || top) {
    c.known++;
    if (e.same >= (top?.[1] ?? 0)) c.same++;
    else {
      c.differ++;
      worst.push(
        [
          eco,
          key.split('\t')[1],
          '→',
          e.prod,
          'others:',
          [...e.other]
            .sort((a, b) => b[1] - a[1])
            .slice(0, 3)
            .map(([p, n]) => `${p}:${n}`)
            .join(' '),
          `same ${e.same}`,
        ].join(' '),
      );
    }
  }
}
console.log([...ecos].map(([k, v]) => `${k} ${JSON.stringify(v)}`).join('\n'));
console.log(worst.sort().join('\n'));
