import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { listPackagedProperties, type PackagedProperty } from '../../src/template/local-references.js';

/** What a tool does with a local path: the form of the value, and of the object that it uploads. */
export interface PackagedForm {
  /** `unchanged`, `uri`, `url`, `Bucket/Key`, `S3Bucket/S3Key`; `rejected` if the tool does not accept the template. */
  readonly value: string;
  /** `zip`, `file` or `template`; undefined without an upload. */
  readonly object?: string;
}

export type ToolName = 'aws cloudformation package' | 'sam package';

export const files = {
  'src/index.js': 'exports.handler = async () => 1;\n',
  'api.yaml': 'openapi: 3.0.0\n',
  'nested.yml': 'Resources:\n  Q: { Type: AWS::SQS::Queue }\n',
};

const paths = { code: 'src', content: 'api.yaml', template: 'nested.yml' } as const;

/** Properties that stay as they are, as far as both tools are concerned. */
const others: readonly PackagedProperty[] = [
  { owner: 'AWS::Serverless::Connector', property: ['Source', 'Id'], kind: 'content' },
  { owner: 'AWS::S3::Bucket', property: ['BucketName'], kind: 'content' },
];

export const properties: readonly PackagedProperty[] = [...listPackagedProperties(), ...others];

export const formatProperty = ({ owner, property }: PackagedProperty): string => `${owner} ${property.join('.')}`;

const nest = (steps: readonly string[], value: unknown): unknown =>
  steps.reduceRight((inner, step) => ({ [step === '*' ? 'Name' : step]: inner }), value);

const appSyncRuntime = { Runtime: { Name: 'APPSYNC_JS', Version: '1.0.0' } };

/** Properties without which SAM rejects a resource. */
const requiredProperties: Readonly<Record<string, object>> = {
  'AWS::Serverless::Api': { StageName: 'prod' },
  'AWS::Serverless::Connector': { Source: { Id: 'R' }, Destination: { Id: 'R' }, Permissions: ['Read'] },
  'AWS::Serverless::GraphQLApi': { Auth: { Type: 'API_KEY' } },
};

/** Properties that SAM requires beside a code of GraphQL. */
const toGraphQL = (content: unknown): unknown => {
  const { Functions: functions, Resolvers: resolvers } = isRecord(content) ? content : {};
  if (functions !== undefined)
    return { SchemaInline: 'x', Functions: merge({ Name: { ...appSyncRuntime, DataSource: 'NONE' } }, functions) };
  if (resolvers !== undefined)
    return { SchemaInline: 'x', Resolvers: merge({ Name: { Name: { ...appSyncRuntime, Pipeline: [] } } }, resolvers) };
  return content;
};

/** Adds members to a mapping, on all levels. */
const merge = (left: unknown, right: unknown): unknown => {
  if (!isRecord(left) || !isRecord(right)) return right;
  const merged = Object.entries(right).map(([key, value]) => [key, merge(left[key], value)]);
  return { ...left, ...Object.fromEntries(merged) };
};

const createBody = ({ owner, property }: PackagedProperty, value: unknown): Record<string, unknown> => {
  const nested = nest(property, value);
  const content = owner === 'AWS::Serverless::GraphQLApi' ? toGraphQL(nested) : nested;
  const [section, name = ''] = owner.split('.');
  if (name === '')
    return { Resources: { R: { Type: owner, Properties: merge(requiredProperties[owner] ?? {}, content) } } };
  const type = `AWS::Serverless::${name}`;
  const resources = { R: { Type: type, Properties: requiredProperties[type] ?? { Handler: 'index.handler' } } };
  const isGlobals = section === 'Globals';
  return {
    [section ?? '']: { [name]: content },
    Resources: isGlobals ? resources : { R: { Type: 'AWS::SNS::Topic', Properties: {} } },
  };
};

/** A template with a local path in the property. */
export const renderTemplate = (packaged: PackagedProperty): string =>
  JSON.stringify({ Transform: 'AWS::Serverless-2016-10-31', ...createBody(packaged, paths[packaged.kind]) });

const getValue = (document: unknown, steps: readonly string[]): unknown =>
  steps.reduce((value, step) => (isRecord(value) ? value[step === '*' ? 'Name' : step] : undefined), document);

/** The value after packaging. Tools copy a value of `Globals` to the resource, or replace it there. */
const findValue = (document: unknown, { owner, property, kind }: PackagedProperty): unknown => {
  const [section = '', name = ''] = owner.split('.');
  const inResource = getValue(document, ['Resources', 'R', 'Properties', ...property]);
  if (name === '') return inResource;
  const own = getValue(document, [section, name, ...property]);
  return own === paths[kind] && inResource !== undefined ? inResource : own;
};

