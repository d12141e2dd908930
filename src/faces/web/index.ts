export { createApp } from './app.ts';
export { loadAssets } from './assets.ts';
export { makeLog } from './log.ts';
export { closeOnSignals, type RunningServer, startServer } from './server.ts';
export { standaloneRoundup } from './standalone.ts';
