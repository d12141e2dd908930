import { goldenTest } from '../golden.ts';
import { amazon } from './amazon.ts';

goldenTest(amazon, import.meta.dirname, {
  folders: ['amazon'],
  foreign: [
    'amazon/PROVENANCE.md',
    // Pages for people.
    /^amazon\/alas-html-rss\/(?:\w+_html\/|mock_html$)/,
    /\/repomd\w*\.xml$/,
  ],
  refused: [
    'amazon/updateinfo/updateinfo_invalid_gzip.xml.gz: truncated',
    'amazon/updateinfo/updateinfo_invalid_xml.xml.gz: empty',
  ],
});
