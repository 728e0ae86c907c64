import { describe, expect, it } from '@jest/globals';
import { STYLE } from '../../src/publish/report-style.js';

type Colours = Readonly<Record<string, string>>;

/** Parses `#fff` or `#ffffff` to red, green and blue from 0 to 1. */
const parseChannels = (colour: string): readonly number[] => {
  const digits = colour.slice(1);
  const long = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  return [0, 2, 4].map((at) => Number.parseInt(long.slice(at, at + 2), 16) / 255);
};

/** Relative luminance (WCAG 2.2). */
const computeLuminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = parseChannels(colour).map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const computeContrast = (first: string, second: string): number => {
  const [light = 0, dark = 0] = [computeLuminance(first), computeLuminance(second)].sort((left, right) => right - left);
  return (light + 0.05) / (dark + 0.05);
};

const parseScheme = (start: number): Colours =>
  Object.fromEntries(
    [...STYLE.slice(start, STYLE.indexOf('}', start)).matchAll(/--(\w+): (#\w+)/gu)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );

describe.each([
  ['light', parseScheme(STYLE.indexOf(':root'))],
  ['dark', parseScheme(STYLE.indexOf('prefers-color-scheme: dark'))],
])('in the %s scheme', (_, colours) => {
  const tones = ['critical', 'high', 'medium', 'low', 'info', 'none'].map((tone) => [tone, 'card']);
  const heads = ['passed', 'blocked', 'unknown', 'critical', 'high', 'medium', 'low', 'info'].map((tone) => [
    tone,
    'background',
  ]);
  const texts = ['text', 'soft', 'link'].flatMap((text) =>
    ['background', 'card', 'highlight'].map((background) => [text, background]),
  );
  it.each([...tones, ...heads, ...texts])('%s has a contrast above 4.5 on %s', (text = '', background = '') => {
    expect(computeContrast(colours[text] ?? '#000', colours[background] ?? '#000')).toBeGreaterThan(4.5);
  });
});
