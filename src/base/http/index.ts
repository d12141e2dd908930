export { type Downloaded, download } from './download.ts';
export { type SmallFetchOptions, type SmallRequest, smallFetch } from './small-fetch.ts';
