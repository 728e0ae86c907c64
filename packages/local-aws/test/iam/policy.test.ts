import { describe, expect, it } from '@jest/globals';
import { createConditionContext } from '../../src/iam/authorisation.js';
import { evaluatePolicies, type PolicyDecision, policySchema } from '../../src/iam/policy.js';

type Statement = Record<string, unknown>;

const evaluate = (
  statements: Statement | Statement[],
  action: string,
  resource = 'arn:aws:s3:::b/k',
  keys = {},
): PolicyDecision =>
  evaluatePolicies([policySchema.parse({ Version: '2012-10-17', Statement: statements })], {
    action,
    resource,
    context: createConditionContext(keys),
  });

const allow = (fields: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: '*',
  ...fields,
});

describe('evaluatePolicies', () => {
  it.each<[string, Statement | Statement[], string, PolicyDecision]>([
    ['an exact action', allow(), 's3:GetObject', 'allow'],
    ['another action', allow(), 's3:PutObject', 'implicit-deny'],
    ['an action in another case', allow({ Action: 'S3:getobject' }), 's3:GetObject', 'allow'],
    ['a wildcard action', allow({ Action: ['s3:Get*'] }), 's3:GetObject', 'allow'],
    ['a question mark', allow({ Action: 's3:?etObject' }), 's3:GetObject', 'allow'],
    ['all actions except one', allow({ Action: undefined, NotAction: 's3:Put*' }), 's3:GetObject', 'allow'],
    ['an excluded action', allow({ Action: undefined, NotAction: 's3:Get*' }), 's3:GetObject', 'implicit-deny'],
    [
      'an excluded resource',
      allow({ Resource: undefined, NotResource: 'arn:aws:s3:::b/*' }),
      's3:GetObject',
      'implicit-deny',
    ],
    ['a deny beside an allow', [allow(), allow({ Effect: 'Deny' })], 's3:GetObject', 'deny'],
    ['a deny of another action', [allow(), allow({ Effect: 'Deny', Action: 's3:Put*' })], 's3:GetObject', 'allow'],
  ])('evaluates %s', (_, statements, action, expected) => {
    expect(evaluate(statements, action)).toBe(expected);
  });

  it('expands policy variables from the context', () => {
    const statement = allow({ Resource: 'arn:aws:s3:::b/${aws:PrincipalTag/team}/*' });
    expect(evaluate(statement, 's3:GetObject', 'arn:aws:s3:::b/red/k', { 'aws:PrincipalTag/team': 'red' })).toBe(
      'allow',
    );
    expect(evaluate(statement, 's3:GetObject', 'arn:aws:s3:::b/blue/k', { 'aws:PrincipalTag/team': 'red' })).toBe(
      'implicit-deny',
    );
    expect(evaluate(statement, 's3:GetObject', 'arn:aws:s3:::b/red/k')).toBe('implicit-deny');
  });

  const keys = {
    'a:text': 'Main',
    'a:number': '5',
    'a:flag': 'true',
    'a:time': '2026-06-01T00:00:00Z',
    'a:list': ['x', 'y'],
  };

  it.each<[string, Record<string, unknown>, boolean]>([
    ['StringEquals', { 'a:text': 'Main' }, true],
    ['StringEquals', { 'a:text': ['Other', 'Main'] }, true],
    ['StringEquals', { 'a:text': 'main' }, false],
    ['StringEquals', { 'A:TEXT': 'Main' }, true],
    ['StringEquals', { 'a:none': 'x' }, false],
    ['StringEqualsIfExists', { 'a:none': 'x' }, true],
    ['StringEqualsIgnoreCase', { 'a:text': 'main' }, true],
    ['StringNotEquals', { 'a:text': 'Other' }, true],
    ['StringNotEquals', { 'a:text': ['Other', 'Main'] }, false],
    ['StringNotEquals', { 'a:none': 'x' }, true],
    ['StringNotEqualsIgnoreCase', { 'a:text': 'main' }, false],
    ['StringLike', { 'a:text': 'M*n' }, true],
    ['StringLike', { 'a:text': 'm*n' }, false],
    ['StringNotLike', { 'a:text': 'M*n' }, false],
    ['NumericEquals', { 'a:number': 5 }, true],
    ['NumericLessThan', { 'a:number': 5 }, false],
    ['NumericLessThanEquals', { 'a:number': '5' }, true],
    ['NumericGreaterThan', { 'a:number': '4' }, true],
    ['DateLessThan', { 'a:time': '2026-07-01T00:00:00Z' }, true],
    ['DateGreaterThan', { 'a:time': '2026-07-01T00:00:00Z' }, false],
    ['DateGreaterThan', { 'a:time': '1700000000' }, true],
    ['Bool', { 'a:flag': true }, true],
    ['Bool', { 'a:flag': 'false' }, false],
    ['Null', { 'a:none': true }, true],
    ['Null', { 'a:text': 'true' }, false],
    ['Null', { 'a:text': false }, true],
    ['ForAnyValue:StringEquals', { 'a:list': ['y', 'z'] }, true],
    ['ForAnyValue:StringEquals', { 'a:none': 'y' }, false],
    ['ForAllValues:StringEquals', { 'a:list': ['x', 'y', 'z'] }, true],
    ['ForAllValues:StringEquals', { 'a:list': ['x'] }, false],
    ['ForAllValues:StringEquals', { 'a:none': ['x'] }, true],
    ['ForAnyValue:StringNotEquals', { 'a:list': 'x' }, true],
    ['ForAllValues:StringNotEquals', { 'a:list': 'x' }, false],
  ])('evaluates %s %j to %s', (operator, condition, expected) => {
    expect(evaluate(allow({ Condition: { [operator]: condition } }), 's3:GetObject', undefined, keys)).toBe(
      expected ? 'allow' : 'implicit-deny',
    );
  });

  it('requires all operators and all keys to match', () => {
    const createStatement = (flag: string) =>
      allow({ Condition: { StringEquals: { 'a:text': 'Main' }, Bool: { 'a:flag': flag } } });
    expect(evaluate(createStatement('true'), 's3:GetObject', undefined, keys)).toBe('allow');
    expect(evaluate(createStatement('false'), 's3:GetObject', undefined, keys)).toBe('implicit-deny');
  });

  it.each([
    ['an unknown operator', allow({ Condition: { StringMatches: { a: 'b' } } })],
    ['an unknown element', allow({ Actions: 's3:*' })],
    ['an unknown effect', allow({ Effect: 'Permit' })],
  ])('rejects %s', (_, statement) => {
    expect(policySchema.safeParse({ Statement: statement }).success).toBe(false);
  });

  it('parses JSON text', () => {
    expect(policySchema.parse(JSON.stringify({ Statement: allow() })).Statement).toHaveLength(1);
    expect(policySchema.safeParse('{').success).toBe(false);
  });
});

