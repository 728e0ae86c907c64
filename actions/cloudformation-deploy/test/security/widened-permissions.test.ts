import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { SecurityResource } from '../../src/security/grant.js';
import { findWidenedPermissions } from '../../src/security/widened-permissions.js';

type Resources = Readonly<
  Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
>;

interface Pair {
  readonly name: string;
  readonly broadened: boolean;
  readonly before: Resources;
  readonly after: Resources;
}

const corpus: { readonly pairs: readonly Pair[] } = JSON.parse(
  readFileSync(new URL('cdk-verdicts.json', import.meta.url), 'utf8'),
);

const toResources = (resources: Resources): readonly SecurityResource[] =>
  Object.entries(resources).map(([path, { Type: type, Properties: properties = {} }]) => ({ path, type, properties }));

const findTexts = (before: Resources, after: Resources): readonly string[] =>
  findWidenedPermissions(toResources(before), toResources(after)).map(({ path, text }) => `${path}: ${text}`);

/** The CDK compares whole statements and rules: a narrower one is a new one to it. */
const NARROWER: readonly string[] = [
  'a narrower topic policy',
  'a new Sid',
  'a new condition',
  'fewer actions',
  'fewer addresses',
  'fewer ports',
  'fewer resources',
  'one action of a service',
  'split statements',
];

/** Access that the CDK does not look at, and NotAction, which it takes for a restriction. */
const BEYOND_CDK: readonly string[] = [
  'not an action',
  'a bucket that lets the public in',
  'a bucket without its block of public access',
  'a function URL without authorization',
  'a public database',
  'no permissions boundary',
];

describe('against the verdicts of the AWS CDK', () => {
  it.each(corpus.pairs)('$name', ({ name, broadened, before, after }) => {
    const expected = BEYOND_CDK.includes(name) || (broadened && !NARROWER.includes(name));
    expect([name, findTexts(before, after).length > 0]).toEqual([name, expected]);
  });
});

describe('findWidenedPermissions', () => {
  const role = (Properties: Readonly<Record<string, unknown>>) => ({ R: { Type: 'AWS::IAM::Role', Properties } });
  const policy = (statement: Readonly<Record<string, unknown>>, Roles: readonly unknown[] = [{ Ref: 'R' }]) => ({
    P: { Type: 'AWS::IAM::Policy', Properties: { Roles, PolicyDocument: { Statement: [statement] } } },
  });
  const read = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' };

  it('names only what is new in a statement', () => {
    const wider = { ...read, Action: ['s3:GetObject', 's3:PutObject'] };
    expect(findTexts(policy(read), policy(wider))).toEqual(['P: Allow s3:putobject on arn:aws:s3:::a/*']);
  });

  it('accepts a statement that moves between the policies of one role, and no other role', () => {
    const inline = role({ Policies: [{ PolicyDocument: { Statement: read } }] });
    expect(findTexts(inline, { ...role({}), ...policy(read) })).toEqual([]);
    expect(findTexts(inline, { ...inline, ...policy(read, [{ Ref: 'Other' }]) })).toHaveLength(1);
  });

  it('reads policies in strings, and compares the case of actions only', () => {
    const text = (statement: object) => ({
      D: { Type: 'AWS::Corp::Thing', Properties: { Access: JSON.stringify({ Statement: [statement] }) } },
    });
    expect(findTexts(text(read), text({ ...read, Action: 'S3:getobject' }))).toEqual([]);
    expect(findTexts(text(read), text({ ...read, Resource: 'arn:aws:s3:::A/*' }))).toHaveLength(1);
  });

  it.each([
    ['a wildcard that the pattern does not cover', 's3:Get?', 's3:Get*', 1],
    ['a pattern within a pattern', 's3:*', 's3:Get*Object', 0],
    ['a pattern that overlaps', 's3:Get*', 's3:*Object', 1],
  ])('compares %s', (_, before, after, count) => {
    const statement = (Action: string) => policy({ ...read, Action });
    expect(findTexts(statement(before), statement(after))).toHaveLength(count);
  });
});
