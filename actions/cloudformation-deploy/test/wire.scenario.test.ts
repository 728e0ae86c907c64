import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { runAction } from '@aws-delivery/action-kit/run';
import { createMemoryHost, type MemoryHost } from '@aws-delivery/action-kit/testing/memory-host';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definition } from '../action.js';
import { cloudformationDeploy } from '../src/cloudformation-deploy.js';
import { things } from './stage.js';
import { Workspace } from './workspace.js';

/**
 * What no emulator plays: that it reaches CloudFormation as its API has it, byte for byte, is what can be shown. The
 * answers are written by hand, from the API reference (awsQuery, 2010-05-15).
 */
const STACK_ID = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/1';
const result = (action: string, inner: string): string =>
  `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${action}Result>${inner}</${action}Result></${action}Response>`;
const stackIn = (status: string, more = ''): string =>
  `<Stacks><member><StackId>${STACK_ID}</StackId><StackName>shop</StackName><StackStatus>${status}</StackStatus>
   <CreationTime>2026-01-01T00:00:00Z</CreationTime>${more}</member></Stacks>`;
const refusal = (message: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${message}</Message></Error></ErrorResponse>`;

let stack = stackIn('CREATE_COMPLETE');
const setIn = (status: string, more = ''): string =>
  `<ChangeSetId>arn:set</ChangeSetId><ChangeSetName>set</ChangeSetName><StackId>${STACK_ID}</StackId>
   <Status>${status}</Status>${more}<Changes/>`;
let changeSet = setIn('CREATE_COMPLETE', '<ExecutionStatus>AVAILABLE</ExecutionStatus>');
/** Parameters of each call that was made, by action. */
const asked = new Map<string, URLSearchParams>();

const hooks = `<HookResults>
  <member><HookResultId>h1</HookResultId><TypeName>Corp::Guard</TypeName><Status>HOOK_COMPLETE_FAILED</Status>
    <FailureMode>FAIL</FailureMode><HookStatusReason>1 rule failed</HookStatusReason></member>
  <member><HookResultId>h2</HookResultId><TypeName>Corp::Other</TypeName><Status>HOOK_COMPLETE_SUCCEEDED</Status></member>
</HookResults>`;
const hookDetails = `<HookResultId>h1</HookResultId>
  <Target><TargetType>RESOURCE</TargetType><TargetTypeName>Test::Thing</TargetTypeName><TargetId>B</TargetId></Target>
  <Annotations>
    <member><AnnotationName>names</AnnotationName><Status>FAILED</Status><StatusMessage>B has no nice name</StatusMessage>
      <RemediationMessage>give it one</RemediationMessage></member>
    <member><AnnotationName>sizes</AnnotationName><Status>PASSED</Status></member>
  </Annotations>`;

const answers: Readonly<Record<string, () => string>> = {
  DescribeStacks: () => result('DescribeStacks', stack),
  GetCallerIdentity: () => result('GetCallerIdentity', '<Account>123456789012</Account>'),
  CreateChangeSet: () => result('CreateChangeSet', `<Id>arn:set</Id><StackId>${STACK_ID}</StackId>`),
  DescribeChangeSet: () => result('DescribeChangeSet', changeSet),
  DeleteChangeSet: () => result('DeleteChangeSet', ''),
  ListHookResults: () => result('ListHookResults', hooks),
  GetHookResult: () => result('GetHookResult', hookDetails),
};

const server = createServer(async (request, response) => {
  const parameters = new URLSearchParams(await text(request));
  const action = parameters.get('Action') ?? '';
  asked.set(action, parameters);
  const answer = answers[action]?.();
  response.writeHead(answer === undefined ? 403 : 200, { 'content-type': 'text/xml' });
  response.end(answer ?? refusal('this is as far as it goes'));
});
const template = 'template.json';
const workspace = new Workspace({ [template]: things({ A: 'good', B: 'good' }) });
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  workspace[Symbol.dispose]();
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

/** Runs the action, and gives its job. */
const run = async (inputs: Readonly<Record<string, string>>): Promise<MemoryHost> => {
  asked.clear();
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const keys = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret', AWS_MAX_ATTEMPTS: '1' };
  const variables = {
    ...keys,
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    GITHUB_WORKSPACE: workspace.path,
  };
  Object.assign(process.env, variables);
  const host = createMemoryHost({ inputs: { name: 'shop', ...inputs }, variables });
  await runAction(definition, cloudformationDeploy(), host);
  return host;
};

/** Runs the action; the parameters of its latest call of an action. */
const sent = async (action: string, inputs: Readonly<Record<string, string>>) => {
  await run(inputs);
  return Object.fromEntries(asked.get(action) ?? []);
};

describe('what no emulator plays reaches CloudFormation as its API has it:', () => {
  it('an import of resources that are named', async () => {
    const imports = [
      {
        ResourceType: 'AWS::DynamoDB::Table',
        LogicalResourceId: 'B',
        ResourceIdentifier: { TableName: 'sales' },
      },
    ];
    const call = await sent('CreateChangeSet', { template, 'resources-to-import': JSON.stringify(imports) });
    expect(call).toMatchObject({
      ChangeSetType: 'IMPORT',
      'ResourcesToImport.member.1.ResourceType': 'AWS::DynamoDB::Table',
      'ResourcesToImport.member.1.LogicalResourceId': 'B',
      'ResourcesToImport.member.1.ResourceIdentifier.entry.1.key': 'TableName',
      'ResourcesToImport.member.1.ResourceIdentifier.entry.1.value': 'sales',
    });
    expect(Object.keys(call)).not.toContain('ImportExistingResources');
  });

  it('the adoption of resources that exist under their names', async () => {
    const call = await sent('CreateChangeSet', { template, 'import-existing-resources': 'true' });
    expect(call).toMatchObject({ ChangeSetType: 'UPDATE', ImportExistingResources: 'true' });
  });

  it('a revert of drift', async () => {
    const call = await sent('CreateChangeSet', { template, 'deployment-mode': 'REVERT_DRIFT' });
    expect(call).toMatchObject({ ChangeSetType: 'UPDATE', DeploymentMode: 'REVERT_DRIFT' });
    expect(Object.keys(call).filter((name) => name.startsWith('DeploymentConfig'))).toEqual([]);
  });

  it('EXPRESS mode, which rolls back unless told to preserve', async () => {
    const express = { template, 'deployment-mode': 'EXPRESS' };
    const rolling = await sent('CreateChangeSet', express);
    expect(rolling).toMatchObject({ 'DeploymentConfig.Mode': 'EXPRESS', 'DeploymentConfig.DisableRollback': 'false' });
    const preserving = await sent('CreateChangeSet', { ...express, 'on-failure': 'preserve' });
    expect(preserving).toMatchObject({ 'DeploymentConfig.DisableRollback': 'true' });
    expect(Object.keys(preserving)).not.toContain('DeploymentMode');
  });

  it('the follow-up of an EXPRESS failure, which must be EXPRESS too', async () => {
    stack = stackIn(
      'UPDATE_FAILED',
      '<DeploymentConfig><Mode>EXPRESS</Mode><DisableRollback>true</DisableRollback></DeploymentConfig>',
    );
    const call = await sent('CreateChangeSet', { template });
    stack = stackIn('CREATE_COMPLETE');
    expect(call).toMatchObject({ 'DeploymentConfig.Mode': 'EXPRESS', 'DeploymentConfig.DisableRollback': 'true' });
  });

  it('what a rollback of a creation takes with it', async () => {
    const call = await sent('ExecuteChangeSet', { template, 'retain-except-on-create': 'true' });
    expect(call).toMatchObject({ RetainExceptOnCreate: 'true', DisableRollback: 'false', ChangeSetName: 'arn:set' });
  });

  it('resources that a rollback skips, one by one or all that fail', async () => {
    stack = stackIn('UPDATE_ROLLBACK_FAILED');
    const named = await sent('ContinueUpdateRollback', { mode: 'rollback', 'resources-to-skip': 'A, Nested.B' });
    const forced = await sent('ContinueUpdateRollback', { mode: 'rollback', 'force-rollback': 'true' });
    stack = stackIn('CREATE_COMPLETE');
    expect(named).toMatchObject({ 'ResourcesToSkip.member.1': 'A', 'ResourcesToSkip.member.2': 'Nested.B' });
    expect(forced).toMatchObject({ ForceRollback: 'true' });
  });

  it('resources that a deletion leaves behind, one by one or all that fail', async () => {
    stack = stackIn('DELETE_FAILED');
    const named = await sent('DeleteStack', { mode: 'delete', 'retain-resources': 'A' });
    const forced = await sent('DeleteStack', { mode: 'delete', 'force-delete': 'true' });
    stack = stackIn('CREATE_COMPLETE');
    expect(named).toMatchObject({ 'RetainResources.member.1': 'A' });
    expect(forced).toMatchObject({ DeletionMode: 'FORCE_DELETE_STACK' });
  });
});

describe('a hook that objects to a change set', () => {
  it('is quoted with its advice, on the line of its resource', async () => {
    const good = changeSet;
    const reason = 'The following hook(s)/validation failed: [Corp::Guard]';
    changeSet = setIn('FAILED', `<StatusReason>${reason}</StatusReason>`);
    const { memory } = await run({ template });
    changeSet = good;
    expect(Object.fromEntries(asked.get('ListHookResults') ?? [])).toMatchObject({
      TargetType: 'CHANGE_SET',
      TargetId: 'arn:set',
    });
    const told = 'Resources.B: Corp::Guard: 1 rule failed; names: B has no nice name: give it one';
    expect(memory.failures[0]).toContain(told);
    const place = { file: template, startLine: 9 };
    expect(memory.log.entries).toContainEqual({ kind: 'error', text: told, place });
    expect(memory.log.text()).not.toContain('Corp::Other');
  });
});
