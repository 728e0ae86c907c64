import { boolean, choices, lines, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Template';

export const templateInputs = {
  template: string({
    group,
    help: 'Path of a template in the workspace, https URL of an S3 object, `s3://bucket/key`, or `previous` for the stack’s current template. Required if `mode` is `deploy`, `preview` or `create-only`.',
  }),
  capabilities: choices(
    'CAPABILITY_IAM',
    'CAPABILITY_NAMED_IAM',
    'CAPABILITY_AUTO_EXPAND',
  )({
    group,
    default: ['CAPABILITY_IAM'],
    help: 'Capabilities to acknowledge. If the template needs others, the step fails before it creates a change set, and the error lists the resources that need them.',
  }),
  package: boolean({
    group,
    default: true,
    help: 'Upload local artifacts that the template references (Lambda code, layers, nested templates, OpenAPI files), as `aws cloudformation package` and `sam package` do. Symbolic links inside the workspace are followed.',
  }),
  's3-bucket': string({
    group,
    help: 'Bucket for templates and artifacts. `{region}` in the name is replaced with the Region; a stack set stores its artifacts in the bucket of each of its `regions`. A template is uploaded if it references local artifacts, if it is larger than 51,200 bytes, or if this input is set. Default: a private, encrypted bucket in the account, which a deploy creates when it first needs it.',
  }),
  's3-bucket-owner': string({
    group,
    help: '12-digit ID of the AWS account that owns `s3-bucket`. Default: the account of the stack. S3 rejects uploads to a bucket of any other account.',
  }),
  's3-prefix': string({
    group,
    help: 'Prefix of the object keys in the bucket.',
  }),
  'kms-key-id': string({
    group,
    help: 'KMS key that encrypts uploaded objects. Default: the default encryption of the bucket.',
  }),
} as const;

const parameters = 'Parameters';

export const parameterInputs = {
  parameters: string({
    group: parameters,
    help: 'Parameter values as `key=value` pairs separated by commas or line breaks, as JSON (an object or the list format of the AWS CLI), or as YAML; or the location of a file with them: `file://path`, `s3://bucket/key` or the https URL of an S3 object. In pairs, quote a value that contains commas, and repeat a key to pass a list; backslashes are kept, and a line that starts with `#` is a comment. A value `stack-output://name/Output` is the output of another stack in the account and Region. These values override `parameter-files`.',
    aliases: { 'parameter-overrides': '%' },
  }),
  'parameter-files': lines({
    group: parameters,
    help: 'Files with parameter values: the list format or the JSON input (`{"Parameters": […]}`) of the AWS CLI, a CodePipeline template configuration (including its tags and stack policy), or a flat JSON or YAML map. Later files override earlier ones.',
  }),
  'reset-parameters': boolean({
    group: parameters,
    default: false,
    help: 'With `true`, parameters without a value are reset to the template’s defaults. With `false`, they keep the stack’s current value.',
  }),
} as const;
