import { type Context, Hono } from 'hono';
import { except } from 'hono/combine';
import { compress } from 'hono/compress';
import { secureHeaders } from 'hono/secure-headers';
import { MusterError } from '#base/errors';
import { API_ADDRESS, apiRoutes } from '#faces/api';
import { CACHE_CONTROL } from './answer.ts';
import { answerProblem } from './api-failures.ts';
import { etags } from './etags.ts';
import { answerFailure } from './failures.ts';
import { sayWhen } from './live.ts';
import { findAddress, networkOf } from './remote-address.ts';
import { isJson, readJson } from './request-body.ts';
import { checkRequest } from './request-checks.ts';
import { accountRoutes } from './routes/account.ts';
import { accountsRoutes } from './routes/accounts.ts';
import { apiPageRoutes } from './routes/api.ts';
import { campaignRoutes } from './routes/campaigns.ts';
import { changesRoutes } from './routes/changes.ts';
import { channelRoutes } from './routes/channel.ts';
import { channelsRoutes } from './routes/channels.ts';
import { compareRoutes } from './routes/compare.ts';
import { eventRoutes } from './routes/events.ts';
import { feedRoutes } from './routes/feeds.ts';
import { gateRoutes } from './routes/gate.ts';
import { homeRoutes } from './routes/home.ts';
import { insightRoutes } from './routes/insight.ts';
import { intakeRoutes } from './routes/intake.ts';
import { issueRoutes } from './routes/issue.ts';
import { issueDeedRoutes } from './routes/issue-deeds.ts';
import { issuesRoutes } from './routes/issues.ts';
import { keysRoutes } from './routes/keys.ts';
import { liveRoutes } from './routes/live.ts';
import { mailRoutes } from './routes/mail.ts';
import { newIssueRoutes } from './routes/new-issue.ts';
import { sendNotFound } from './routes/not-found.ts';
import { numberRoutes } from './routes/numbers.ts';
import { packageRoutes } from './routes/package.ts';
import { packagesRoutes } from './routes/packages.ts';
import { peopleRoutes } from './routes/people.ts';
import { presenceRoutes } from './routes/presence.ts';
import { proposalRoutes } from './routes/proposals.ts';
import { queueRoutes } from './routes/queue.ts';
import { recoverRoutes } from './routes/recover.ts';
import { reportRoutes } from './routes/report.ts';
import { reportFormRoutes } from './routes/report-form.ts';
import { roundupRoutes } from './routes/roundups.ts';
import { rulesRoutes } from './routes/rules.ts';
import { searchRoutes } from './routes/search.ts';
import { serviceRoutes } from './routes/service.ts';
import { shortAddressRoutes } from './routes/short-addresses.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { signInPasskeyRoutes } from './routes/sign-in-passkey.ts';
import { signInProviderRoutes } from './routes/sign-in-provider.ts';
import { signUpRoutes } from './routes/sign-up.ts';
import { sourcesRoutes } from './routes/sources.ts';
import { threadRoutes } from './routes/threads.ts';
import { vulnerabilityRoutes } from './routes/vulnerability.ts';
import { watchRoutes } from './routes/watch.ts';
import type { ServedApp } from './server.ts';
import { onlyKnownForms, recognise, sameOrigin } from './session.ts';
import { isSecure } from './session-cookie.ts';
import { makeSite, type SiteOptions } from './site.ts';
import { chooseTheme } from './theme.ts';
import { isWhoPending, NOBODY, setWho, whoOf } from './who.ts';

/**
 * The web application: pages for people, each also as JSON. Reads only, and sets no cookie but the reader's theme.
 * Makes nothing and opens nothing; a request can be tried with `app.request('/path')`.
 */
export function createApp(options: SiteOptions): ServedApp {
  const site = makeSite(options);
  const secure = isSecure(site);
  const app = new Hono();
  // From the outside in: what every answer gets, then what is refused, then what is answered.
  app.use(headers(secure));
  app.use(compress());
  // A stream has no end of which a hash could be made.
  app.use(except('/live', etags()));
  app.use(sayWhen(site));
  app.use(checkRequest);
  app.use(findAddress(site.config));
  app.use(chooseTheme({ secure }));
  // Machines and browsers ask these; nobody has to be known for them.
  serviceRoutes(app, site);
  app.use(onlyKnownForms(app));
  app.use(sameOrigin(site));
  app.use(recognise(site));
  for (const add of [
    signInRoutes,
    signInPasskeyRoutes,
    signInProviderRoutes,
    signUpRoutes,
    recoverRoutes,
    accountRoutes,
    mailRoutes,
    peopleRoutes,
    accountsRoutes,
    liveRoutes,
    presenceRoutes,
    changesRoutes,
    proposalRoutes,
    eventRoutes,
    keysRoutes,
    homeRoutes,
    roundupRoutes,
    queueRoutes,
    threadRoutes,
    campaignRoutes,
    numberRoutes,
    rulesRoutes,
    reportFormRoutes,
    intakeRoutes,
    issuesRoutes,
    newIssueRoutes,
    issueRoutes,
    issueDeedRoutes,
    watchRoutes,
    packagesRoutes,
    packageRoutes,
    channelsRoutes,
    channelRoutes,
    compareRoutes,
    gateRoutes,
    insightRoutes,
    reportRoutes,
    sourcesRoutes,
    searchRoutes,
    shortAddressRoutes,
    feedRoutes,
    apiPageRoutes,
    vulnerabilityRoutes,
  ])
    add(app, site);
  apiRoutes(app, site, {
    whoOf,
    addressOf: networkOf,
    readJson,
    isJson,
    cacheControl: CACHE_CONTROL,
  });
  app.notFound((c) =>
    isApi(c)
      ? answerProblem(c, site, new MusterError('NOT_FOUND', 'nothing stands there'))
      : sendNotFound(c, site),
  );
  app.onError((error, c) => {
    // What failed before anybody knew who asked is answered to a visitor.
    if (isWhoPending(c)) setWho(c, NOBODY);
    return isApi(c) ? answerProblem(c, site, error) : answerFailure(c, site, error);
  });
  return Object.assign(app, { endStreams: () => site.live.close() });
}

function isApi(c: Context): boolean {
  return c.req.path.startsWith(`${API_ADDRESS}/`);
}

function headers(secure: boolean) {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      connectSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [], usb: [] },
    // Only where the team says that others reach it by https; other hosts of the domain are not ours to decide on.
    strictTransportSecurity: secure ? 'max-age=15552000' : false,
    xFrameOptions: 'DENY',
    // Raw documents bring a stricter policy of their own.
    overwrite: false,
  });
}
