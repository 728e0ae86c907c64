import { describe, expect, it } from '@jest/globals';
import { mayAffectOwnEntities } from '../../src/scope/entity-match.js';
import type { OwnEntities } from '../../src/scope/own-entities.js';
import { createEvent, createOwnEntities } from '../fixtures.js';

const values = [
  'shop-db',
  'i-0abc',
  'pay',
  'https://sqs.eu-west-1.amazonaws.com/111122223333/returns',
  'arn:aws:sqs:eu-west-1:111122223333:orders',
  'arn:aws:ec2:eu-west-1:1:volume/vol-1',
  'arn:aws:ecs:eu-west-1:111122223333:service/prod/web',
  'batch-cluster',
];

const ownEntities = createOwnEntities(values);

const createEntity = (value: string) => ({ value, status: 'IMPAIRED', account: undefined });

const accountEvent = createEvent({ scope: 'ACCOUNT_SPECIFIC' });

describe('an account event', () => {
  it.each([
    ['our name', 'shop-db', true],
    ['our name in another case', 'Shop-DB', true],
    ['an ARN that ends in our name', 'arn:aws:rds:eu-west-1:111122223333:db:shop-db', true],
    ['an ARN that ends in our id', 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc', true],
    ['our ARN', 'arn:aws:sqs:eu-west-1:111122223333:orders', true],
    ['the name in our ARN', 'orders', true],
    ['the id in our ARN', 'vol-1', true],
    ['the queue at our URL', 'arn:aws:sqs:eu-west-1:111122223333:returns', true],
    ['a version of our function', 'arn:aws:lambda:eu-west-1:111122223333:function:pay:7', true],
    ['a function of another name', 'arn:aws:lambda:eu-west-1:111122223333:function:refund:7', false],
    ['another resource', 'i-0def', false],
    ['a name that ends like ours', 'old-shop-db', false],
    ['an ARN of another resource', 'arn:aws:rds:eu-west-1:111122223333:db:blog', false],
    ['our service', 'prod|web', true],
    ['our service by ARN', 'arn:aws:ecs:eu-west-1:111122223333:service/prod/web', true],
    ['our service by an older ARN', 'arn:aws:ecs:eu-west-1:111122223333:service/web', true],
    ['a service of the same name in another cluster', 'staging|web', false],
    ['another service of the cluster', 'prod|api', false],
    ['a service in our cluster', 'batch-cluster|api', true],
    ['the cluster of our service', 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod', true],
    ['another cluster', 'arn:aws:ecs:eu-west-1:111122223333:cluster/staging', false],
    ['a task in the cluster of our service', 'arn:aws:ecs:eu-west-1:111122223333:task/prod/0a1b', true],
    ['a task in our cluster', 'arn:aws:ecs:eu-west-1:111122223333:task/batch-cluster/0a1b', true],
    ['a task of an unknown cluster', 'arn:aws:ecs:eu-west-1:111122223333:task/0a1b', true],
    ['a task in another cluster', 'arn:aws:ecs:eu-west-1:111122223333:task/staging/0a1b', false],
    ['the whole account', 'AWS_ACCOUNT', true],
    ['an account id', '111122223333', true],
    ['an unknown extent', 'UNKNOWN', true],
    ['nothing at all', ' ', true],
  ])('that affects %s (%s) may affect us: %p', (_fact, value, expected) => {
    expect(mayAffectOwnEntities(accountEvent, [createEntity(value)], ownEntities)).toBe(expected);
  });

  it('may affect us when one of its entities is ours', () => {
    expect(mayAffectOwnEntities(accountEvent, [createEntity('i-0def'), createEntity('i-0abc')], ownEntities)).toBe(
      true,
    );
  });

  it('may affect us when it lists no entities', () => {
    expect(mayAffectOwnEntities(accountEvent, [], ownEntities)).toBe(true);
  });
});

it.each([
  ['an instance', 'i-0def', { hasHiddenInstances: true }],
  ['an instance by ARN', 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0def', { hasHiddenInstances: true }],
  ['an instance', 'i-0def', { groups: ['web'] }],
  ['a volume', 'vol-0def', { hasHiddenDevices: true }],
  ['a volume by ARN', 'arn:aws:ec2:eu-west-1:111122223333:volume/vol-0def', { hasHiddenDevices: true }],
  ['a network interface', 'eni-0def', { hasHiddenDevices: true }],
])('%s (%s) may be ours with %p', (_kind, value, hidden) => {
  const isOwn = (own: OwnEntities) => mayAffectOwnEntities(accountEvent, [createEntity(value)], own);
  expect([isOwn({ ...ownEntities, ...hidden }), isOwn(ownEntities)]).toEqual([true, false]);
});

it('a public event may always affect us', () => {
  expect(mayAffectOwnEntities(createEvent(), [createEntity('i-0def')], ownEntities)).toBe(true);
});
