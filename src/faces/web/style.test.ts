import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

const css = readFileSync(join(import.meta.dirname, 'style.css'), 'utf8');

/** Tokens of one scheme: name → colour. */
function tokens(scheme: 0 | 1): Map<string, string> {
  const pairs = css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g);
  return new Map([...pairs].map((match) => [match[1] ?? '', (scheme === 0 ? match[2] : match[3]) ?? '']));
}

/** Contrast ratio of two colours (WCAG 2.2, 1.4.3). */
function contrast(a: string, b: string): number {
  const [bright = 0, dim = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (bright + 0.05) / (dim + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe('the sheet', () => {
  for (const scheme of [0, 1] as const)
    test(`text can be read ${scheme === 0 ? 'by light' : 'in the dark'}: at least 4.5 to 1`, () => {
      const colours = tokens(scheme);
      const grounds = ['paper', 'raised', 'sunk'];
      const inks = ['ink', 'ink-soft', 'ink-faint', 'accent', 'affected', 'fine', 'unknown'];
      for (const ground of grounds)
        for (const ink of inks) {
          const ratio = contrast(colours.get(ink) ?? '#000000', colours.get(ground) ?? '#000000');
          assert.ok(ratio >= 4.5, `${ink} on ${ground}: ${ratio.toFixed(2)}`);
        }
    });

  test('loads nothing', () => {
    assert.doesNotMatch(css, /url\(|@import|image-set/);
  });
});