/** The form of a packaged value. */
export const describeValue = (document: unknown, packaged: PackagedProperty): string => {
  const value = findValue(document, packaged);
  if (value === paths[packaged.kind]) return 'unchanged';
  if (typeof value === 'string') return value.startsWith('s3://') ? 'uri' : 'url';
  return isRecord(value) ? Object.keys(value).sort().join('/') : 'removed';
};

/** The form of an uploaded object. */
const describeObject = (content: Buffer): string => {
  if (content.subarray(0, 2).toString('latin1') === 'PK') return 'zip';
  return content.includes('Resources') ? 'template' : 'file';
};

/** An S3 that has no objects, takes all uploads, and remembers the last one. */
const startBucket = async () => {
  let uploaded: Buffer | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'PUT') uploaded = Buffer.concat(chunks);
      response.writeHead(request.method === 'HEAD' ? 404 : 200, { ETag: '"0"' }).end('<LocationConstraint/>');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    takeUpload: (): Buffer | undefined => {
      const taken = uploaded;
      uploaded = undefined;
      return taken;
    },
    close: () => server.close(),
  };
};

const commands: Readonly<Record<ToolName, readonly string[]>> = {
  'aws cloudformation package': ['aws', 'cloudformation', 'package'],
  'sam package': ['sam', 'package'],
};

/** Packages a property with a tool, which must be on the path. */
const runTool = async (tool: ToolName, packaged: PackagedProperty): Promise<PackagedForm> => {
  const bucket = await startBucket();
  const directory = mkdtempSync(join(tmpdir(), 'package-'));
  try {
    for (const [name, content] of Object.entries({ ...files, 'template.json': renderTemplate(packaged) })) {
      const path = join(directory, name);
      if (name.includes('/')) await promisify(execFile)('mkdir', ['-p', join(path, '..')]);
      writeFileSync(path, content);
    }
    const [command = '', ...args] = commands[tool];
    const options = ['--template-file', 'template.json', '--s3-bucket', 'bucket', '--use-json'];
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: bucket.endpoint,
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'y',
      AWS_DEFAULT_REGION: 'eu-central-1',
      SAM_CLI_TELEMETRY: '0',
      AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
    };
    const run = promisify(execFile)(command, [...args, ...options, '--output-template-file', 'out.json'], {
      cwd: directory,
      env,
    });
    // A template that the tool does not accept for another reason than its local path.
    if (!(await run.then(() => true).catch(() => false))) return { value: 'rejected' };
    const value = describeValue(JSON.parse(readFileSync(join(directory, 'out.json'), 'utf8')), packaged);
    const upload = bucket.takeUpload();
    return upload === undefined || value === 'unchanged' ? { value } : { value, object: describeObject(upload) };
  } finally {
    bucket.close();
    rmSync(directory, { recursive: true, force: true });
  }
};

/** Runs both tools for every property without a known result. */
export const runTools = async (known: ToolResults): Promise<ToolResults> => {
  const results: Record<string, Record<ToolName, PackagedForm>> = {};
  for (const packaged of properties) {
    const name = formatProperty(packaged);
    const result = known[name];
    if (result !== undefined) {
      results[name] = result;
      continue;
    }
    const [aws, sam] = await Promise.all([
      runTool('aws cloudformation package', packaged),
      runTool('sam package', packaged),
    ]);
    results[name] = { 'aws cloudformation package': aws, 'sam package': sam };
  }
  return results;
};

const kindLabels = { code: 'archive', content: 'file or archive', template: 'template' } as const;

const valueLabels: Readonly<Record<string, string>> = {
  unchanged: '–',
  rejected: 'rejected',
  uri: '`s3://…`',
  url: '`https://…`',
};

const formatForm = ({ value }: PackagedForm | undefined = { value: 'unchanged' }): string =>
  valueLabels[value] ?? `\`${value.replace('/', '`, `')}\``;

/** Results of the tools by property. */
export type ToolResults = Readonly<Record<string, Readonly<Record<ToolName, PackagedForm>>>>;

/** The table of the README: what happens to a local path in each property, by tool. */
export const renderPackagingTable = (results: ToolResults, ownForms: Readonly<Record<string, string>>): string => {
  const rows = listPackagedProperties().map((packaged) => {
    const name = formatProperty(packaged);
    const { 'aws cloudformation package': aws, 'sam package': sam } = results[name] ?? {};
    const [owner = '', property = ''] = name.split(' ');
    const own = formatForm({ value: ownForms[name] ?? 'unchanged' });
    return `| \`${owner}\` | \`${property}\` | ${kindLabels[packaged.kind]} | ${own} | ${formatForm(aws)} | ${formatForm(sam)} |`;
  });
  return [
    '| Resource type or section | Property | Uploaded as | Value | `aws cloudformation package` | `sam package` |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
};
