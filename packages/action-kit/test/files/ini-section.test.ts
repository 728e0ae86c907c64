import { describe, expect, it } from '@jest/globals';
import { formatSection } from '../../src/files/ini-section.js';

describe('a section of an AWS configuration file', () => {
  it('has one line for each setting', () => {
    expect(formatSection('profile dev', { region: 'eu-central-1', aws_secret_access_key: 'a/b+c=#;' })).toBe(
      '[profile dev]\nregion = eu-central-1\naws_secret_access_key = a/b+c=#;\n',
    );
  });

  it.each(['\n', '\r', '\r\n', '\u0000', '\u001b', '\u0085', '\u2028', '\u2029', '\v', '\f'])(
    'is rejected when a value contains %j, without the value in the message',
    (character) => {
      const write = () => formatSection('dev', { aws_secret_access_key: `secret${character}[other]` });
      expect(write).toThrow(
        "'aws_secret_access_key' cannot be written to an AWS configuration file: remove line breaks",
      );
      expect(write).not.toThrow('secret[');
    },
  );

  it.each([' # x', '\u00a0; x', '#'])('is rejected when a value contains the comment %j', (value) => {
    expect(() => formatSection('dev', { credential_process: value })).toThrow('remove # and ; after spaces');
  });

  it.each(['a]\n[b', 'a]b', '[a', '', ' ', 'a\rb'])('is rejected with the name %j', (name) => {
    expect(() => formatSection(name, {})).toThrow('cannot be written to an AWS configuration file');
  });

  it('is rejected with a setting that is not a word', () => {
    expect(() => formatSection('dev', { 'a = b\nc': 'd' })).toThrow('its name must contain only letters');
  });
});
