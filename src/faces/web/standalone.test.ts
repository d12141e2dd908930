import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SAMPLE_ROUNDUP } from './pages/sample-pages.tsx';
import { standaloneRoundup } from './standalone.ts';
