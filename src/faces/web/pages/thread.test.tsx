import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderPage } from '../markup/markup.ts';