describe('evaluatePolicies with a principal', () => {
  const evaluatePrincipal = (Principal: unknown, kind: 'AWS' | 'Federated' | 'Service' = 'AWS') =>
    evaluatePolicies([policySchema.parse({ Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal } })], {
      action: 'sts:AssumeRole',
      resource: 'arn:aws:iam::1:role/r',
      context: createConditionContext({}),
      principal: { kind, names: ['arn:aws:iam::1:role/caller'], accountNames: ['arn:aws:iam::1:root', '1'] },
    });

  it.each<[string, unknown, PolicyDecision]>([
    ['everyone', '*', 'allow'],
    ['every AWS principal', { AWS: '*' }, 'allow'],
    ['the caller', { AWS: ['arn:aws:iam::1:role/caller'] }, 'allow'],
    ['the account by its root', { AWS: 'arn:aws:iam::1:root' }, 'account-delegated'],
    ['the account by its number', { AWS: '1' }, 'account-delegated'],
    ['another account', { AWS: 'arn:aws:iam::2:root' }, 'implicit-deny'],
    ['a service', { Service: 'cloudformation.amazonaws.com' }, 'implicit-deny'],
  ])('evaluates a policy for %s', (_, principal, expected) => {
    expect(evaluatePrincipal(principal)).toBe(expected);
  });

  it('applies a wildcard only to its own kind of principal', () => {
    expect(evaluatePrincipal({ AWS: '*' }, 'Federated')).toBe('implicit-deny');
  });
});
