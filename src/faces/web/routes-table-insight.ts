import { byRole, everybody, type RouteRow } from './routes-table-row.ts';

const ok = everybody(200);

function page(path: string, what: string, asked = path): RouteRow[] {
  return [
    { method: 'GET', path, what, answers: ok, ask: { path: asked } },
    {
      method: 'GET',
      path: `${path}.json`,
      what: `${what}, as JSON`,
      answers: ok,
      ask: { path: `${asked}.json` },
    },
  ];
}

/** Figures, and what two revisions differ in. */
export const INSIGHT_ROUTES: readonly RouteRow[] = [
  ...page('/insight', 'figures'),
  ...page('/numbers', 'numbers of the CVE list by year and state'),
  ...page('/insight/evidence', 'figures on one page'),
  {
    method: 'GET',
    path: '/insight/:part',
    what: 'the data of one plot, .csv or .json',
    answers: ok,
    ask: { path: '/insight/counts.csv' },
  },
  ...page('/channels/:name/compare', 'two revisions of a channel', '/channels/nixos-16.09/compare'),
  { method: 'GET', path: '/gates', what: 'leads to the release gates', answers: everybody(302) },
  {
    method: 'GET',
    path: '/gates/:channel',
    what: 'leads to the release gate of a channel',
    answers: everybody(302),
    ask: { path: '/gates/{gated}' },
  },
  {
    method: 'GET',
    path: '/gates/:channel/:release',
    what: 'a release gate; also .json and .md',
    answers: ok,
    ask: { path: '/gates/{gated}/{gate-release}' },
  },
  {
    method: 'POST',
    path: '/gates/:channel/:release/ticks',
    what: 'tick lines of a release gate, or propose it',
    answers: byRole({ visitor: 401, contributor: 303 }),
    ask: { path: '/gates/{gated}/{gate-release}/ticks', form: [['issue', '{gate-open-line}']] },
  },
  {
    method: 'POST',
    path: '/channels/:name/gate',
    what: 'opens the release gate of a channel, or leads to it',
    answers: byRole({ visitor: 401, contributor: 403, triager: 303 }),
    ask: { path: '/channels/nixos-16.09/gate', form: [] },
  },
  {
    method: 'POST',
    path: '/channels/:name/gate/close',
    what: 'closes the release gate of a channel',
    answers: byRole({ visitor: 401, contributor: 403, triager: 303 }),
    ask: { path: '/channels/{gated}/gate/close', form: [] },
  },
];
