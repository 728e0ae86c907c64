import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findServices, KNOWN_SERVICES } from '../../src/scope/resource-services.js';
import { listNewerCodes, NEWER_SERVICES, PUBLISHED_CODES } from '../../src/scope/service-codes.js';
import { NAMESPACE_SERVICES, TYPE_SERVICES } from '../../src/scope/service-map.js';

const readLines = (name: string): readonly string[] =>
  readFileSync(join(import.meta.dirname, name), 'utf8')
    .trim()
    .split('\n');

describe('the services of a resource type', () => {
  it.each([
    ['AWS::RDS::DBInstance', ['RDS']],
    ['AWS::EC2::NatGateway', ['NATGATEWAY', 'VPC']],
    ['AWS::EC2::TransitGateway', ['TRANSIT_GATEWAY', 'VPC']],
    ['AWS::EC2::TransitGatewayMulticastDomain', ['TRANSIT_GATEWAY', 'VPC']],
    ['AWS::EC2::Instance', ['EC2', 'EBS', 'VPC']],
    ['AWS::EC2::SecurityGroup', ['EC2', 'VPC']],
    ['AWS::EFS::FileSystem', ['ELASTICFILESYSTEM']],
    ['AWS::KinesisVideo::Stream', ['KINESIS_VIDEO']],
    ['AWS::VerifiedPermissions::Policy', ['VERIFIED_PERMISSIONS']],
    ['AWS::DevOpsGuru::ResourceCollection', ['DEVOPS-GURU']],
    ['AWS::SystemsManagerSAP::Application', ['SSM-SAP', 'SSM']],
    ['AWS::StepFunctions::StateMachine', ['STATES']],
    ['AWS::Serverless::SimpleTable', ['DYNAMODB']],
    ['AWS::CloudFormation::WaitCondition', ['CLOUDFORMATION']],
    ['AWS::CloudFormation::Stack', ['CLOUDFORMATION']],
    ['AWS::QBusiness::Index', ['Q-BUSINESS', 'QBUSINESS', 'Q_BUSINESS']],
    [
      'AWS::OpenSearchServerless::Collection',
      ['ES', 'AOSS', 'OPENSEARCH-SERVERLESS', 'OPENSEARCHSERVERLESS', 'OPENSEARCH_SERVERLESS'],
    ],
    ['Custom::Seed', ['LAMBDA', 'SNS']],
    ['AWS::CloudFormation::CustomResource', ['LAMBDA', 'SNS']],
  ])('%s are %j', (type, services) => {
    expect(findServices(type)).toEqual(services);
  });

  it.each(['Acme::Monitoring::Check', 'AWS::NewThing::Box', 'AWS::toString::X', ''])('of %p are undefined', (type) => {
    expect(findServices(type)).toBeUndefined();
  });

  it('are codes that AWS has published, or newer ones with a source', () => {
    const published = readLines('health-service-codes.tsv')
      .filter((line) => !line.startsWith('#'))
      .map((line) => line.split('\t')[0]);
    expect(PUBLISHED_CODES).toEqual(published);
    const codes = [...Object.values(NAMESPACE_SERVICES), ...Object.values(TYPE_SERVICES)].flat();
    expect(codes.filter((code) => !KNOWN_SERVICES.includes(code))).toEqual([]);
  });

  it('that are newer than the list are all spellings of names with a source', () => {
    const normalize = (name: string) => name.toUpperCase().replaceAll(/[-_]/g, '');
    const published = PUBLISHED_CODES.map(normalize);
    for (const [namespace, { names, source }] of Object.entries(NEWER_SERVICES)) {
      expect(names.filter((name) => published.includes(normalize(name)))).toEqual([]);
      expect(source).toMatch(/^CloudFormation/);
      expect(listNewerCodes(namespace)).toEqual(expect.arrayContaining(names.map((name) => name.toUpperCase())));
    }
  });

  it('exist for every type that cfn-lint knows', () => {
    const types = readLines('cloudformation-types.txt').filter((type) => type.startsWith('AWS::'));
    expect(types.length).toBeGreaterThan(1800);
    expect(types.filter((type) => findServices(type) === undefined)).toEqual([]);
  });
});
