import { describe, expect, it } from '@jest/globals';
import { sectionIn, sectionText, withoutSection, withSection } from '../src/ini.js';

const TEXT = '; top\n[default]\na = 1\n\n[ profile  dev ]\r\nb = [not a header]\r\n# end\n[profile last]\nc = 2';

describe('sections of an ini file', () => {
  it('are found whatever blanks their header has, with everything up to the next one', () => {
    expect(sectionIn(TEXT, 'profile dev')).toBe('[ profile  dev ]\r\nb = [not a header]\r\n# end\n');
    expect(sectionIn(TEXT, 'profile last')).toBe('[profile last]\nc = 2');
    expect(sectionIn(TEXT, 'dev')).toBeUndefined();
    expect(sectionIn('', 'default')).toBeUndefined();
  });

  it('are replaced in their place', () => {
    const section = sectionText('profile dev', { region: 'x' });
    expect(withSection(TEXT, 'profile dev', section)).toBe(
      '; top\n[default]\na = 1\n\n[profile dev]\nregion = x\n[profile last]\nc = 2',
    );
  });

  it('are added at the end, on a line of their own', () => {
    expect(withSection('[a]\nb = 1', 'c', '[c]\n')).toBe('[a]\nb = 1\n[c]\n');
    expect(withSection('', 'c', '[c]\n')).toBe('[c]\n');
  });

  it('go without a trace', () => {
    expect(withoutSection(TEXT, 'profile dev')).toBe('; top\n[default]\na = 1\n\n[profile last]\nc = 2');
    expect(withoutSection(TEXT, 'absent')).toBe(TEXT);
    expect(withoutSection(withSection(`${TEXT}\n`, 'new', '[new]\n'), 'new')).toBe(`${TEXT}\n`);
  });
});
