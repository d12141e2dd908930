import type { Source } from '../source.ts';
import { alasRss } from './rss.ts';
import { amazonUpdateinfo } from './updateinfo.ts';

/** Amazon Linux: advisories (ALAS) of its four lines. */
export const amazon: Source = {
  id: 'amazon',
  aliases: ['amazon-linux', 'alas'],
  title: 'Amazon Linux Security Center',
  homepage: 'https://alas.aws.amazon.com/',
  licence: {
    name: 'no statement',
    url: 'https://alas.aws.amazon.com/faqs.html',
    attribution: 'Amazon Web Services, https://alas.aws.amazon.com/',
  },
  version: 2,
  expectEveryHours: 168,
  usualPerWeek: [5, 300],
  proven: true,
  maxRemovedShare: 0.02,
  formats: [amazonUpdateinfo, alasRss],
  // The list's own address has to be asked for: mirror.list, repomd.xml, updateinfo.xml.gz. See readme.md.
  feeds: [],
};
