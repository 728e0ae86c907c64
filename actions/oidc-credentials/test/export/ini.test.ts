import { formatSection } from '@aws-delivery/action-kit/files/ini-section';
import { describe, expect, it } from '@jest/globals';
import { findSection, removeSection, replaceSection } from '../../src/export/ini.js';

const CONTENT = '; top\n[default]\na = 1\n\n[ profile  dev ]\r\nb = [not a header]\r\n# end\n[profile last]\nc = 2';

describe('sections of an ini file', () => {
  it('are found with any blanks in the header, up to the next header', () => {
    expect(findSection(CONTENT, 'profile dev')).toBe('[ profile  dev ]\r\nb = [not a header]\r\n# end\n');
    expect(findSection(CONTENT, 'profile last')).toBe('[profile last]\nc = 2');
    expect(findSection(CONTENT, 'dev')).toBeUndefined();
    expect(findSection('', 'default')).toBeUndefined();
  });

  it('are replaced in place', () => {
    const section = formatSection('profile dev', { region: 'x' });
    expect(replaceSection(CONTENT, 'profile dev', section)).toBe(
      '; top\n[default]\na = 1\n\n[profile dev]\nregion = x\n[profile last]\nc = 2',
    );
  });

  it('are appended on a new line', () => {
    expect(replaceSection('[a]\nb = 1', 'c', '[c]\n')).toBe('[a]\nb = 1\n[c]\n');
    expect(replaceSection('', 'c', '[c]\n')).toBe('[c]\n');
  });

  it('are removed completely', () => {
    expect(removeSection(CONTENT, 'profile dev')).toBe('; top\n[default]\na = 1\n\n[profile last]\nc = 2');
    expect(removeSection(CONTENT, 'absent')).toBe(CONTENT);
    expect(removeSection(replaceSection(`${CONTENT}\n`, 'new', '[new]\n'), 'new')).toBe(`${CONTENT}\n`);
  });
});
