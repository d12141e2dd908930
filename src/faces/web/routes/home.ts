import type { Context, Hono } from 'hono';
import { countWaitingIntake } from '#domain/issues';
import { mayDecideIntake } from '#domain/policies';
import { countOpenProposals } from '#domain/proposals';
import { nextOpening, roundupFigures, scheduleOf } from '#domain/roundup';
import { SOURCES } from '#domain/sources';
import { sendPage } from '../answer.ts';
import { channelFigures } from '../channel-figures.ts';
import { roundupAddress, SOURCES_ADDRESS } from '../components/addresses.ts';
import { freshnessOf } from '../freshness.ts';
import type { Frame } from '../layout.tsx';
import { CHANNELS_ADDRESS, INTAKE_ADDRESS } from '../list-addresses.ts';
import { HomePage, type HomePageProps } from '../pages/home.tsx';
import type { Site, SourceState } from '../site.ts';
import { whoOf } from '../who.ts';

type HomeData = Omit<HomePageProps, 'frame'>;

const SHOWN_BURNING = 10;

/** `/`: is anything burning, and what can I do? */
export function homeRoutes(app: Hono, site: Site): void {
  const page = (props: HomeData & { frame: Frame }) => HomePage(props);
  app.get('/', async (c) => {
    const data = await homeData(c, site);
    return sendPage(c, site, 'html', data, page, data.roundup);
  });
  app.get('/index.json', async (c) => sendPage(c, site, 'json', await homeData(c, site), page));
}

async function homeData(c: Context, site: Site): Promise<HomeData> {
  const { queries } = site.database;
  const [open, burning, [latest], totals, states, proposals, intake] = await Promise.all([
    site.openIssues(),
    site.burning(),
    roundupFigures(queries, 1),
    site.totals(),
    site.sources(),
    countOpenProposals(queries),
    // What visitors sent is counted for nobody else.
    mayDecideIntake(whoOf(c).actor) === 'apply' ? countWaitingIntake(queries) : null,
  ]);
  const channels = await channelFigures(site, open);
  const late = lateSources(states, site.now());
  const sumOf = (what: 'quarantined' | 'alarms' | 'held') =>
    states.reduce((sum, state) => sum + state[what], 0);
  const waiting = [
    ...(latest === undefined || latest.closedAt !== null
      ? []
      : [
          waits(
            latest.lines - latest.completed,
            ['line', 'lines'],
            `of roundup ${latest.number}`,
            roundupAddress(latest.number),
          ),
        ]),
    waits(
      burning.length,
      ['critical or exploited issue', 'critical or exploited issues'],
      'in channels that users follow',
      CHANNELS_ADDRESS,
    ),
    waits(proposals, ['proposal', 'proposals'], 'to decide on', '/proposals'),
    ...(intake === null
      ? []
      : [waits(intake, ['report', 'reports'], 'of visitors to look at', INTAKE_ADDRESS)]),
    waits(late, ['source', 'sources'], 'silent or failing', SOURCES_ADDRESS),
    waits(sumOf('alarms'), ['alarm', 'alarms'], 'of sources', `${SOURCES_ADDRESS}#alarms`),
    waits(sumOf('held'), ['batch', 'batches'], 'of sources held back', `${SOURCES_ADDRESS}#held`),
    waits(sumOf('quarantined'), ['document', 'documents'], 'in quarantine', `${SOURCES_ADDRESS}#quarantine`),
  ];
  return {
    burning: burning.slice(0, SHOWN_BURNING),
    roundup:
      latest === undefined
        ? null
        : {
            number: latest.number,
            coversSince: latest.coversSince.toISOString().slice(0, 10),
            coversUntil: latest.coversUntil.toISOString().slice(0, 10),
            lead: latest.lead,
            lines: latest.lines,
            completed: latest.completed,
            carried: latest.carried,
            closedAt: latest.closedAt?.toISOString() ?? null,
            nextAt: nextRound(site),
          },
    channels,
    waiting,
    totals: {
      reports: states.reduce((sum, { reports }) => sum + reports, 0),
      ...totals,
    },
  };
}

/** When the next round opens by itself; null where people open it. */
function nextRound(site: Site): string | null {
  const schedule = scheduleOf(site.config);
  return schedule === null ? null : nextOpening(schedule, site.now()).toISOString();
}

function waits(
  count: number,
  [one, many]: [string, string],
  rest: string,
  href: string,
): HomeData['waiting'][number] {
  return { label: `${count === 1 ? one : many} ${rest}`, count, href };
}

/** Sources of which we hear nothing, though we have read them or ought to. */
function lateSources(states: readonly SourceState[], now: Date): number {
  const byId = new Map(states.map((state) => [state.source, state]));
  return SOURCES.filter((source) =>
    ['silent', 'failing'].includes(freshnessOf(source, byId.get(source.id), now).state),
  ).length;
}
