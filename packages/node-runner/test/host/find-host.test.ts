import { describe, expect, it } from '@jest/globals';
import { createAnnotation } from '../../src/commands/annotation.js';
import type { LogEntry } from '../../src/commands/command-processor.js';
import { CLEAR_LINE, createHost, ENVIRONMENTS, ERROR_ENTRY } from './host-harness.js';

const notice: LogEntry = { kind: 'annotation', annotation: createAnnotation('notice', 'so') };
const hostile = '::error::x ##vso[task.setvariable variable=A]b ##[error]c \u001b[0Ksection_start:1:x\r\u001b[0K';

describe('findHost', () => {
  it.each(Object.entries(ENVIRONMENTS))('detects %s by its variables', (name, env) => {
    expect(createHost(env).host.name).toBe(name);
  });

  it.each(Object.entries(ENVIRONMENTS))('prints no commands of actions on %s', (_, env) => {
    const { host, getOutput } = createHost(env);
    host.show({ kind: 'line', message: hostile });
    host.show({ kind: 'group', message: hostile });
    host.close();
    const ownOutput = getOutput()
      .replaceAll(/^::group::|^##\[group\]/gm, '')
      .split(/section_\w+:1700000000:delivery_1\r/)
      .join('')
      .replaceAll(CLEAR_LINE, '');
    expect(ownOutput).not.toContain('\u001b');
    expect(ownOutput).not.toMatch(/##vso\[|##\[|section_start:1:x\r/);
    if (host.name === 'github') expect(ownOutput).not.toMatch(/^::/m);
  });

  it.each<[string, readonly string[]]>([
    [
      'github',
      [
        '::group::G',
        'in',
        '::endgroup::',
        '::debug::d',
        '::error title=T,file=a%2Cb.yml,line=3,col=2::a; b]%0A100%25',
        '::notice::so',
      ],
    ],
    [
      'azure-devops',
      [
        '##[group]G',
        'in',
        '##[endgroup]',
        '##[debug]d',
        '##vso[task.logissue type=error;sourcepath=a,b.yml;linenumber=3;columnnumber=2;]T: a; b]%0A100%AZP25',
        'notice: so',
      ],
    ],
    [
      'gitlab',
      [
        '\u001b[0Ksection_start:1700000000:delivery_1\r\u001b[0KG',
        'in',
        '\u001b[0Ksection_end:1700000000:delivery_1\r\u001b[0K',
        'debug: d',
        'error: T: a; b]',
        '100% (a,b.yml:3)',
        'notice: so',
      ],
    ],
    ['shell', ['G', '  in', 'debug: d', 'error: T: a; b]', '100% (a,b.yml:3)', 'notice: so']],
  ])('prints groups, debug messages and annotations in the form of %s', (name, lines) => {
    const { host, getOutput } = createHost(ENVIRONMENTS[name] ?? {});
    const entries: readonly LogEntry[] = [
      { kind: 'group', message: 'G' },
      { kind: 'line', message: 'in' },
      { kind: 'endgroup' },
    ];
    for (const entry of [...entries, { kind: 'debug', message: 'd' } as const, ERROR_ENTRY, notice]) host.show(entry);
    host.close();
    expect(getOutput()).toBe(lines.map((line) => `${line}\n`).join(''));
  });

  it.each<[string, string]>([
    ['github', '::add-mask::a%0Ab\n'],
    ['azure-devops', '##vso[task.setsecret]a\n##vso[task.setsecret]b\n'],
    ['gitlab', ''],
    ['shell', ''],
  ])('registers a secret with %s if supported', (name, output) => {
    const { host, getOutput } = createHost(ENVIRONMENTS[name] ?? {});
    host.hide('a\nb');
    expect(getOutput()).toBe(output);
  });
});
