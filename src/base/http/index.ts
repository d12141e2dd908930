export { type HttpClient, type HttpClientOptions, makeHttpClient } from './client.ts';
export {
  type Downloaded,
  type DownloadedFile,
  type DownloadOptions,
  download,
  type Validators,
} from './download.ts';
export { type SmallFetchOptions, type SmallRequest, smallFetch } from './small-fetch.ts';
