import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { secureHeaders } from 'hono/secure-headers';
import { answerFailure } from './failures.ts';
import { checkRequest } from './request-checks.ts';
import { channelRoutes } from './routes/channel.ts';
import { channelsRoutes } from './routes/channels.ts';
import { homeRoutes } from './routes/home.ts';
import { issueRoutes } from './routes/issue.ts';
import { issuesRoutes } from './routes/issues.ts';
import { sendNotFound } from './routes/not-found.ts';
import { packageRoutes } from './routes/package.ts';
import { packagesRoutes } from './routes/packages.ts';
import { reportRoutes } from './routes/report.ts';
import { roundupRoutes } from './routes/roundups.ts';
import { searchRoutes } from './routes/search.ts';
import { serviceRoutes } from './routes/service.ts';
import { shortAddressRoutes } from './routes/short-addresses.ts';
import { sourcesRoutes } from './routes/sources.ts';
import { vulnerabilityRoutes } from './routes/vulnerability.ts';
import { makeSite, type SiteOptions } from './site.ts';
import { chooseTheme } from './theme.ts';

/**
 * The web application: pages for people, each also as JSON. Reads only, and sets no cookie but the reader's theme.
 * Makes nothing and opens nothing; a request can be tried with `app.request('/path')`.
 */
export function createApp(options: SiteOptions): Hono {
  const site = makeSite(options);
  const secure = site.config.publicUrl?.startsWith('https:') ?? false;
  const app = new Hono();
  // From the outside in: what every answer gets, then what is refused, then what is answered.
  app.use(headers(secure));
  app.use(compress());
  app.use(etag());
  app.use(checkRequest);
  app.use(chooseTheme({ secure }));
  for (const add of [
    serviceRoutes,
    homeRoutes,
    roundupRoutes,
    issuesRoutes,
    issueRoutes,
    packagesRoutes,
    packageRoutes,
    channelsRoutes,
    channelRoutes,
    reportRoutes,
    sourcesRoutes,
    searchRoutes,
    shortAddressRoutes,
    vulnerabilityRoutes,
  ])
    add(app, site);
  app.notFound((c) => sendNotFound(c, site));
  app.onError((error, c) => answerFailure(c, site, error));
  return app;
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
