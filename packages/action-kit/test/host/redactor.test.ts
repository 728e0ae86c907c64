import { describe, expect, it } from '@jest/globals';
import { createRedactor } from '../../src/host/redactor.js';
import { code, escapeHtml, escapeMarkdown } from '../../src/report/markdown.js';

const SECRET = 'p@ss/w+rd "q" & <é>';

describe('createRedactor', () => {
  it.each([
    ['unchanged', (secret: string) => secret],
    ['in JSON', (secret: string) => JSON.stringify({ password: secret })],
    ['in JSON in JSON', (secret: string) => JSON.stringify(JSON.stringify({ password: secret }))],
    ['in a URL', (secret: string) => `https://x.example/?p=${encodeURIComponent(secret)}`],
    ['in a form', (secret: string) => new URLSearchParams({ p: secret }).toString().replace(/%26/gu, '%26')],
    ['in base64', (secret: string) => Buffer.from(secret).toString('base64')],
    ['in URL-safe base64', (secret: string) => Buffer.from(secret).toString('base64url')],
    ['in basic credentials', (secret: string) => Buffer.from(`user:${secret}`).toString('base64')],
    ['in base64, one byte off', (secret: string) => Buffer.from(`x${secret}`).toString('base64')],
    ['in base64 of a longer text', (secret: string) => Buffer.from(`ab${secret} and more`).toString('base64')],
    ['in HTML', escapeHtml],
    ['in Markdown', escapeMarkdown],
    ['in Markdown code', (secret: string) => code(secret).markdown],
  ])('finds a secret %s', (_, encode) => {
    const redacted = createRedactor([SECRET]).redact(`before ${encode(SECRET)} after`);
    expect(redacted).toMatch(/^before .*\*\*\*.* after$/u);
    expect(redacted).not.toContain(encode(SECRET));
    expect(redacted).not.toContain('w+rd');
  });

  it('finds every line of a multi-line secret', () => {
    const { redact } = createRedactor(['-----BEGIN KEY-----\r\n  abcdefgh\nijklmnop\n-----END KEY-----\n']);
    expect(redact('x abcdefgh y ijklmnop z')).toBe('x *** y *** z');
  });

  it('redacts secrets that contain, overlap or follow each other', () => {
    const { redact } = createRedactor(['token', 'token-long', 'abcd12', '12efgh']);
    expect(redact('token-long, token, abcd12efgh, tokentoken')).toBe('***, ***, ***, ***');
  });

  it.each(['', ' ', 'yes', '123', '\n'])('ignores %j', (secret) => {
    expect(createRedactor([secret]).redact('yes 123 \n')).toBe('yes 123 \n');
  });

  it('accepts secrets after its creation', () => {
    const redactor = createRedactor();
    expect(redactor.redact('hunter22')).toBe('hunter22');
    redactor.add('hunter22');
    expect(redactor.redact('hunter22')).toBe('***');
  });

  it('does not interpret a secret as a pattern', () => {
    expect(createRedactor(['a.*b$1']).redact('aXXb$1 a.*b$1')).toBe('aXXb$1 ***');
  });
});
